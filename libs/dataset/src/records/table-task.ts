import type { JsonObject, TaskType } from '@tracebloc/ingestor-contract';

/** The parts of a `TaskType` that are the same for all tasks in which each row is a whole record. */
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
