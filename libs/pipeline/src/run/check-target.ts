import { listNames } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { errors } from '../errors.js';
import { refuseSourceInTarget } from './refuse-source-in-target.js';
import { hasFiles } from './run-context.js';
import type { Stores } from '../stores.js';

const MAX_LISTED = 20;

/**
 * Throws if the dataset cannot be written to its table and folder. The table must not exist, or have the same columns while
 * `overwrite` is set. A folder must be of this program and of this database. The source must not lie in the target.
 */
export async function checkTarget(config: RunConfig, { database, folders }: Stores, overwrite: boolean): Promise<void> {
  const { table } = config;
  await refuseSourceInTarget(config, { database, folders });
  if (hasFiles(config)) await folders.check(table);
  const present = await database.columnsOf(table);
  if (overwrite || !present) await database.confirmReplaceable(table);
  if (!present) return;

  const there = new Set(present.map(({ name }) => name));
  const configured = new Set(config.columns.map(({ name }) => name));
  const onlyThere = [...there].filter((name) => !configured.has(name));
  const onlyConfigured = [...configured].filter((name) => !there.has(name));
  if (onlyThere.length > 0 || onlyConfigured.length > 0) {
    throw errors.make('table-has-other-columns', {
      message:
        `Table ${table} exists with other columns. ` +
        `Only in the table: ${listed(onlyThere)}. Only in the schema: ${listed(onlyConfigured)}.`,
      fix: [
        'Choose another table name, or make the schema agree with the table,',
        `or remove the dataset first: ingestor datasets delete ${table}`,
      ],
    });
  }
  if (overwrite) return;
  const entry = await database.catalog.get(table);
  throw errors.make('dataset-exists', {
    message: entry
      ? `Table ${table} holds another dataset: ${entry.title}, ${entry.records} records, ingested ${entry.createdAt.toISOString()}.`
      : `Table ${table} exists, and this program's catalog does not know it.`,
    fix: 'Choose another table name, or replace the dataset whole with --overwrite.',
  });
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : listNames(names, MAX_LISTED);
}
