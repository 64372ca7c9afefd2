import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout, Report, SidecarFolder } from '@tracebloc/ingestor-contract';
import { mapOrdered } from '@tracebloc/ingestor-dataset';
import type { CatalogEntry, RecordFileName } from '@tracebloc/ingestor-storage';
import type { Places } from '../places.js';
import { verifyFindings } from './findings.js';

const PAGE = 1000;

export interface VerifiedFiles {
  /** That records name and could be read. */
  files: number;
  bytes: number;
}

/**
 * Compares the folder with the table: each record has its files, each is read to its end, and there are no others. Without
 * a layout it is not known what else belongs there than the records' own files.
 */
export async function verifyFiles(
  { database, folders }: Places,
  { table, runId }: CatalogEntry,
  layout: Layout | undefined,
  { report, signal }: { report: Report; signal: AbortSignal },
): Promise<VerifiedFiles> {
  const folder = folders.folderOf(table);
  const owner = await folders.ownerOf(table);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries || owner !== runId) {
    const message = entries ? `The folder holds the files of run ${owner ?? 'unknown'}.` : 'The folder is not there.';
    verifyFindings.report(report, 'folder-missing', () => ({ message, file: folder, expected: `run ${runId}` }));
    return { files: 0, bytes: 0 };
  }
  const there = new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
  const unclaimed = new Set(entries.map(({ name }) => name));

  async function* claimed(): AsyncGenerator<string> {
    for (const name of layout?.companions ?? []) if (there.has(name) && unclaimed.delete(name)) yield name;
    for await (const record of recordsOf(database, table)) {
      signal.throwIfAborted();
      for (const name of namesOf(record, layout?.sidecars ?? [], there)) {
        // Several records may name one file.
        if (there.has(name)) {
          if (unclaimed.delete(name)) yield name;
        } else reportMissing(report, join(folder, name), record);
      }
    }
  }

  const result = { files: 0, bytes: 0 };
  for await (const { path, size, error } of mapOrdered(claimed(), (name) => readWhole(join(folder, name)))) {
    if (error === undefined) {
      result.files++;
      result.bytes += size;
    } else {
      const message = `The file cannot be read (${error}).`;
      verifyFindings.report(report, 'dataset-file-unreadable', () => ({ message, file: path }));
    }
  }
  for (const name of layout ? unclaimed : []) {
    const message = 'No record of the table names it.';
    verifyFindings.report(report, 'dataset-file-extra', () => ({ message, file: join(folder, name) }));
  }
  return result;
}

async function* recordsOf(database: Places['database'], table: string): AsyncGenerator<RecordFileName> {
  for (let last = -1; ;) {
    const page = await database.readFileNames(table, last + 1, PAGE);
    if (page.length === 0) return;
    yield* page;
    last = page.at(-1)!.ordinal;
  }
}

/** The files that a record must have: its own, and one of each sidecar folder that the task requires. */
function namesOf(
  { filename, extension }: RecordFileName,
  sidecars: readonly SidecarFolder[],
  there: ReadonlySet<string>,
): Set<string> {
  const stem = filename ?? '';
  const own = stem + (extension ?? '');
  const names = new Set([own]);
  for (const { extensions, required } of sidecars) {
    if (!required || extensions.includes((extension ?? '').toLowerCase())) continue;
    const candidates = extensions.map((one) => stem + one);
    names.add(candidates.find((name) => there.has(name)) ?? candidates[0]!);
  }
  return names;
}

function reportMissing(report: Report, file: string, { ordinal }: RecordFileName): void {
  const message = `The file of the record with id ${ordinal + 1} is not there.`;
  verifyFindings.report(report, 'dataset-file-missing', () => ({ message, file }));
}

/** Reads the file and forgets it; `error` is the system's code. */
async function readWhole(path: string): Promise<{ path: string; size: number; error?: string }> {
  let size = 0;
  try {
    for await (const chunk of createReadStream(path)) size += (chunk as Buffer).length;
    return { path, size };
  } catch (error) {
    return { path, size, error: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
}
