import { createReport, compileCheck, detectFormat, openReader, surveyPath } from '@tracebloc/ingestor-dataset';
import { parseSqlType, type Finding } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, type CsvFormat } from '@tracebloc/ingestor-core';

/** What was read of a file. */
export interface Reading {
  header: string[];
  rows: string[][];
  /** The codes of errors, of warnings, and `doubt` for each doubt. */
  errors: string[];
  warnings: string[];
  findings: readonly Finding[];
  options?: object;
  doubts: readonly string[];
}

const signal = new AbortController().signal;

async function readRows(path: string, csv: CsvFormat, columns: readonly string[] | 'all'): Promise<Reading> {
  const report = createReport();
  const reading: Reading = { header: [], rows: [], errors: [], warnings: [], findings: [], doubts: [] };
  const reader = openReader({ format: 'csv', path, file: path, csv, missing: 'tokens', columns });
  const manifest = await reader.open(report, signal);
  if (manifest) {
    reading.header = [...manifest.header];
    for await (const { rows } of manifest.batches) reading.rows.push(...rows);
  }
  reading.findings = report.findings();
  for (const { code, severity } of reading.findings)
    (severity === 'error' ? reading.errors : reading.warnings).push(code);
  return reading;
}

/** Reads a file as `init` does: with the options that it detects. */
export async function readDetected(path: string): Promise<Reading> {
  const { csv } = await detectFormat(path, 'csv', signal);
  const reading = await readRows(path, csv, 'all');
  const report = createReport();
  const [profile] = (await surveyPath(path, signal, report)).manifests;
  const found = report.findings();
  const errors = found.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  const warnings = found.filter(({ severity }) => severity !== 'error').map(({ code }) => code);
  const options = Object.fromEntries((profile?.options ?? []).map(({ name, value }) => [name, value]));
  if (reading.rows.length >= 20 && hasMixedColumn(reading.rows)) warnings.push('mixed-values');
  return {
    ...reading,
    errors: profile ? errors : [...errors, 'no-profile'],
    warnings,
    findings: found,
    options,
    doubts: profile?.doubts ?? [],
  };
}

/** Reads a file with the default options, as a configuration with a schema of these columns does. */
export async function readDeclared(
  path: string,
  header: readonly string[],
  types: readonly (string | undefined)[],
  onBadLines: 'error' | 'warn',
): Promise<Reading> {
  const reading = await readRows(path, { ...CSV_DEFAULTS, onBadLines }, header);
  const at = header.map((name) => reading.header.findIndex((one) => one.trim() === name.trim()));
  if (reading.header.length > 0 && at.includes(-1)) reading.errors.push('missing-column');
  for (const [index, type] of types.entries()) {
    const from = at[index]!;
    if (type === undefined || from === -1) continue;
    const check = compileCheck(parseSqlType(type));
    const isValid = (cell: string) => cell === '' || cell === 'NA' || typeof check(cell.trim()) === 'string';
    if (!reading.rows.every((row) => isValid(row[from]!))) reading.errors.push('invalid-value');
  }
  return reading;
}

export type Outcome = 'equal' | 'told' | 'silent' | 'equal-error';

/** Compares what was read with what is meant. Names and values may differ in the white space around them. */
export function outcomeOf(
  reading: Reading,
  header: readonly string[],
  rows: readonly string[][],
  hasDoubts = true,
): Outcome {
  const told = reading.errors.length + reading.warnings.length + (hasDoubts ? reading.doubts.length : 0) > 0;
  const isEqual =
    isSame(reading.header, header) &&
    reading.rows.length === rows.length &&
    rows.every((row, index) => isSame(reading.rows[index]!, row));
  if (isEqual) return reading.errors.length > 0 ? 'equal-error' : 'equal';
  return told ? 'told' : 'silent';
}

export function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((cell, index) => cell.trim() === other[index]!.trim());
}

const NUMBER_OR_DATE = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|\d{4}-\d\d-\d\d)$/i;

/** Whether `validate` warns of a column that has nearly only numbers or dates. */
function hasMixedColumn(rows: readonly string[][]): boolean {
  return rows[0]!.some((_, column) => {
    const filled = rows.map((row) => row[column]!.trim()).filter((cell) => cell !== '' && cell !== 'NA');
    const typed = filled.filter((cell) => NUMBER_OR_DATE.test(cell)).length;
    return typed > 0.95 * filled.length && typed < filled.length;
  });
}
