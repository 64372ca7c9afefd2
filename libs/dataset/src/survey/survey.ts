import { type Dirent, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import {
  checkInput,
  filesOfPattern,
  folderOf,
  isPattern,
  type IngestorError,
  tableExtension,
  UnusableInput,
} from '@tracebloc/ingestor-core';
import type { FolderProfile, ManifestProfile, Report, Survey, TableFormat } from '@tracebloc/ingestor-contract';
import { DATASET_ERRORS } from '../errors.js';
import { openText } from '../gzip/gunzipped-file.js';
import { createDecoder } from '../encoding/decoder.js';
import { encodingOfMark, wideWithoutMark } from '../encoding/mark.js';
import { createReport } from '../findings/report.js';
import { profileManifest } from './manifest-profile.js';

const TABLE_EXTENSIONS = ['.csv', '.tsv', '.jsonl', '.ndjson'];

/**
 * Surveys a file, or a folder with tables, each of which is read to its end. A table with errors is left out, and the errors
 * are reported. Throws an `IngestorError` if there is nothing at the path.
 */
export async function surveyPath(
  path: string,
  signal: AbortSignal,
  report: Report = createReport(),
  formats: readonly TableFormat[] = [],
): Promise<Survey> {
  const tables = await findTables(path, formats);
  const manifests: ManifestProfile[] = [];
  for (const table of tables) {
    const profile = await profileManifest(table, report, signal, formats);
    if (profile) manifests.push(profile);
  }
  const isFile = isPattern(path) && !existsSync(path);
  const root = !isFile && (await isFolder(path)) ? resolve(path) : folderOf(resolve(path));
  return { root, manifests, folders: await profileFolders(root) };
}

/** Returns the absolute paths of the tables at a path: the file or pattern itself, or the CSV and JSON files of a
 * folder, sorted. */
export async function findTables(path: string, formats: readonly TableFormat[] = []): Promise<string[]> {
  const absolute = resolve(path);
  if (isPattern(path) && !existsSync(path) && filesOfPattern(path, '.').length > 0) return [absolute];
  if (!(await isFolder(path))) return [absolute];
  const entries = await readFolder(absolute);
  const paths = entries.filter(mayBeFile).map(({ name }) => join(absolute, name));
  const areTables = await Promise.all(paths.map((one) => isTable(one, formats)));
  return paths.filter((_, index) => areTables[index]);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isDirectory()) return false;
    checkInput(path, 'folder');
    return true;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Returns the sorted entries of a folder, without hidden ones. */
async function readFolder(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): IngestorError {
  if (cause instanceof UnusableInput && cause.why === 'system') {
    const fix = 'Use the path of a file or folder with data.';
    return DATASET_ERRORS.make('system-file', { message: `${path} ${cause.message}.`, fix, cause });
  }
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const message = `There is no file or folder ${path}.`;
    return DATASET_ERRORS.make('path-not-found', { message, fix: 'Correct the path.', cause });
  }
  const message = `${path} cannot be examined (${code}).`;
  return DATASET_ERRORS.make('path-unreadable', { message, fix: 'Check its permissions.', cause });
}

/** Whether the entry is a file or a link, which may lead to a file. */
const mayBeFile = (entry: Dirent): boolean => entry.isFile() || entry.isSymbolicLink();

async function isTable(path: string, formats: readonly TableFormat[]): Promise<boolean> {
  const extension = tableExtension(path);
  if (formats.some(({ extensions }) => extensions.includes(extension))) return true;
  return extension === '.json' ? beginsWithArray(path) : TABLE_EXTENSIONS.includes(extension);
}

/** Most JSON files are not tables. Those that are begin with an array. */
async function beginsWithArray(path: string): Promise<boolean> {
  try {
    const file = await openText(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
      const bytes = buffer.subarray(0, bytesRead);
      const decoder = await createDecoder(encodingOfMark(bytes) ?? wideWithoutMark(bytes) ?? 'utf-8');
      return decoder.push(bytes).trimStart().startsWith('[');
    } finally {
      await file.close();
    }
  } catch (cause) {
    // A link may lead to something other than a file.
    if (cause instanceof UnusableInput && (cause.why === 'kind' || cause.why === 'system')) return false;
    throw unreadable(path, cause instanceof UnusableInput ? cause.cause : cause);
  }
}

async function profileFolders(root: string): Promise<FolderProfile[]> {
  const folders = (await readFolder(root)).filter((entry) => entry.isDirectory());
  return Promise.all(folders.map(({ name }) => profileFolder(name, join(root, name))));
}

async function profileFolder(name: string, path: string): Promise<FolderProfile> {
  const extensions: Record<string, number> = {};
  for (const entry of (await readFolder(path)).filter(mayBeFile)) {
    const extension = extname(entry.name).toLowerCase();
    extensions[extension] = (extensions[extension] ?? 0) + 1;
  }
  return { name, path, extensions };
}
