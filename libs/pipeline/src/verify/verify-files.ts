import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout, Report, SidecarFolder } from '@tracebloc/ingestor-contract';
import { folderEntries, VolumeSpeed } from '@tracebloc/ingestor-core';
import { mapOrdered } from '@tracebloc/ingestor-dataset';
import { ListChecksum, type CatalogEntry, type Checksums, type RecordFileName } from '@tracebloc/ingestor-storage';
import type { Stores } from '../stores.js';
import { compareFiles, readWhole, type ReadFile } from './compare-files.js';
import { verifyFindings } from './findings.js';

const PAGE = 1000;

export interface VerifiedFiles {
  /** The number of files that records name and that could be read. */
  files: number;
  bytes: number;
}

/**
 * Compares the folder with the table and with the hashes of the source files. Each file is read to its end and must have
 * the hash that its source had. Each record must have its files, and there must be no others. Without a layout, files
 * beside the records' own are not checked. Without `expected`, hashes are not compared.
 */
export async function verifyFiles(
  { database, folders }: Stores,
  { table, runId }: CatalogEntry,
  layout: Layout | undefined,
  expected: Checksums['files'],
  { report, signal }: { report: Report; signal: AbortSignal },
): Promise<VerifiedFiles> {
  const folder = folders.folderOf(table);
  const owner = await folders.ownerOf(table);
  const names = await namesIn(folder);
  if (!names || owner !== runId) {
    const message = names ? `The folder holds the files of run ${owner ?? 'unknown'}.` : 'The folder is not there.';
    verifyFindings.report(report, 'folder-missing', () => ({ message, file: folder, expected: `run ${runId}` }));
    return { files: 0, bytes: 0 };
  }
  const isThere = (name: string) => names.get(name) !== undefined && names.get(name) !== 'other';
  /** Returns false if the file is claimed already, or not there. */
  const claim = (name: string) => {
    if (!names.has(name) || names.get(name) === 'claimed') return false;
    names.set(name, 'claimed');
    return true;
  };

  const result = { files: 0, bytes: 0 };
  const take = ({ path, size, error }: ReadFile) => {
    if (error === undefined) {
      result.files++;
      result.bytes += size;
      return;
    }
    const message = `The file cannot be read (${error}).`;
    verifyFindings.report(report, 'dataset-file-unreadable', () => ({ message, file: path }));
  };

  /** Files that were copied and are not there. */
  const lost = new Set<string>();
  if (expected) {
    const list = new ListChecksum();
    for await (const files of compareFiles(folder, folders.hashesOf(runId, list), signal)) {
      for (const file of files) {
        // A damaged list may name files without end.
        if (file.differs === 'missing' && lost.size >= expected[0]) continue;
        if (file.differs === 'missing') lost.add(file.name);
        // Several shards may have copied the same file.
        else if (claim(file.name)) {
          take(file);
          if (file.differs === 'changed') reportChanged(report, file.path);
        }
      }
    }
    if (String(list.result) !== String(expected)) {
      reportList(report, list.result[0], expected[0]);
      // The names in a damaged list may never have existed.
      lost.clear();
    }
  }

  async function* claimed(): AsyncGenerator<string> {
    for (const name of layout?.companions ?? []) if (isThere(name) && claim(name)) yield name;
    for await (const record of recordsOf(database, table)) {
      signal.throwIfAborted();
      for (const name of namesOf(record, layout?.sidecars ?? [], isThere)) {
        // Several records may name one file.
        if (isThere(name)) {
          if (claim(name)) yield name;
        } else {
          lost.delete(name);
          reportMissing(
            report,
            join(folder, name),
            `The file of the record with id ${record.ordinal + 1} is not there.`,
          );
        }
      }
    }
  }

  const speed = new VolumeSpeed();
  for await (const file of mapOrdered(claimed(), (name) => readWhole(folder, name, speed))) take(file);
  for (const name of lost) reportMissing(report, join(folder, name), 'The file that was ingested is not there.');
  for (const [name, state] of layout ? names : []) {
    if (state === 'claimed') continue;
    const message = 'No record of the table names it.';
    verifyFindings.report(report, 'dataset-file-extra', () => ({ message, file: join(folder, name) }));
  }
  return result;
}

/** An entry of the folder: a file that no record has named yet, a file that one has, or something that is not a file. */
type Entry = 'file' | 'claimed' | 'other';

/** Returns `undefined` if there is no folder. Only this part of a verification grows with the number of files. */
async function namesIn(folder: string): Promise<Map<string, Entry> | undefined> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory()) return undefined;
  const names = new Map<string, Entry>();
  for await (const entries of folderEntries(folder)) {
    for (const entry of entries) names.set(entry.name, entry.isFile() ? 'file' : 'other');
  }
  return names;
}

async function* recordsOf(database: Stores['database'], table: string): AsyncGenerator<RecordFileName> {
  for (let last = -1; ;) {
    const page = await database.readFileNames(table, last + 1, PAGE);
    if (page.length === 0) return;
    yield* page;
    last = page.at(-1)!.ordinal;
  }
}

/** Returns the files that a record must have: its own, and one of each sidecar folder that the task requires. */
function namesOf(
  { filename, extension }: RecordFileName,
  sidecars: readonly SidecarFolder[],
  isThere: (name: string) => boolean,
): Set<string> {
  const stem = filename ?? '';
  const own = stem + (extension ?? '');
  const names = new Set([own]);
  for (const { extensions, required } of sidecars) {
    if (!required || extensions.includes((extension ?? '').toLowerCase())) continue;
    const candidates = extensions.map((one) => stem + one);
    names.add(candidates.find(isThere) ?? candidates[0]!);
  }
  return names;
}

function reportChanged(report: Report, file: string): void {
  const message = 'The content differs from that of the file that was ingested.';
  verifyFindings.report(report, 'dataset-file-changed', () => ({ message, file }));
}

function reportList(report: Report, lines: number, expected: number): void {
  const message = `The list has ${lines} files, and some differ from the ${expected} that were ingested.`;
  verifyFindings.report(report, 'hash-list-damaged', () => ({ message }));
}

function reportMissing(report: Report, file: string, message: string): void {
  verifyFindings.report(report, 'dataset-file-missing', () => ({ message, file }));
}
