import type { RowBatch } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { ParseObserver } from './types.js';

/** Takes rows that are the same as the header out of a CSV file, and reports them. */
export class RepeatedHeaderFilter {
  readonly #canRepeat: boolean;

  constructor(
    private readonly names: readonly string[],
    private readonly onBadLines: 'error' | 'warn',
  ) {
    // A row of these names may be data otherwise.
    const isDistinct = new Set(names).size === names.length;
    this.#canRepeat = names.length > 1 && isDistinct && names.every((name) => name.trim() !== '');
  }

  /** Takes the rows out of a batch. With `on_bad_lines: warn` they count as skipped. */
  apply(batch: RowBatch, observer: ParseObserver): void {
    if (this.#canRepeat && batch.rows.some((row) => row[0] === this.names[0])) this.#drop(batch, observer);
  }

  #drop({ rows, lines }: RowBatch, { report, skip }: ParseObserver): void {
    const severity = this.onBadLines === 'warn' ? 'warning' : 'error';
    let kept = 0;
    for (const [index, row] of rows.entries()) {
      const line = lines[index]!;
      if (row.some((cell, column) => cell !== this.names[column])) {
        rows[kept] = row;
        lines[kept++] = line;
        continue;
      }
      if (severity === 'warning') skip();
      const message = `Line ${line} is the same as the header${severity === 'warning' ? ', and is skipped' : ''}.`;
      if (report.isFull('repeated-header')) report.count('repeated-header', severity);
      else report.add(makeFinding('repeated-header', { severity, message, row: line }));
    }
    rows.length = lines.length = kept;
  }
}
