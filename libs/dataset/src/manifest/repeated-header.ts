import type { RowBatch } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { ParseObserver } from './types.js';

/** The bits of a character that are compared first. */
const BITS = 127;
/** The fewest columns whose names in another order cannot be values. */
const MIN_REORDERED = 3;

/**
 * Takes rows that repeat the header out of a CSV file, and reports them. Such rows come from files that were joined. They may
 * differ from the header in case. If they have the names in another order, so probably have the rows after them.
 */
export class RepeatedHeaderFilter {
  readonly #canRepeat: boolean;
  readonly #folded: readonly string[];
  readonly #names: ReadonlySet<string>;
  /** The last bits of the lengths of the names and of their first characters: few cells have both. */
  readonly #lengths = new Uint8Array(BITS + 1);
  readonly #firsts = new Uint8Array(BITS + 1);

  constructor(
    names: readonly string[],
    /** Whether such rows are left out with a warning. */
    private readonly skips: boolean,
  ) {
    this.#folded = names.map(fold);
    this.#names = new Set(this.#folded);
    // A row of these names may be data otherwise.
    this.#canRepeat = names.length > 1 && this.#names.size === names.length && !this.#names.has('');
    for (const name of names) {
      this.#lengths[name.length & BITS] = 1;
      for (const text of [name, name.toLowerCase(), name.toUpperCase()]) this.#firsts[text.charCodeAt(0) & BITS] = 1;
    }
  }

  /** Takes the rows out of a batch. With a warning they count as skipped, unless their order differs. */
  apply(batch: RowBatch, observer: ParseObserver): void {
    if (this.#canRepeat && this.#hasRepeated(batch.rows)) this.#drop(batch, observer);
  }

  #hasRepeated(rows: readonly (readonly string[])[]): boolean {
    const lengths = this.#lengths;
    const firsts = this.#firsts;
    for (const row of rows) {
      const first = row[0]!;
      const mayBeName = lengths[first.length & BITS] === 1 && firsts[first.charCodeAt(0) & BITS] === 1;
      if (mayBeName && this.#isRepeated(row)) return true;
    }
    return false;
  }

  #isRepeated(row: readonly string[]): boolean {
    if (!this.#names.has(fold(row[0]!))) return false;
    if (this.#isInOrder(row)) return true;
    const cells = new Set(row.map(fold));
    return (
      row.length >= MIN_REORDERED && cells.size === row.length && [...cells].every((cell) => this.#names.has(cell))
    );
  }

  #isInOrder(row: readonly string[]): boolean {
    return row.every((cell, column) => fold(cell) === this.#folded[column]);
  }

  #drop({ rows, lines }: RowBatch, observer: ParseObserver): void {
    const { report } = observer;
    let kept = 0;
    for (const [index, row] of rows.entries()) {
      const line = lines[index]!;
      if (!this.#isRepeated(row)) {
        rows[kept] = row;
        lines[kept++] = line;
        continue;
      }
      const isInOrder = this.#isInOrder(row);
      const severity = this.skips && isInOrder ? 'warning' : 'error';
      if (severity === 'warning') observer.skip();
      if (report.isFull('repeated-header')) {
        report.count('repeated-header', severity);
        continue;
      }
      const message = isInOrder
        ? `Line ${line} repeats the header${severity === 'warning' ? ', and is skipped' : ''}.`
        : `Line ${line} has the names of the header in another order, in which the rows after it probably are too.`;
      const fix = isInOrder ? {} : { fix: 'Write the columns of all rows in one order, by their names.' };
      report.add(makeFinding('repeated-header', { severity, message, row: line, ...fix }));
    }
    rows.length = lines.length = kept;
  }
}

const fold = (text: string): string => text.trim().toLowerCase();
