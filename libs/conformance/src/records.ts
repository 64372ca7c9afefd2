import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { DatasetRecord, RecordFile } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { readDataset } from './read.js';
import { isSameData } from './same-data.js';

/** Checks that the sample's records and metadata have the form of the contract. */
export async function* checkRecords(config: RunConfig): AsyncGenerator<string, void> {
  const records: DatasetRecord[] = [];
  await readDataset(config, { take: (record) => records.push(record) });
  let previous = 0;
  for (const record of records) {
    const { row } = record;
    if (!Number.isInteger(row) || row < 1) yield `A record has the row ${row}: rows are counted from 1.`;
    if (row < previous) yield `Row ${row} comes after row ${previous}: keep the manifest's order.`;
    previous = row;
    yield* checkCells(record, config);
  }
  yield* checkFiles(records.flatMap(({ files }) => files));
  yield* checkMetadata(config);
}

function* checkCells(record: DatasetRecord, { columns, label, dataId }: RunConfig): Generator<string, void> {
  const { row, values, filename, extension, annotation, files } = record;
  if (values.length !== columns.length) {
    yield `Row ${row} has ${values.length} values for ${columns.length} columns: return one for each of context.columns, in order.`;
  }
  const fixed = { label: record.label, key: record.key, filename, extension, annotation };
  const stored = values.map((value, index) => [columns[index]?.name ?? `value ${index + 1}`, value] as const);
  for (const [name, cell] of [...Object.entries(fixed), ...stored]) {
    if (cell === null || typeof cell === 'string') continue;
    yield `Row ${row} has ${typeof cell} as ${name}: return text as SQL reads it, or null.`;
  }
  if (!label && record.label !== null) yield `Row ${row} has a label, but the task has none: return null.`;
  if (dataId.strategy !== 'column' && record.key !== null) yield `Row ${row} has a key, but none is configured.`;
  if (filename === null) return;
  if (extension !== null && !extension.startsWith('.')) {
    yield `Row ${row} has the extension "${extension}": it must begin with a dot.`;
  }
  const target = filename + (extension ?? '');
  if (!files.some((file) => file.target === target)) {
    yield `Row ${row} names ${target}, but has no file with this target: add it to \`files\`.`;
  }
}

async function* checkFiles(files: readonly RecordFile[]): AsyncGenerator<string, void> {
  const bySource = new Map<string, RecordFile>();
  const byTarget = new Map<string, RecordFile>();
  for (const file of files) {
    const { source, target } = file;
    if (/[/\\\0]/.test(target) || ['', '.', '..'].includes(target)) {
      yield `The target "${target}" is not the name of one file: remove folders and separators.`;
    }
    const same = bySource.get(source);
    if (same && same.target !== target) {
      yield `${source} goes to two targets, ${same.target} and ${target}: each source must have one target.`;
    }
    const other = byTarget.get(target);
    if (other && other.source !== source) {
      yield `Two files go to ${target}, ${other.source} and ${source}: each must have its own target.`;
    } else if (other && !isSameContent(other.content, file.content)) {
      yield `${target} has two contents: it must depend only on the source and the options.`;
    }
    // What is made of a row has no source on disk.
    if (!same && !file.content) yield* checkSource(source);
    bySource.set(source, file);
    byTarget.set(target, file);
  }
}

function isSameContent(one: RecordFile['content'], other: RecordFile['content']): boolean {
  return one && other ? Buffer.compare(one, other) === 0 : one === other;
}

async function* checkSource(source: string): AsyncGenerator<string, void> {
  const found = await stat(source).catch(() => undefined);
  if (!isAbsolute(source)) yield `The source ${source} is not absolute: join it to its folder in context.folders.`;
  else if (!found?.isFile()) yield `The source ${source} is not a file: report what is missing instead of yielding it.`;
}

function* checkMetadata({ task, options, columns }: RunConfig): Generator<string, void> {
  const metadata = task.metadata(options, columns);
  if (!isSameData(metadata, JSON.parse(JSON.stringify(metadata)))) {
    yield 'metadata is not plain JSON: return texts, numbers, booleans, nulls, arrays and objects of these.';
  }
}
