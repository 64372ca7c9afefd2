import { dirname, join } from 'node:path';
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
    await refuseFilesElsewhere({ database, folders }, entry);
    await folders.remove(table);
    await database.drop(table);
    await database.confirmPlace();
    await folders.confirmPlace();
  } finally {
    await lock.release();
  }
  return entry;
}

/** Throws where the run had files, and this volume has none of the dataset: nothing would ever list them again. */
async function refuseFilesElsewhere({ database, folders }: Places, { table, runId }: CatalogEntry): Promise<void> {
  const { ledger } = database;
  const checksums = await ledger.checksums(runId);
  if (!checksums?.files) return;
  const owner = await folders.ownerOf(table);
  const run = owner === undefined ? undefined : await ledger.get(owner);
  if (run && run.state !== 'superseded' && run.state !== 'dropped') {
    // From here on they are no reason to refuse: a deletion that is cut off now is repeated without them.
    await ledger.setState(runId, (await ledger.get(runId))!.state, { ...checksums, files: undefined });
    return;
  }
  const claim = join(dirname(folders.folderOf(table)), '.ingestor', 'folders', table);
  throw new IngestorError({
    code: 'dataset-files-elsewhere',
    message: `The files of ${table} (run ${runId}) are not on the volume at ${dirname(folders.folderOf(table))}. Nothing was deleted.`,
    fix: [
      'Set STORAGE_PATH to the volume that has them, and delete the dataset there.',
      `If they are gone for good, note that this volume has the dataset, and delete it again: mkdir -p ${inShell(dirname(claim))} && echo ${runId} > ${inShell(claim)}`,
    ],
  });
}

function inShell(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
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
