import type { CsvFormat } from '@tracebloc/ingestor-core';
import { UnreadableError, makeFinding } from '../../findings/findings.js';
import { MAX_CELLS, type NumberedRows, type ParseObserver, type ParseRows } from '../types.js';
import { Tokenizer, type Tokens } from './tokenizer.js';

/** Parses the text of a CSV into rows. Blank lines before the header are ignored. */
export function parseCsv(format: CsvFormat): ParseRows {
  return async function* (pieces, observer) {
    const tokenizer = new Tokenizer(format);
    const filter = new RowFilter(format, observer);

    // Rows can be counted without a filter only if each record that is not blank is a row or an error.
    const countsRecords = format.onBadLines === 'error' && format.skipBlankLines;
    const keep = function* ({ rows, lines, problem }: Tokens): Generator<NumberedRows, void> {
      yield* filter.keep(rows, lines);
      if (problem) throw new UnreadableError(problem);
    };

    try {
      for await (const piece of pieces) {
        const { position } = observer;
        if (position === 'after') return;
        if (position === 'before' && countsRecords && filter.hasWidth) {
          const { count, problem } = tokenizer.skip(piece);
          observer.pass(count);
          if (problem) throw new UnreadableError(problem);
        } else {
          yield* keep(tokenizer.push(piece));
        }
      }
    } catch (error) {
      if (error instanceof UnreadableError) error.finding.row ??= tokenizer.line;
      throw error;
    }
    yield* keep(tokenizer.end());
  };
}

/** Removes blank lines, and reports rows whose number of fields differs from the header's. */
class RowFilter {
  #width = 0;

  constructor(
    private readonly format: Pick<CsvFormat, 'onBadLines' | 'skipBlankLines'>,
    private readonly observer: ParseObserver,
  ) {}

  /** Whether the header has been read. */
  get hasWidth(): boolean {
    return this.#width > 0;
  }

  *keep(rows: string[][], lines: number[]): Generator<NumberedRows, void> {
    if (this.#width > 0 && rows.every((row) => row.length === this.#width)) {
      yield { rows, lines };
      return;
    }
    let kept: NumberedRows = { rows: [], lines: [] };
    for (const [index, row] of rows.entries()) {
      const line = lines[index]!;
      if (!this.#isUsable(row, line)) continue;
      kept.rows.push(row);
      kept.lines.push(line);
      if (kept.rows.length * this.#width <= MAX_CELLS) continue;
      yield kept;
      kept = { rows: [], lines: [] };
    }
    yield kept;
  }

  #isUsable(row: string[], line: number): boolean {
    if (this.#width === 0) {
      this.#width = row.length;
      return row.length > 0;
    }
    if (row.length === this.#width) return true;
    if (row.length > 0) {
      this.#reportRagged(row.length, line);
    } else if (!this.format.skipBlankLines) {
      for (let index = 0; index < this.#width; index++) row.push('');
      return true;
    }
    return false;
  }

  #reportRagged(fields: number, line: number): void {
    const { report } = this.observer;
    const warns = this.format.onBadLines === 'warn';
    const severity = warns ? 'warning' : 'error';
    if (warns) this.observer.skip();
    if (report.isFull('ragged-row')) {
      report.count('ragged-row', severity);
      return;
    }
    const message = `Line ${line} has ${fields} fields, but the header has ${this.#width}${warns ? '; the line is skipped' : ''}.`;
    report.add(makeFinding('ragged-row', { severity, message, row: line, expected: `${this.#width} fields` }));
  }
}
