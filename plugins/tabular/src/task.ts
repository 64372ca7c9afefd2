import type { JsonSchema, Layout, TaskType } from '@tracebloc/ingestor-contract';
import { tableTask } from '@tracebloc/ingestor-dataset';

/** Tabular tasks have no options. */
export type TabularOptions = Record<string, never>;

const fields: JsonSchema = { type: 'object', properties: {}, required: [] };

const layout: Layout = {
  manifest: ['csv', 'json'],
  sidecars: [],
  description: 'One row for each record: the features that the schema lists, and the label.',
};

/** The properties that both tabular tasks share. */
export const tabular = {
  ...tableTask,
  fields,
  layout,
} satisfies Partial<TaskType<TabularOptions>>;
