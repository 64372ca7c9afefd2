import { isDeepStrictEqual } from 'node:util';
import type { Column } from '@tracebloc/ingestor-contract';
import { listNames, shortenName } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { errors } from '../errors.js';

/** The configurations of two datasets that are ingested together. */
export interface TrainTestConfigs {
  train: RunConfig;
  test: RunConfig;
}

/** The number of names and types that an error lists for one difference. */
const MAX_LISTED = 20;

/** Assigns two configurations by their intents. Throws `not-a-pair` unless one is for training and one for testing. */
export function trainTestOf(configs: readonly RunConfig[]): TrainTestConfigs {
  const [train, test] = (['train', 'test'] as const).map((intent) => configs.filter((one) => one.intent === intent));
  if (configs.length === 2 && train!.length === 1 && test!.length === 1) return { train: train![0]!, test: test![0]! };
  const intents = configs.map(({ table, intent }) => `table ${table} is for ${intent}`).join(', ');
  throw errors.make('not-a-pair', {
    message: `Of two configurations, one must have the intent train and one the intent test; here ${intents}.`,
    fix: 'Name one configuration with `intent: train` and one with `intent: test`, in any order.',
  });
}

/** Throws `pair-mismatch` if the configurations do not agree. The error lists every difference. */
export function compareTrainTest({ train, test }: TrainTestConfigs): void {
  const differences = [
    ...differing('task', train.task.id, test.task.id),
    ...differing('label column', train.label?.column, test.label?.column),
    ...differing('label policy', train.label?.policy, test.label?.policy),
    ...(train.task.id === test.task.id ? compareOptions(train.options, test.options) : []),
    ...compareSchemas(train.schema, test.schema),
  ];
  // Some databases and volumes do not distinguish upper from lower case.
  if (train.table.toLowerCase() === test.table.toLowerCase()) {
    differences.push(`table: both are named ${train.table}, and each needs its own name`);
  }
  if (differences.length === 0) return;
  throw errors.make('pair-mismatch', {
    message: ['The train and the test dataset do not go together:', ...differences.map((line) => `  ${line}`)].join(
      '\n',
    ),
    fix: 'Make the two configurations agree in everything but table, intent and source; nothing has been read or written.',
  });
}

function differing(what: string, train: unknown, test: unknown): string[] {
  if (isDeepStrictEqual(train, test)) return [];
  return [`${what}: ${shown(train)} in train, ${shown(test)} in test`];
}

function compareOptions(train: unknown, test: unknown): string[] {
  const [ofTrain, ofTest] = [train, test].map((options) => new Map(Object.entries(options ?? {})));
  const names = new Set([...ofTrain!.keys(), ...ofTest!.keys()]);
  return [...names].flatMap((name) => differing(`option ${name}`, ofTrain!.get(name), ofTest!.get(name)));
}

/** Compares columns by their names, in any order. */
function compareSchemas(train: readonly Column[], test: readonly Column[]): string[] {
  const [ofTrain, ofTest] = [train, test].map(
    (schema) => new Map(schema.map(({ name, type }) => [name, typeOf(type)])),
  );
  const only = (one: Map<string, string>, other: Map<string, string>) =>
    [...one].filter(([name]) => !other.has(name)).map(([name, type]) => `${name} ${type}`);
  const inBoth = [...ofTrain!.keys()].filter((name) => ofTest!.has(name));
  const types = inBoth.flatMap((name) => differing(`column ${name}`, ofTrain!.get(name), ofTest!.get(name)));
  return [
    ...listed('columns only in the schema of train', only(ofTrain!, ofTest!)),
    ...listed('columns only in the schema of test', only(ofTest!, ofTrain!)),
    ...types.slice(0, MAX_LISTED),
    ...(types.length > MAX_LISTED ? [`and ${types.length - MAX_LISTED} more columns of another type`] : []),
  ];
}

function typeOf({ sql, notNull }: Column['type']): string {
  return notNull ? `${sql} NOT NULL` : sql;
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`${what}: ${listNames(names, MAX_LISTED)}`];
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  return shortenName(typeof value === 'string' ? value : JSON.stringify(value));
}
