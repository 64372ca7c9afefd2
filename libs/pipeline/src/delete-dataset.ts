import { IngestorError } from '@tracebloc/ingestor-contract';
import type { CatalogEntry } from '@tracebloc/ingestor-storage';
import type { Places } from './places.js';

/** Removes a dataset's table, files and catalog entry. What a remote backend knows of it stays there. */
export async function deleteDataset({ database, folders }: Places, table: string): Promise<CatalogEntry> {
  const entry = await database.catalog.get(table);
  if (!entry) throw unknownDataset(table, await database.catalog.list());
  const lock = await database.lock(table, entry.runId);
  try {
    await folders.remove(table);
    await database.drop(table);
    await database.confirmPlace();
    await folders.confirmPlace();
  } finally {
    await lock.release();
  }
  return entry;
}

export function unknownDataset(table: string, entries: readonly CatalogEntry[]): IngestorError {
  return new IngestorError({
    code: 'unknown-dataset',
    message: `The catalog has no dataset ${table}.`,
    fix: entries.length > 0 ? `It has: ${entries.map((entry) => entry.table).join(', ')}.` : 'It is empty.',
  });
}
