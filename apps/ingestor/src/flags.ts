import { Args, Flags } from '@oclif/core';
import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { IngestorError } from '@tracebloc/ingestor-core';
import type { Page } from '@tracebloc/ingestor-storage';
import { makeError } from './errors.js';
import { chooseConfigs, type ChosenConfigs } from './services/config-files.js';

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
  local: Flags.boolean({
    description:
      'Store in ./.ingestor, in an embedded database and files, without a cluster, a backend and credentials.',
  }),
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

type ValueName = keyof typeof datasetFlags | Exclude<keyof typeof environmentFlags, 'local'> | keyof typeof shardFlags;

type Parsed = Partial<Record<ValueName, string>> & { local?: boolean };

/** The files of a command that works on the configuration of a dataset. */
export const configArg = {
  config: Args.string({ description: 'An ingest.yaml, as with --config. Default: ingest.yaml in this folder.' }),
};

/** The files of a command that takes one configuration, or those of a train and a test dataset. */
export const configArgs = {
  ...configArg,
  other: Args.string({ description: 'The ingest.yaml of the other dataset, if train and test are taken as one.' }),
};

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
    ...(flags.local && { local: true }),
  };
}

/** Returns the flags of the configuration for a command that takes one. */
export function configFlagsOfOne(flags: Parsed, args: { config?: string }): ConfigFlags {
  const { files, origin } = chosenConfigs(flags, flags.config === undefined ? [] : [flags.config], [args.config]);
  return { ...configFlags({ ...flags, config: files[0] }), configOrigin: origin };
}

/** Flags that describe the dataset beside a configuration. */
const DESCRIBING = ['task', 'table', 'intent', 'label', 'label-policy', 'schema', 'time-column'] as const;

function chosenConfigs(
  flags: Omit<Parsed, 'config'>,
  given: readonly string[],
  args: readonly (string | undefined)[],
): ChosenConfigs {
  const hasOthers = DESCRIBING.some((name) => flags[name] !== undefined);
  return chooseConfigs({ args, flags: given, hasManifest: flags['label-file'] !== undefined, hasOthers });
}

/** Flags that name one dataset, and so cannot apply to two. */
const ONE_DATASET = ['table', 'intent', 'label-file', 'title'] as const;

/** Returns the flags of the configuration for each dataset: one, or train and test. Throws if the flags do not fit that number. */
export function configFlagsOfEach(
  flags: Omit<Parsed, 'config'> & { config?: string[]; 'allow-leakage': boolean },
  args: { config?: string; other?: string } = {},
): [ConfigFlags] | [ConfigFlags, ConfigFlags] {
  const { files, origin } = chosenConfigs(flags, flags.config ?? [], [args.config, args.other]);
  const [first, second, ...more] = files;
  const of = (config: string | undefined) => ({ ...configFlags({ ...flags, config }), configOrigin: origin });
  if (second === undefined) {
    if (flags['allow-leakage']) throw wrongUsage('--allow-leakage is for two datasets', 'Give two configurations.');
    return [of(first)];
  }
  if (more.length > 0) {
    throw wrongUsage(`--config is given ${more.length + 2} times`, 'Give it once, or twice for train and test.');
  }
  const idle = ONE_DATASET.filter((name) => flags[name] !== undefined).map((name) => `--${name}`);
  if (idle.length > 0) {
    const verb = idle.length === 1 ? 'names' : 'name';
    throw wrongUsage(
      `${idle.join(', ')} ${verb} one dataset, and two configurations are given`,
      'Write it into their files.',
    );
  }
  return [of(first), of(second)];
}

function wrongUsage(what: string, fix: string): IngestorError {
  return makeError('wrong-usage', { message: `${what}.`, fix });
}
