import type { JsonObject, TaskType } from '@tracebloc/ingestor-contract';

/** What every task has whose rows hold all there is of a record. */
export const tableTask = {
  dataFormat: 'tabular',
  schema: 'required',
  missing: 'tokens',
  fileOptions: { type: 'object', properties: {}, required: [] },
  metadata: (_options, columns): JsonObject => ({
    number_of_columns: columns.length,
    schema: Object.fromEntries(columns.map(({ name, type }) => [name, type.sql])),
  }),
} satisfies Partial<TaskType>;
