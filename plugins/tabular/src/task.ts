import type { JsonSchema, Layout, TaskType } from '@tracebloc/ingestor-contract';
import { tableTask } from '@tracebloc/ingestor-dataset';

/** Tabular tasks have no options of their own. */
export type TabularOptions = Record<string, never>;

const fields: JsonSchema = { type: 'object', properties: {}, required: [] };

const layout: Layout = {
  manifest: ['csv', 'json'],
  sidecars: [],
  description: 'One row a record: the features that the schema lists, and the label.',
};

/** What the tabular tasks have in common. */
export const tabular = {
  ...tableTask,
  fields,
  layout,
} satisfies Partial<TaskType<TabularOptions>>;
