import { dirname, join } from 'node:path';
import { nearest, IngestorError } from '@tracebloc/ingestor-core';
import type { CatalogEntry, Database } from '@tracebloc/ingestor-storage';
import { errors } from './errors.js';
import type { Stores } from './stores.js';

/** Removes a dataset's table, files and catalog entry. Returns the entry. A remote backend keeps what it knows. */
export async function deleteDataset({ database, folders }: Stores, written: string): Promise<CatalogEntry> {
  const entry = await database.catalog.get(written);
  if (!entry) throw unknownDataset(written, await database.catalog.summaries());
  const { table } = entry;
  const lock = await database.lock(table, entry.runId);
  try {
    await refuseFilesElsewhere({ database, folders }, entry);
    await database.confirmReplaceable(table);
    await folders.setAside(table);
    try {
      // The database may refuse to remove the rows, so the files are removed after them.
      await database.drop(table, async () => {
        await forgetFiles(database, entry.runId);
        await folders.remove(table);
      });
    } catch (error) {
      // If this fails too, the next command does it.
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
 * Ends a deletion that was cut off or refused: puts the files back if the table is still there, or removes them. Does
 * nothing if no deletion was cut off. The caller holds the table's lock.
 */
export async function finishDeletion({ database, folders }: Stores, table: string): Promise<void> {
  if (!(await folders.isSetAside(table))) return;
  if (await database.columnsOf(table)) await folders.putBack(table);
  else await folders.remove(table);
}

/** Throws if the run had files and this volume has none of them: after the deletion, nothing would list those files again. */
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

/** Notes that the run has no files, so that a deletion that is cut off can be repeated without them. */
async function forgetFiles({ ledger }: Database, runId: string): Promise<void> {
  const [run, checksums] = [await ledger.get(runId), await ledger.checksums(runId)];
  if (run && checksums?.files) await ledger.setState(runId, run.state, { ...checksums, files: undefined });
}

function inShell(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** The number of datasets that an error names. */
const MAX_NAMED = 5;

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
  if (names.length <= MAX_NAMED) return `It has: ${names.join(', ')}.`;
  const similar: string[] = [];
  for (let found; similar.length < MAX_NAMED; similar.push(found)) {
    found = nearest(
      table,
      names.filter((name) => !similar.includes(name)),
    );
    if (found === undefined) break;
  }
  const listed = `Its ${names.length.toLocaleString('en-US')} datasets: ingestor datasets list`;
  return similar.length > 0 ? `Did you mean ${similar.join(', ')}? ${listed}` : listed;
}
