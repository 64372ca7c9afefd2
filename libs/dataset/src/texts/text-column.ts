import { resolve } from 'node:path';
import type { DatasetRecord, Finding, Report, Severity, TaskContext } from '@tracebloc/ingestor-contract';
import type { SidecarFile } from '../files/sidecar-folder.js';
import { FILENAME } from '../records/filename.js';
import { type FileRow, readFileRecords } from '../records/file-records.js';
import { FingerprintIndex } from '../records/fingerprint-index.js';
import { type LabelCheck, eachRow, openRecords } from '../records/rows.js';
import { columnFindings } from './findings.js';
import { joinFields } from './join.js';
import { readStem } from './stem.js';

/** The digits of a name that is the number of its row, so that names and rows have the same order. */
const DIGITS = 9;

/** How texts of a column become files. */
export interface TextColumnRule {
  /** The columns of the texts, at least one. */
  columns: readonly string[];
  /** The extension of the files. */
  extension: string;
  /** Whether the text of several columns is one line. */
  isLine: boolean;
  labelCheck: LabelCheck;
  check: (file: SidecarFile, report: Report, record: DatasetRecord) => Promise<void>;
}

/**
 * Reads the records of a dataset whose rows hold their texts. Each text becomes a file, which has the name that the row gives it
 * or else the number of the row, from 1. It keeps 24 bytes for each name that a row gives.
 */
export async function* readTextColumn(
  context: TaskContext<unknown>,
  { columns, extension, isLine, labelCheck, check }: TextColumnRule,
): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, filename = FILENAME } = context;
  // The usual column is taken if it is there. One that the configuration names must be there.
  const isUsual = filename === FILENAME;
  const further = isUsual ? columns : [...columns, filename];
  const rows = await openRecords(context, labelCheck, (header) =>
    isUsual && header.includes(filename) ? [...further, filename] : further,
  );
  if (!rows) return;
  const at = columns.map((name) => rows.at.get(name));
  const nameAt = rows.at.get(filename);
  const isComplete = !at.includes(undefined) && (isUsual || nameAt !== undefined);
  const names = new FingerprintIndex();
  let count = dataset.passed;

  const complete = async ({ record, cells }: FileRow, report: Report): Promise<DatasetRecord> => {
    const { row } = record;
    const number = String(++count).padStart(DIGITS, '0');
    if (!isComplete) return record;
    const place = { report, file: dataset.file, row, column: filename };
    const stem = nameAt === undefined ? number : readStem(cells[nameAt]!, extension, place);
    if (stem === undefined) return record;
    const earlier = nameAt === undefined ? undefined : names.add(stem, row);
    if (!dataset.isOwn(row)) return record;
    if (earlier !== undefined) {
      const message = `Row ${earlier} gives its text the same name.`;
      columnFindings.report(report, 'repeated-text-name', () => ({ ...placeOf(place), value: stem, message }));
      return record;
    }
    const text = textOf(
      at.map((index) => cells[index!]!),
      isLine,
      { ...place, column: columns.join(', ') },
    );
    const content = Buffer.from(text);
    const target = stem + extension;
    const source = resolve(`${dataset.file}#${target}`);
    const file = { stem, extension, shown: source, path: source, size: 0, repeated: false, make: async () => content };
    await check(file, new CellReport(report, source, { file: dataset.file, row, column: columns.join(', ') }), record);
    return { ...record, filename: stem, extension, files: [{ source, target, content }] };
  };
  yield* readFileRecords(eachRow(rows), complete, context);
}

/** Returns the text of a row. */
function textOf(
  fields: readonly string[],
  isLine: boolean,
  place: { report: Report; file: string; row: number; column: string },
): string {
  const [only, ...others] = fields;
  if (others.length === 0) return only!;
  const { text, isChanged } = joinFields(fields, isLine);
  if (isChanged) {
    const what = isLine ? 'tabs or line breaks' : 'tabs';
    const message = `A cell has ${what}, which became spaces: a tab separates the cells in the text.`;
    columnFindings.report(place.report, 'separator-in-cell', () => ({ ...placeOf(place), message }));
  }
  return text;
}

const placeOf = ({ file, row, column }: { file: string; row: number; column: string }) => ({ file, row, column });

/** A report in which findings about a file that was made of a cell name the cell. */
class CellReport implements Report {
  constructor(
    private readonly report: Report,
    private readonly file: string,
    private readonly place: Pick<Finding, 'file' | 'row' | 'column'>,
  ) {}

  get errors(): number {
    return this.report.errors;
  }

  get warnings(): number {
    return this.report.warnings;
  }

  add(finding: Finding): void {
    this.report.add(finding.file === this.file ? { ...finding, ...this.place } : finding);
  }

  count(code: string, severity: Severity): void {
    this.report.count(code, severity);
  }

  isFull(code: string): boolean {
    return this.report.isFull(code);
  }
}
