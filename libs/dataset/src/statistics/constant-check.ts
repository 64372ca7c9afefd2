import type { Report } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { RecordBatch } from '../records/rows.js';
import { type CheckedColumn, type ColumnCheck, copyText } from './column-check.js';

/** Finds a column that has the same value in every row, or none. */
export class ConstantCheck implements ColumnCheck {
  #first?: string;

  constructor(private readonly column: CheckedColumn) {}

  add({ cells }: RecordBatch): 'open' | 'closed' {
    const { from } = this.column;
    if (cells.length === 0) return 'open';
    this.#first ??= copyText(cells[0]![from]!);
    const first = this.#first;
    return cells.every((row) => row[from] === first) ? 'open' : 'closed';
  }

  finish(report: Report, rows: number): void {
    const { file, name, isMissing } = this.column;
    const value = isMissing(this.#first!) ? undefined : this.#first;
    const count = rows.toLocaleString('en-US');
    const message =
      value === undefined
        ? `None of the ${count} rows has a value in the column.`
        : `All ${count} rows have the same value in the column.`;
    report.add(makeFinding('constant-column', { message, file, column: name, value }));
  }
}
