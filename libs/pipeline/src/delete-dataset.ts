import { dirname, join } from 'node:path';
import { nearest, IngestorError } from '@tracebloc/ingestor-core';
import type { CatalogEntry, Database } from '@tracebloc/ingestor-storage';
import { errors } from './errors.js';
import type { Stores } from './stores.js';

/** Removes a dataset's table, files and catalog entry. What a remote backend knows of it stays there. */
export async function deleteDataset({ database, folders }: Stores, written: string): Promise<CatalogEntry> {
  const entry = await database.catalog.get(written);
  if (!entry) throw unknownDataset(written, await database.catalog.list());
  const { table } = entry;
  const lock = await database.lock(table, entry.runId);
  try {
    await refuseFilesElsewhere({ database, folders }, entry);
    await database.confirmReplaceable(table);
    await folders.setAside(table);
    try {
      // The files go for good once the rows have, which the database may refuse.
      await database.drop(table, async () => {
        await forgetFiles(database, entry.runId);
        await folders.remove(table);
      });
    } catch (error) {
      // The next command does it where it cannot be done now.
      await finishDeletion({ database, folders }, table).catch(() => undefined);
      throw error;
    }
    await database.confirmPresent();
    await folders.confirmPresent();
  } finally {
    await lock.release();
  }
  return entry;
}

/**
 * Undoes a deletion that was cut off or refused before the rows went, or removes the files that it has left; nothing
 * where there was none. Under the table's lock.
 */
export async function finishDeletion({ database, folders }: Stores, table: string): Promise<void> {
  if (!(await folders.isSetAside(table))) return;
  if (await database.columnsOf(table)) await folders.putBack(table);
  else await folders.remove(table);
}

/** Throws where the run had files, and this volume has none of the dataset: nothing would ever list them again. */
async function refuseFilesElsewhere({ database, folders }: Stores, { table, runId }: CatalogEntry): Promise<void> {
  const { ledger } = database;
  const checksums = await ledger.checksums(runId);
  if (!checksums?.files) return;
  const owner = await folders.ownerOf(table);
  const run = owner === undefined ? undefined : await ledger.get(owner);
  if (run && run.state !== 'superseded' && run.state !== 'dropped') return;
  const claim = join(dirname(folders.folderOf(table)), '.ingestor', 'folders', table);
  throw errors.make('dataset-files-elsewhere', {
    message: `The files of ${table} (run ${runId}) are not on the volume at ${dirname(folders.folderOf(table))}. Nothing was deleted.`,
    fix: [
      'Set STORAGE_PATH to the volume that has them, and delete the dataset there.',
      `If they are gone for good, note that this volume has the dataset, and delete it again: mkdir -p ${inShell(dirname(claim))} && echo ${runId} > ${inShell(claim)}`,
    ],
  });
}

/** From then on files that are not there are no reason to refuse: a deletion that is cut off is repeated without them. */
async function forgetFiles({ ledger }: Database, runId: string): Promise<void> {
  const [run, checksums] = [await ledger.get(runId), await ledger.checksums(runId)];
  if (run && checksums?.files) await ledger.setState(runId, run.state, { ...checksums, files: undefined });
}

function inShell(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** Datasets that an error names. */
const MOST_NAMED = 5;

export function unknownDataset(table: string, entries: readonly Pick<CatalogEntry, 'table'>[]): IngestorError {
  return errors.make('unknown-dataset', {
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
