import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  DataForm,
  DataLayout,
  Finding,
  FormFolder,
  JsonObject,
  LayoutTable,
  SourceFile,
} from '@tracebloc/ingestor-contract';
import { writePng } from '@tracebloc/ingestor-annotations';
import { createReport } from '@tracebloc/ingestor-dataset';

/** Writes files below a new folder and returns its path. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'layout-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

/** Returns a grey image of one colour. */
export function imageOf(width: number, height: number): Promise<Buffer> {
  return writePng({ width, height, pixels: new Uint8Array(width * height).fill(width) });
}

export interface Opened {
  table: LayoutTable;
  rows: string[][];
  findings: readonly Finding[];
  notes: readonly string[];
  /** The content of the made files, and the paths or content of those on disk, by folder and name. */
  files: Readonly<Record<string, string>>;
}

/** Opens a dataset, and reads all of it. */
export async function openLayout(
  layout: DataLayout,
  path: string,
  form: DataForm,
  {
    options = {},
    folders = {},
    readFiles = false,
  }: { options?: JsonObject; folders?: Partial<Record<FormFolder, string>>; readFiles?: boolean } = {},
): Promise<Opened> {
  const report = createReport();
  const request = { path, form, options, folders };
  const places = await layout.locate(request);
  for (const folder of Object.values(places.folders)) await readdir(folder);
  const table = await layout.open(request, { report, signal: new AbortController().signal });
  const rows: string[][] = [];
  for await (const batch of table.read(
    0,
    table.rows,
    table.columns.map((_column, at) => at),
  ))
    rows.push(...batch.rows);
  const files: Record<string, string> = {};
  for (const [name, folder] of Object.entries(table.folders)) {
    for (const file of folder.files) files[`${name}/${file.name}`] = await contentOf(file, readFiles);
  }
  await table.close?.();
  return { table, rows, findings: report.findings(), notes: report.notes(), files };
}

async function contentOf(file: SourceFile, readFiles: boolean): Promise<string> {
  if (readFiles) return readFile(file.path, 'latin1');
  return file.make ? Buffer.from(await file.make()).toString('latin1') : file.path;
}
