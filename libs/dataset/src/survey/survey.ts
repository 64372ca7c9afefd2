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
import type {
  FolderProfile,
  ManifestProfile,
  Report,
  Survey,
  SurveyedOption,
  TableFormat,
} from '@tracebloc/ingestor-contract';
import { DATASET_ERRORS } from '../errors.js';
import { openText } from '../gzip/gunzipped-file.js';
import { createDecoder } from '../encoding/decoder.js';
import { encodingOfMark, wideWithoutMark } from '../encoding/mark.js';
import { createReport } from '../findings/report.js';
import { FileNames } from './file-names.js';
import { profileManifest } from './manifest-profile.js';

const TABLE_EXTENSIONS = ['.csv', '.tsv', '.jsonl', '.ndjson'];

/**
 * Surveys a file, or a folder with tables, each of which is read to its end. A table with errors is left out, and the errors
 * are reported. `options` are those of the tables' own format. Throws an `IngestorError` if there is nothing at the path.
 */
export async function surveyPath(
  path: string,
  signal: AbortSignal,
  report: Report = createReport(),
  formats: readonly TableFormat[] = [],
  options: readonly SurveyedOption[] = [],
): Promise<Survey> {
  const tables = await findTables(path, formats);
  const isFile = isPattern(path) && !existsSync(path);
  const root = !isFile && (await isFolder(path)) ? resolve(path) : folderOf(resolve(path));
  const { profiles, names, extensions } = await listFolders(root, tables);
  const manifests: ManifestProfile[] = [];
  for (const table of tables) {
    const profile = await profileManifest({ path: table, folders: names, tables: formats, options }, report, signal);
    if (profile) manifests.push(profile);
  }
  return { root, manifests, folders: profiles, extensions };
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

/** Returns the files of a pattern, or the path itself. */
export function filesAt(path: string): readonly string[] {
  return isPattern(path) && !existsSync(path) ? filesOfPattern(path, '.') : [path];
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
    const [message, fix] = isPattern(path)
      ? [`No file matches the pattern ${path}.`, 'Correct the pattern; it is one of files, not of folders.']
      : [`There is no file or folder ${path}.`, 'Correct the path.'];
    return DATASET_ERRORS.make('path-not-found', { message, fix, cause });
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

/** Lists the folders below the root, and the files of the root itself beside the tables. */
async function listFolders(
  root: string,
  tables: readonly string[],
): Promise<{
  profiles: FolderProfile[];
  names: FileNames[];
  extensions: Record<string, number>;
}> {
  const entries = await readFolder(root);
  const folders = entries.filter((entry) => entry.isDirectory());
  const others = entries.filter((entry) => mayBeFile(entry) && !tables.includes(join(root, entry.name)));
  const listed = await Promise.all(
    folders.map(async ({ name }) => {
      const path = join(root, name);
      const files = (await readFolder(path)).filter(mayBeFile).map((entry) => entry.name);
      return { profile: { name, path, extensions: countExtensions(files) }, files };
    }),
  );
  return {
    profiles: listed.map(({ profile }) => profile),
    names: listed
      .filter(({ files }) => files.length > 0)
      .map(({ profile, files }) => new FileNames(profile.name, files)),
    // A table may have the extension of a text.
    extensions: countExtensions(others.map(({ name }) => name)),
  };
}

function countExtensions(files: readonly string[]): Record<string, number> {
  const extensions: Record<string, number> = {};
  for (const file of files) {
    const extension = extname(file).toLowerCase();
    extensions[extension] = (extensions[extension] ?? 0) + 1;
  }
  return extensions;
}
