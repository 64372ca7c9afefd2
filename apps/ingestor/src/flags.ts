import { Flags } from '@oclif/core';
import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { IngestorError } from '@tracebloc/ingestor-core';
import type { Page } from '@tracebloc/ingestor-storage';
import { makeError } from './errors.js';

/** Flags that describe one dataset. Each wins over the variable and the field of ingest.yaml in its description. */
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
    description: 'The column of times or moments, for tasks that have one (time_column).',
    helpValue: '<column>',
  }),
  title: Flags.string({ description: 'The name that people see (TITLE).', helpValue: '<text>' }),
  'batch-size': Flags.string({
    description: 'Records per database batch and backend request, 1 to 10000 (BATCH_SIZE).',
    helpValue: '<n>',
  }),
};

/** Flags of commands that show findings. */
export const findingFlags = {
  all: Flags.boolean({ description: 'Show every finding that is kept on a terminal, instead of five of each kind.' }),
};

/** Flags that make this process one of several that ingest one dataset. */
export const shardFlags = {
  shards: Flags.string({
    description:
      'The number of processes that ingest the dataset together. Each gets this number and its own index (INGESTOR_SHARDS).',
    helpValue: '<n>',
  }),
  'shard-index': Flags.string({
    description: 'The index of this process, from 0 on (INGESTOR_SHARD_INDEX, or JOB_COMPLETION_INDEX).',
    helpValue: '<i>',
  }),
};

/** Flags of commands that work on one dataset, or on a train and a test dataset as one. */
export const trainTestFlags = {
  config: Flags.string({
    char: 'c',
    description:
      'An ingest.yaml (INGEST_CONFIG). If it is given twice, once for training and once for testing, the two are compared and taken as one.',
    helpValue: '<file>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'allow-leakage': Flags.boolean({
    description: 'Report rows and files that are in both the train and the test dataset as warnings, not as errors.',
  }),
};

/** Flags for the shared volume and for the certificates to trust. */
export const storesFlags = {
  storage: Flags.string({ description: 'Mount of the shared volume (STORAGE_PATH).', helpValue: '<folder>' }),
  ca: Flags.string({
    description:
      'A PEM file of further CAs to trust, for the backend and the database. The database then needs TLS (INGESTOR_CA).',
    helpValue: '<file>',
  }),
};

/** The number of rows that a list shows without --limit. */
const PAGE = 100;

/** Flags that select the part of a list to show. */
export const pageFlags = {
  limit: Flags.integer({
    description: `Show at most this many. Default: ${PAGE}, or all with --json.`,
    helpValue: '<n>',
    min: 1,
  }),
  offset: Flags.integer({
    description: 'Leave out this many first. Of runs these are the newest.',
    helpValue: '<n>',
    min: 0,
  }),
};

/** Returns the page that the flags select. With --json that is the whole list unless the flags say otherwise. */
export function pageOf(flags: { limit?: number; offset?: number }, isJson: boolean): Page {
  return { limit: flags.limit ?? (isJson ? undefined : PAGE), offset: flags.offset };
}

/** The flags of `storesFlags`, and the level of the log. */
export const environmentFlags = {
  ...storesFlags,
  'log-level': Flags.string({
    description: 'The level from which messages are logged to stderr (LOG_LEVEL).',
    helpValue: 'DEBUG|INFO|WARNING|ERROR',
  }),
};

export const installFlags = {
  'install-missing': Flags.boolean({
    description: 'Install the plugin of the task if it is missing, without asking (INGESTOR_INSTALL_MISSING=true).',
    env: 'INGESTOR_INSTALL_MISSING',
  }),
};

type Parsed = Partial<
  Record<keyof typeof datasetFlags | keyof typeof environmentFlags | keyof typeof shardFlags, string>
>;

/** Returns the parsed flags under the names that libs/config uses. */
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
    shards: flags.shards,
    shardIndex: flags['shard-index'],
    storage: flags.storage,
    ca: flags.ca,
    logLevel: flags['log-level'],
  };
}

/** Flags that name one dataset, and so cannot apply to two. */
const ONE_DATASET = ['table', 'intent', 'label-file', 'title'] as const;

/** Returns the flags of the configuration for each dataset: one, or train and test. Throws if the flags do not fit that number. */
export function configFlagsOfEach(
  flags: Omit<Parsed, 'config'> & { config?: string[]; 'allow-leakage': boolean },
): [ConfigFlags] | [ConfigFlags, ConfigFlags] {
  const [first, second, ...more] = flags.config ?? [];
  const of = (config: string | undefined) => configFlags({ ...flags, config });
  if (second === undefined) {
    if (flags['allow-leakage']) throw wrongUsage('--allow-leakage is for two datasets', 'Give --config twice.');
    return [of(first)];
  }
  if (more.length > 0) {
    throw wrongUsage(`--config is given ${more.length + 2} times`, 'Give it once, or twice for train and test.');
  }
  const idle = ONE_DATASET.filter((name) => flags[name] !== undefined).map((name) => `--${name}`);
  if (idle.length > 0) {
    const verb = idle.length === 1 ? 'names' : 'name';
    throw wrongUsage(`${idle.join(', ')} ${verb} one dataset, and --config gives two`, 'Write it into their files.');
  }
  return [of(first), of(second)];
}

function wrongUsage(what: string, fix: string): IngestorError {
  return makeError('wrong-usage', { message: `${what}.`, fix });
}
