import type { DatasetRecord, Report } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { RecordBatch } from '../records/rows.js';
import { namesMean, namesTotal } from './total-words.js';

/** The most rows at the end that may be totals. */
const TAIL = 3;
/** The most columns whose numbers are added up. */
const MAX_COLUMNS = 3;
/** The fewest rows whose sums are compared. With fewer, a row may be the sum of the others by chance. */
const MIN_SUMMED = 3;
/** The fewest rows after which sums without a word are a total. */
const MIN_SUMMED_WITHOUT_WORD = 20;
/** The part of a sum of fractions by which a total may differ: it may be rounded. */
const ROUNDING = 1e-4;

export interface TotalRowColumns {
  /** The manifest's name in findings. */
  file: string;
  /** The columns of numbers: the index in the cells, and in the values of a record. */
  numeric: readonly { from: number; to: number }[];
  /** The index in the cells of a label that may be a number, or -1. */
  label: number;
  /** The index in the cells of the column that names the rows, or -1. */
  id: number;
  isMissing: (text: string) => boolean;
}

interface Row {
  record: DatasetRecord;
  cells: readonly string[];
}

/** The sum of a column, over the rows that have a number in it. */
interface Sum {
  sum: number;
  count: number;
  numberOf: (record: DatasetRecord) => number | null;
}

/** Finds rows at the end of a table that are totals or averages of the rows before. */
export class TotalRowCheck {
  readonly #columns: TotalRowColumns;
  readonly #sums: Sum[];
  #tail: RecordBatch = { records: [], cells: [] };
  #rows = 0;
  #hasEmptyId = false;

  constructor(columns: TotalRowColumns) {
    this.#columns = columns;
    this.#sums = columns.numeric.slice(0, MAX_COLUMNS).map(({ to }) => ({
      sum: 0,
      count: 0,
      numberOf: ({ values }) => (values[to] === null ? null : Number(values[to])),
    }));
    if (columns.label !== -1) {
      this.#sums.push({ sum: 0, count: 0, numberOf: ({ label }) => (label === null ? null : Number(label)) });
    }
  }

  add({ records, cells }: RecordBatch): void {
    const all = { records: [...this.#tail.records, ...records], cells: [...this.#tail.cells, ...cells] };
    const leaving = Math.max(0, all.records.length - TAIL);
    this.#addUp(all, leaving);
    this.#tail = { records: all.records.slice(leaving), cells: all.cells.slice(leaving) };
  }

  finish(report: Report): void {
    const { records, cells } = this.#tail;
    let totals: { row: number; is: string }[] = [];
    records.forEach((record, index) => {
      const is = this.#describe({ record, cells: cells[index]! });
      if (is !== undefined) {
        totals.push({ row: record.row, is });
        return;
      }
      // Subtotals within the table are not at its end.
      totals = [];
      this.#addUp({ records: [record], cells: [cells[index]!] }, 1);
    });
    const count = totals.length;
    const fix = `Remove ${count === 1 ? 'the row' : `the last ${count} rows`}. In a CSV file: set \`spec.csv_options.skip_footer: ${count}\`, or add ${count} to what is set.`;
    for (const { row, is } of totals) {
      const message = `Row ${row}, at the end of the table, is probably not a record: ${is}.`;
      report.add(makeFinding('total-row', { message, file: this.#columns.file, row, fix }));
    }
  }

  #addUp({ records, cells }: RecordBatch, length: number): void {
    this.#rows += length;
    for (const column of this.#sums) {
      // The column is a label that is a text.
      if (Number.isNaN(column.sum)) continue;
      for (let index = 0; index < length; index++) {
        const number = column.numberOf(records[index]!);
        if (number === null) continue;
        column.sum += number;
        column.count++;
      }
    }
    const { id, isMissing } = this.#columns;
    for (let index = 0; index < length && id !== -1 && !this.#hasEmptyId; index++) {
      this.#hasEmptyId = isMissing(cells[index]![id]!);
    }
  }

  /** Returns a clause that says why the row is a total, or `undefined`. */
  #describe({ record, cells }: Row): string | undefined {
    const { id, isMissing } = this.#columns;
    const isTotal = cells.some(namesTotal);
    const isMean = !isTotal && cells.some(namesMean);
    const hasWord = isTotal || isMean;
    if (this.#isResult(record, isMean)) {
      const name = isMean ? 'means' : 'sums';
      if (hasWord) return `it names a ${isMean ? 'mean' : 'total'}, and its numbers are the ${name} of the rows before`;
      if (this.#rows >= MIN_SUMMED_WITHOUT_WORD && this.#hasOnlyNumbers(cells)) {
        return 'its numbers are the sums of the rows before, and its other cells are empty';
      }
    }
    const lacksId = id !== -1 && isMissing(cells[id]!) && !this.#hasEmptyId && this.#rows > 0;
    return hasWord && lacksId
      ? `it names a ${isMean ? 'mean' : 'total'}, and has no id as the rows before have`
      : undefined;
  }

  /** Whether the numbers of the row are the sums, or the means, of the rows before. */
  #isResult(record: DatasetRecord, isMean: boolean): boolean {
    if (this.#rows < MIN_SUMMED) return false;
    const compared = this.#sums.flatMap(({ sum, count, numberOf }) => {
      const number = numberOf(record);
      // A label that is a text has no sum.
      if (number === null || Number.isNaN(number) || Number.isNaN(sum) || count === 0) return [];
      return [{ number, expected: isMean ? sum / count : sum }];
    });
    return (
      compared.some(({ expected }) => expected !== 0) &&
      compared.every(({ number, expected }) => areClose(number, expected))
    );
  }

  /** Whether every cell is empty unless it is a number, and some are empty that are no numbers. */
  #hasOnlyNumbers(cells: readonly string[]): boolean {
    const { numeric, label, isMissing } = this.#columns;
    const summed = new Set([...numeric.map(({ from }) => from), label]);
    const others = cells.filter((_, index) => !summed.has(index));
    return others.length > 0 && others.every(isMissing);
  }
}

function areClose(one: number, other: number): boolean {
  if (Number.isInteger(one) && Number.isInteger(other)) return one === other;
  return Math.abs(one - other) <= ROUNDING * Math.max(Math.abs(one), Math.abs(other));
}
