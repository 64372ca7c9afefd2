import { opendir } from 'node:fs/promises';
import { IngestorError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';
import type { Stores } from '../stores.js';
import { rowsMissing } from './register.js';
import { hasFiles } from './run-context.js';

/**
 * Throws `rows-missing` or `dataset-damaged` if rows or files of a run are gone that an earlier process has published. Rows
 * are counted. Of the files, only the folder is checked.
 */
export async function confirmDataset(config: RunConfig, { database, folders }: Stores, run: RunRow): Promise<void> {
  const { table, runId, staged } = run;
  const rows = await database.count(table);
  if (rows !== staged) throw rowsMissing(table, `was published with ${staged} rows, and has ${rows}`);
  if (!hasFiles(config)) return;
  if ((await folders.ownerOf(table)) !== runId) {
    const message = `The files of table ${table} (run ${runId}) are not on the volume at STORAGE_PATH ${config.storage.path}.`;
    throw damaged(run, message, [
      'Set STORAGE_PATH to the volume that has them, and run again.',
      'Files on another volume stay there; to remove them, first delete the dataset with that STORAGE_PATH.',
    ]);
  }
  const folder = folders.folderOf(table);
  if ((await database.ledger.checksums(runId))?.files && (await isEmpty(folder))) {
    const message = `The folder ${folder}, with the files of table ${table} (run ${runId}), is gone or empty.`;
    throw damaged(run, message, [`Restore the folder ${folder}, and run again.`]);
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  const entries = await opendir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (!entries) return true;
  try {
    return (await entries.read()) === null;
  } finally {
    await entries.close();
  }
}

function damaged({ table, shards }: RunRow, message: string, [restore, ...notes]: readonly string[]): IngestorError {
  const anew =
    shards === 1
      ? 'Or ingest the dataset anew with --restart --overwrite.'
      : `Or delete it (ingestor datasets delete ${table}), then run every shard again.`;
  return errors.make('dataset-damaged', { message, fix: [restore!, anew, ...notes] });
}
