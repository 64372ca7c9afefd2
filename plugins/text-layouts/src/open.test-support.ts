import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataForm, DataLayout, Finding, JsonObject, SourceFile } from '@tracebloc/ingestor-contract';
import { createReport } from '@tracebloc/ingestor-dataset';

export interface Opened {
  /** The name, and the label if there is one, of each row. */
  rows: string[][];
  /** The texts by the names of their files. */
  texts: Record<string, string>;
  findings: Finding[];
  /** The line of the file for each row. */
  lines: (number | undefined)[];
}

/** Calls `use` with a folder of these files. */
export async function withFiles<R>(
  files: Record<string, string | Uint8Array>,
  use: (folder: string) => Promise<R>,
): Promise<R> {
  const folder = await mkdtemp(join(tmpdir(), 'text-layouts-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads a file of a layout. */
export async function openLayout(
  layout: DataLayout,
  content: string | Uint8Array,
  { form = layout.forms[0]!, options = {} }: { form?: DataForm; options?: JsonObject } = {},
): Promise<Opened> {
  return withFiles({ data: content }, async (folder) => {
    const properties = Object.entries(layout.options.properties as Record<string, JsonObject>);
    const defaults = properties.flatMap(([name, property]) =>
      'default' in property ? [[name, property.default]] : [],
    );
    const given = { ...(Object.fromEntries(defaults) as JsonObject), ...options };
    const report = createReport();
    const request = { path: join(folder, 'data'), form, options: given, folders: {} };
    const table = await layout.open(request, { report, signal: new AbortController().signal });
    try {
      const rows: string[][] = [];
      const columns = table.columns.map((_column, index) => index);
      for await (const batch of table.read(0, table.rows, columns)) rows.push(...batch.rows);
      const files: SourceFile[] = [...table.folders.texts!.files];
      const made = await Promise.all(files.map(async (file) => [file.name, await file.make!()] as const));
      const texts = made.map(([name, bytes]) => [name, Buffer.from(bytes).toString()] as const);
      const lines = rows.map((_row, index) => table.locate!(undefined, index + 1)?.row);
      for (const [index, { name }] of files.entries()) {
        if (table.locate!(`texts/${name}`, undefined)?.row !== lines[index]) throw new Error('The places differ.');
      }
      const findings = report.findings().map((finding) => ({ ...finding, file: finding.file?.replace(folder, '') }));
      return { rows, texts: Object.fromEntries(texts), findings, lines };
    } finally {
      await table.close?.();
    }
  });
}
