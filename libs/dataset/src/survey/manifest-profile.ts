import { DISTINCT_LIMIT, VALUES_LIMIT } from '@tracebloc/ingestor-contract';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { CSV_DEFAULTS, filesOfPattern, isPattern, printableLine } from '@tracebloc/ingestor-core';
import type { ColumnProfile, ManifestProfile, Report, SurveyedOption, TableFormat } from '@tracebloc/ingestor-contract';
import { compileMissing } from '../checks/cell.js';
import { type DetectedEncoding, detectEncoding } from '../encoding/detect-file.js';
import { createReport } from '../findings/report.js';
import { type ManifestReader, openReader } from '../manifest/reader.js';
import type { ReaderOptions } from '../manifest/types.js';
import { actualFormat } from './actual-format.js';
import { ColumnProfiler } from './column-profiler.js';
import type { FileNames } from './file-names.js';
import { compileFamilies } from './type-ladder.js';
import { formatOfEncoded } from './detect-format.js';
import { namesOf } from './detected.js';
import { csvFormatOf, detectOptions } from './detect-options.js';

/** The most distinct values in memory, for all columns together. */
const DISTINCT_BUDGET = 100 * DISTINCT_LIMIT;

/** A table, and what is known before it is read. */
interface TableToProfile {
  path: string;
  /** The folders whose files the rows may name. */
  folders: readonly FileNames[];
  /** The formats that are not built in. */
  tables: readonly TableFormat[];
  /** The options of the table's own format. */
  options: readonly SurveyedOption[];
}

/**
 * Reads a table to its end and profiles its columns. If the cells need options, the table is read again with them. Returns
 * `undefined` if some row cannot be read, which is reported. Throws an `IngestorError` if the path is not a readable file.
 */
export async function profileManifest(
  { path, folders, tables, options }: TableToProfile,
  report: Report,
  signal: AbortSignal,
): Promise<ManifestProfile | undefined> {
  const parts = isPattern(path) && !existsSync(path) ? filesOfPattern(path, '.') : undefined;
  const { name: format, isRenamed } = await actualFormat(parts?.[0] ?? path, tables);
  const renamed = isRenamed ? [describeRenamed(path, format)] : [];
  const table = tables.find(({ name }) => name === format);
  const read: ReaderOptions = { format, table, path, parts, file: path, csv: CSV_DEFAULTS, missing: 'tokens' };
  const profile = table
    ? await profileTable({ read, options }, report, signal, folders)
    : await profileText({ ...read, format: format as 'csv' | 'json' }, report, signal, folders);
  if (!profile || renamed.length === 0) return profile;
  return { ...profile, doubts: [...renamed, ...(profile.doubts ?? [])] };
}

const TITLES: Readonly<Record<string, string>> = { xlsx: 'an Excel workbook', parquet: 'a Parquet file', json: 'JSON' };

/** Says that a file is read as what it is, although its name says something else. */
function describeRenamed(path: string, format: string): string {
  return `${printableLine(basename(path))} is ${TITLES[format] ?? 'text'}, whatever its name says, and is read as such, by the field \`${format}\`.`;
}

async function profileText(
  source: ReaderOptions & { format: 'csv' | 'json' },
  report: Report,
  signal: AbortSignal,
  folders: readonly FileNames[],
): Promise<ManifestProfile | undefined> {
  const { path, format, parts } = source;
  // It is opened first because its error says best why a file cannot be read.
  openReader(source);
  const { example, encoded } = await exampleOf(parts ?? [path], signal);
  const { csv, records, ...written } = await formatOfEncoded(example, format, encoded);
  const read: ReaderOptions = { ...source, csv, json: { records }, columns: 'all' };
  const plain = await profileColumns(read, report, signal, folders);
  if (!plain) return undefined;
  const needed = detectOptions(plain.columns);
  const found =
    needed.options.length > 0
      ? await profileColumns({ ...read, csv: csvFormatOf(csv, needed.options) }, report, signal, folders)
      : plain;
  if (!found) return undefined;
  const columns = found.columns.map((profiler) => profiler.profile());
  const reopen = reopenerOf({ ...read, csv: csvFormatOf(csv, needed.options) }, signal);
  const options = [...written.options, ...needed.options];
  const doubts = [...written.doubts, ...found.doubts, ...needed.doubts];
  return {
    ...{ path, format, records, rows: found.rows, columns, reopen },
    ...(options.length > 0 && { options }),
    ...(doubts.length > 0 && { doubts }),
  };
}

/** Does the same for a table in a format that is not built in. */
async function profileTable(
  { read: source, options: tableOptions }: { read: ReaderOptions; options: readonly SurveyedOption[] },
  report: Report,
  signal: AbortSignal,
  folders: readonly FileNames[],
): Promise<ManifestProfile | undefined> {
  const { path, format } = source;
  const given = Object.fromEntries(tableOptions.map(({ name, value }) => [name, value]));
  const read: ReaderOptions = { ...source, columns: 'all', tableOptions: given };
  const plain = await profileColumns(read, report, signal, folders);
  if (!plain) return undefined;
  const { options, doubts } = detectOptions(plain.columns);
  const csv = csvFormatOf(CSV_DEFAULTS, options);
  const found = options.length > 0 ? await profileColumns({ ...read, csv }, report, signal, folders) : plain;
  if (!found) return undefined;
  const { reader, rows } = found;
  const leftOut = reader.unsupported.map(({ name, unsupported }) => {
    return {
      name: name.trim(),
      reason: `it holds ${unsupported!.holds}, which cannot be stored`,
      fix: unsupported!.fix,
    };
  });
  return {
    path,
    format,
    rows,
    reopen: reopenerOf({ ...read, csv }, signal),
    columns: found.columns.map((profiler) =>
      reader.statesTypes ? typed(profiler.profile(), reader) : profiler.profile(),
    ),
    ...(options.length > 0 && { options }),
    ...(tableOptions.length > 0 && { tableOptions }),
    ...(leftOut.length > 0 && { leftOut }),
    ...(doubts.length > 0 && { doubts }),
  };
}

/** Returns what opens the table again. Its errors have been reported. */
const reopenerOf = (read: ReaderOptions, signal: AbortSignal) => () => openReader(read).open(createReport(), signal);

/** Returns the profile with the type that the file states. Only times may be written as text without being it. */
function typed(profile: ColumnProfile, { types }: ManifestReader): ColumnProfile {
  const isTime = /^(?:DATE|TIME)/.test(profile.sql);
  return { ...profile, sql: types.get(profile.name) ?? (isTime ? profile.sql : profile.textSql) };
}

/** Returns the file that shows how all are written, and its encoding: the first that is not UTF-8, or else the first. */
async function exampleOf(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<{ example: string; encoded: DetectedEncoding | undefined }> {
  for (const path of paths) {
    const encoded = await detectEncoding(path, signal);
    if (encoded) return { example: path, encoded };
  }
  return { example: paths[0]!, encoded: undefined };
}

/** Reads a table to its end. Returns `undefined` if some row cannot be read. */
async function profileColumns(
  options: ReaderOptions,
  report: Report,
  signal: AbortSignal,
  folders: readonly FileNames[],
): Promise<{ columns: ColumnProfiler[]; rows: number; reader: ManifestReader; doubts: string[] } | undefined> {
  const reader = openReader(options);
  const errorsBefore = report.errors;
  const manifest = await reader.open(report, signal);
  if (!manifest) return undefined;

  const limit = Math.max(
    VALUES_LIMIT + 1,
    Math.min(DISTINCT_LIMIT, Math.floor(DISTINCT_BUDGET / manifest.header.length)),
  );
  const names = Map.groupBy(manifest.header, (name) => name);
  const families = new Map<string, ReturnType<typeof compileFamilies>>();
  const familiesOf = (name: string) => {
    const format = reader.formatOf(name);
    const key = JSON.stringify(format);
    if (!families.has(key)) families.set(key, compileFamilies(format));
    return families.get(key)!;
  };
  // A column that has no name, or shares it, cannot be stored.
  const columns = manifest.header.map((name) =>
    name === '' || names.get(name)!.length > 1
      ? undefined
      : new ColumnProfiler(name, compileMissing(reader.missingOf(name)), limit, familiesOf(name), folders),
  );
  let rows = 0;
  for await (const batch of manifest.batches) {
    rows += batch.rows.length;
    for (const row of batch.rows) {
      for (let index = 0; index < row.length; index++) columns[index]?.add(row[index]!);
    }
  }
  if (report.errors > errorsBefore) return undefined;
  return { columns: columns.filter((one) => one !== undefined), rows, reader, doubts: repeatedNames(names) };
}

/** Describes the columns that are left out because they share a name. */
function repeatedNames(names: ReadonlyMap<string, readonly string[]>): string[] {
  const repeated = [...names].filter(([name, columns]) => name !== '' && columns.length > 1);
  if (repeated.length === 0) return [];
  const shared = namesOf(repeated.map(([name]) => ({ name })));
  return [`Several columns have the name ${shared}, so none of these is stored. Give each column another name.`];
}
