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
  const { csv: found, records, ...written } = await formatOfEncoded(example, format, encoded);
  const asFound: ReaderOptions = { ...source, csv: found, json: { records }, columns: 'all' };
  const trial = createReport();
  const whole = await profileColumns(asFound, trial, signal, folders);
  const skipping = whole ? undefined : skipHeaders(trial);
  if (!skipping) passOn(trial, report);
  const csv = csvFormatOf(found, skipping ?? []);
  const read: ReaderOptions = { ...asFound, csv };
  const plain = skipping ? await profileColumns(read, report, signal, folders) : whole;
  if (!plain) return undefined;
  const needed = detectOptions(plain.columns);
  const profiled =
    needed.options.length > 0
      ? await profileColumns({ ...read, csv: csvFormatOf(csv, needed.options) }, report, signal, folders)
      : plain;
  if (!profiled) return undefined;
  const columns = profiled.columns.map((profiler) => profiler.profile());
  const reopen = reopenerOf({ ...read, csv: csvFormatOf(csv, needed.options) }, signal);
  const options = [...written.options, ...(skipping ?? []), ...needed.options];
  const doubts = [...written.doubts, ...profiled.doubts, ...needed.doubts];
  return {
    ...{ path, format, records, rows: profiled.rows, columns, reopen },
    ...(options.length > 0 && { options }),
    ...(doubts.length > 0 && { doubts }),
  };
}

type FullReport = ReturnType<typeof createReport>;

/** Returns the option with which rows that repeat the header are left out, if nothing else is wrong with the table. */
function skipHeaders(report: FullReport): SurveyedOption[] | undefined {
  const [repeated, ...others] = report.totals().filter(({ severity }) => severity === 'error');
  if (repeated?.code !== 'repeated-header' || others.length > 0) return undefined;
  const line = report.findings().find(({ code }) => code === 'repeated-header')?.row;
  const { total } = repeated;
  const which = total > 1 ? `${total} lines, first line ${line}, repeat` : `line ${line} repeats`;
  const reason = `${which} the header; such lines are left out`;
  return [{ name: 'on_bad_lines', value: 'warn', reason }];
}

/** Adds what one report has to another. */
function passOn(from: FullReport, to: Report): void {
  const findings = from.findings();
  findings.forEach((finding) => to.add(finding));
  for (const { code, severity, total } of from.totals()) {
    const kept = findings.filter((finding) => finding.code === code && finding.severity === severity).length;
    for (let count = kept; count < total; count++) to.count(code, severity);
  }
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
