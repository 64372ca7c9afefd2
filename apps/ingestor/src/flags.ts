import { Flags } from '@oclif/core';
import type { ConfigFlags } from '@tracebloc/ingestor-config';

/** Flags that say which dataset; each wins over the variable and the field of ingest.yaml named beside it. */
export const datasetFlags = {
  config: Flags.string({ char: 'c', description: 'An ingest.yaml (INGEST_CONFIG).', helpValue: '<file>' }),
  task: Flags.string({
    description: 'The task: one of those that `ingestor tasks` lists (category).',
    helpValue: '<id>',
  }),
  table: Flags.string({ description: "The dataset's table (TABLE_NAME, table).", helpValue: '<name>' }),
  intent: Flags.string({ description: 'What the dataset is for (intent).', helpValue: 'train|test' }),
  'label-file': Flags.string({
    description:
      'The manifest: labels and, for tabular tasks, the features; CSV, JSON or JSON lines (LABEL_FILE, csv, json).',
    helpValue: '<file>',
  }),
  label: Flags.string({ description: "The label's column (label).", helpValue: '<column>' }),
  'label-policy': Flags.string({
    description: 'How labels leave the cluster (label.policy).',
    helpValue: 'passthrough|bucket',
  }),
  schema: Flags.string({
    description: 'Columns and their SQL types, for example "age: INT, plan: VARCHAR(32)", or @schema.yaml (schema).',
    helpValue: '<columns>',
  }),
  'time-column': Flags.string({
    description: 'The time column, of time_to_event_prediction (time_column).',
    helpValue: '<column>',
  }),
  title: Flags.string({ description: 'A name for people (TITLE).', helpValue: '<text>' }),
  'batch-size': Flags.string({
    description: 'Records per database batch and backend request, 1 to 10000 (BATCH_SIZE).',
    helpValue: '<n>',
  }),
};

/** Flags that say where things go and how much is told. */
export const environmentFlags = {
  storage: Flags.string({ description: 'Mount of the shared volume (STORAGE_PATH).', helpValue: '<folder>' }),
  'log-level': Flags.string({
    description: 'How much is logged to stderr (LOG_LEVEL).',
    helpValue: 'DEBUG|INFO|WARNING|ERROR',
  }),
};

type Parsed = Partial<Record<keyof typeof datasetFlags | keyof typeof environmentFlags, string>>;

/** The parsed flags by the names that the configuration knows them by. */
export function configFlags(flags: Parsed): ConfigFlags {
  return {
    config: flags.config,
    task: flags.task,
    table: flags.table,
    intent: flags.intent,
    labelFile: flags['label-file'],
    label: flags.label,
    labelPolicy: flags['label-policy'],
    schema: flags.schema,
    timeColumn: flags['time-column'],
    title: flags.title,
    batchSize: flags['batch-size'],
    storage: flags.storage,
    logLevel: flags['log-level'],
  };
}
