import type { Report } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { RecordBatch } from '../records/rows.js';
import { DistinctValues } from '../survey/distinct-values.js';
import type { CheckedColumn, ColumnCheck } from './column-check.js';

/** The share of rows that must have a value. A note beside some rows does not name them. */
const MOST = 0.5;

/** The fix of a column of numbers. */
const FIX = 'Remove the column from `schema`. If it names the rows, it can be the `data_id`.';

/** Finds a column that has another value in every row. It looks at values until there are as many as the limit. */
export class UniqueCheck implements ColumnCheck {
  readonly #distinct: DistinctValues;
  #present = 0;

  constructor(
    private readonly column: CheckedColumn,
    limit: number,
    private readonly isText = true,
  ) {
    this.#distinct = new DistinctValues(limit);
  }

  add({ cells }: RecordBatch): 'open' | 'closed' | 'decided' {
    const { from, isMissing } = this.column;
    for (const row of cells) {
      const cell = row[from]!;
      if (isMissing(cell)) continue;
      this.#distinct.add(cell.trim());
      if (this.#distinct.hasMore) return 'decided';
      if (this.#distinct.count < ++this.#present) return 'closed';
    }
    return 'open';
  }

  finish(report: Report, rows: number): void {
    const { hasMore } = this.#distinct;
    if (!hasMore && this.#present <= MOST * rows) return;
    const { file, name } = this.column;
    const count = this.#present.toLocaleString('en-US');
    const message = `${hasMore ? 'The first' : 'All'} ${count} values of the column are different, so it says nothing about other rows.`;
    // The type of numbers is declared already.
    report.add(makeFinding('unique-column', { message, file, column: name, ...(!this.isText && { fix: FIX }) }));
  }
}

/** Finds a column of whole numbers that number the rows, from 0 or 1 on. */
export class RowNumberCheck implements ColumnCheck {
  #next?: number;

  constructor(private readonly column: CheckedColumn) {}

  add({ cells }: RecordBatch): 'open' | 'closed' {
    const { from } = this.column;
    for (const row of cells) {
      const number = row[from]!.trim() === '' ? NaN : Number(row[from]);
      if (this.#next === undefined && (number === 0 || number === 1)) this.#next = number;
      if (number !== this.#next) return 'closed';
      this.#next++;
    }
    return 'open';
  }

  finish(report: Report): void {
    const { file, name } = this.column;
    const message = 'The column numbers the rows, so it says nothing about other rows.';
    report.add(makeFinding('unique-column', { message, file, column: name, fix: FIX }));
  }
}
