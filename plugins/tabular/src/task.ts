import type { JsonObject, JsonSchema, Layout, TaskType } from '@tracebloc/ingestor-contract';

/** Tabular tasks have no options of their own. */
export type TabularOptions = Record<string, never>;

const NO_OPTIONS: JsonSchema = { type: 'object', properties: {}, required: [] };

const layout: Layout = {
  manifest: ['csv', 'json'],
  sidecars: [],
  description: 'One row a record: the features that the schema lists, and the label.',
};

/** What the tabular tasks have in common. */
export const tabular = {
  dataFormat: 'tabular',
  schema: 'required',
  missing: 'tokens',
  fields: NO_OPTIONS,
  fileOptions: NO_OPTIONS,
  layout,
  resolve: (): TabularOptions => ({}),
  metadata: (_options, columns): JsonObject => ({
    number_of_columns: columns.length,
    schema: Object.fromEntries(columns.map(({ name, type }) => [name, type.sql])),
  }),
} satisfies Partial<TaskType<TabularOptions>>;
