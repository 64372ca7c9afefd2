import type { CsvFormat } from '@tracebloc/ingestor-core';
import type { CsvParser } from './parser.js';
import { parsePlain } from './plain.js';
import { RecordSplitter, type Records } from './records.js';
import { UnreadableError, makeFinding } from '../../findings/findings.js';
import { MAX_CELLS, type NumberedRows, type ParseObserver, type ParseRows } from '../types.js';

/** Parses the text of a CSV into rows. Blank lines before the header are ignored. */
export function parseCsv(format: CsvFormat): ParseRows {
  return async function* (pieces, observer) {
    const splitter = new RecordSplitter(format);
    let parser: CsvParser | undefined;
    const filter = new RowFilter(format, observer);

    // Lines can be counted without parsing only if each line that is not blank is a row or an error.
    const countsLines = format.onBadLines === 'error' && format.skipBlankLines;
    const rowsOf = async ({ text, plain }: Records) => {
      if (text === '') return [];
      if (plain) return parsePlain(text, format.delimiter);
      // fast-csv takes time to load, and most files have no quotes.
      parser ??= new (await import('./parser.js')).CsvParser(format);
      return parser.parse(text);
    };
    const parse = async function* (records: Records): AsyncGenerator<NumberedRows, void> {
      const { lines } = records;
      const rows = await rowsOf(records);
      if (rows.length !== lines.length) throw new Error(`${lines.length} records were parsed to ${rows.length} rows`);
      yield* filter.keep(rows, lines);
    };

    try {
      for await (const piece of pieces) {
        const { position } = observer;
        if (position === 'after') return;
        const records = splitter.push(piece);
        if (position === 'before' && countsLines && filter.hasWidth && !STARTS_BLANK.test(records.text)) {
          observer.pass(records.lines.length);
        } else {
          yield* parse(records);
        }
        if (records.problem) throw new UnreadableError(records.problem);
      }
    } catch (error) {
      if (error instanceof UnreadableError) error.finding.row ??= splitter.line;
      throw error;
    }
    const records = splitter.end();
    yield* parse(records);
    if (records.problem) throw new UnreadableError(records.problem);
  };
}

/** Matches a line that may be blank. */
const STARTS_BLANK = /(?:^|\n|\r(?!\n))\s/;

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
