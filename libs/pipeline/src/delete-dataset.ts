import { nearest } from '@tracebloc/ingestor-config';
import { IngestorError } from '@tracebloc/ingestor-contract';
import type { CatalogEntry } from '@tracebloc/ingestor-storage';
import type { Places } from './places.js';

/** Removes a dataset's table, files and catalog entry. What a remote backend knows of it stays there. */
export async function deleteDataset({ database, folders }: Places, written: string): Promise<CatalogEntry> {
  const entry = await database.catalog.get(written);
  if (!entry) throw unknownDataset(written, await database.catalog.list());
  const { table } = entry;
  const lock = await database.lock(table, entry.runId);
  try {
    await database.confirmReplaceable(table);
    await folders.setAside(table);
    try {
      // The files go for good once the rows have, which the database may refuse.
      await database.drop(table, () => folders.remove(table));
    } catch (error) {
      // The next command does it where it cannot be done now.
      await settleDeletion({ database, folders }, table).catch(() => undefined);
      throw error;
    }
    await database.confirmPlace();
    await folders.confirmPlace();
  } finally {
    await lock.release();
  }
  return entry;
}

/**
 * Undoes a deletion that was cut off or refused before the rows went, or removes the files that it has left; nothing
 * where there was none. Under the table's lock.
 */
export async function settleDeletion({ database, folders }: Places, table: string): Promise<void> {
  if (!(await folders.isSetAside(table))) return;
  if (await database.columnsOf(table)) await folders.putBack(table);
  else await folders.remove(table);
}

/** Datasets that an error names. */
const MOST_NAMED = 5;

export function unknownDataset(table: string, entries: readonly Pick<CatalogEntry, 'table'>[]): IngestorError {
  return new IngestorError({
    code: 'unknown-dataset',
    message: `The catalog has no dataset ${table}.`,
    fix: whichThereAre(
      table,
      entries.map((entry) => entry.table),
    ),
  });
}

function whichThereAre(table: string, names: readonly string[]): string {
  if (names.length === 0) return 'It is empty.';
  if (names.length <= MOST_NAMED) return `It has: ${names.join(', ')}.`;
  const similar: string[] = [];
  for (let found; similar.length < MOST_NAMED; similar.push(found)) {
    found = nearest(
      table,
      names.filter((name) => !similar.includes(name)),
    );
    if (found === undefined) break;
  }
  const listed = `Its ${names.length.toLocaleString('en-US')} datasets: ingestor datasets list`;
  return similar.length > 0 ? `Did you mean ${similar.join(', ')}? ${listed}` : listed;
}
