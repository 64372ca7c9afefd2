import type { CsvFormat } from '@tracebloc/ingestor-core';
import { UnreadableError, makeFinding, reportFinding } from '../../findings/findings.js';
import { MAX_CELLS, type NumberedRows, type ParseObserver, type ParseRows } from '../types.js';
import { badRecordFinding, type BadRecord } from './bad-record.js';
import { FooterQueue } from './footer.js';
import { HeaderReader } from './header.js';
import { namesTotal } from '../../statistics/total-words.js';
import { Tokenizer, type Tokens } from './tokenizer.js';

/** Parses the text of a CSV into rows. Blank lines before the header are ignored. */
export function parseCsv(format: CsvFormat): ParseRows {
  return async function* (pieces, observer) {
    const tokenizer = new Tokenizer(format);
    const filter = new RowFilter(format, observer);
    const footer = new FooterQueue(format.skipFooter ?? 0);

    // Rows can be counted without a filter only if each record that is not blank is a row or an error.
    const countsRecords = format.onBadLines === 'error' && format.skipBlankLines && !format.skipFooter;
    const keep = function* (tokens: Iterable<Tokens>): Generator<NumberedRows, void> {
      for (const next of tokens) {
        filter.noteStrays(next.strays);
        for (const { rows, lines, bad } of footer.delay(next)) {
          yield* filter.keep(rows, lines);
          if (bad) filter.refuse(bad);
        }
        if (next.problem) throw new UnreadableError(next.problem);
      }
    };

    try {
      for await (const piece of pieces) {
        const { position } = observer;
        if (position === 'after') return;
        const mayCount = position === 'before' && countsRecords && filter.isInStep;
        yield* keep(mayCount ? tokenizer.skip(piece, (count) => observer.pass(count)) : tokenizer.read(piece));
      }
    } catch (error) {
      if (error instanceof UnreadableError) {
        error.finding.row ??= tokenizer.line;
        filter.end();
      }
      throw error;
    }
    yield* keep(tokenizer.finish());
    filter.end();
  };
}

/** Finds the header, removes blank lines, and reports rows whose number of fields differs from the header's. */
class RowFilter {
  #width = 0;
  /** The fields of rows to come, by line, that have a quote but do not begin with one. */
  readonly #strays = new Map<number, number>();
  /** Whether a row of the right width has been found. */
  #hasRows = false;
  /** A record with invalid quoting, after which no record of the right width has been found yet. */
  #bad?: BadRecord;
  readonly #header: HeaderReader;
  #isUnitsNext: boolean;

  constructor(
    private readonly format: CsvFormat,
    private readonly observer: ParseObserver,
  ) {
    this.#header = new HeaderReader(format);
    this.#isUnitsNext = format.unitsRow ?? false;
  }

  /** Whether the header has been read, and every record that is not blank is a row or an error. */
  get isInStep(): boolean {
    return this.#width > 0 && !this.#bad && !this.#isUnitsNext;
  }

  /** Whether a row without any value is left out as a blank line is. */
  get #skipsEmpty(): boolean {
    return this.format.onBadLines === 'warn' && this.format.skipBlankLines;
  }

  *keep(rows: string[][], lines: number[]): Generator<NumberedRows, void> {
    if (this.format.trailingDelimiter) rows.forEach((row) => this.#dropLastField(row));
    if (this.isInStep && this.#strays.size === 0 && areWhole(rows, this.#width)) {
      this.#hasRows ||= rows.length > 0;
      yield { rows, lines };
      return;
    }
    let kept: NumberedRows = { rows: [], lines: [] };
    const add = (row: string[], line: number) => {
      kept.rows.push(row);
      kept.lines.push(line);
    };
    for (const [index, row] of rows.entries()) {
      const line = lines[index]!;
      if (this.#width === 0) {
        const header = row.length > 0 ? this.#header.take(row, line) : undefined;
        if (header) {
          if (header.isHeaderRow) this.#reportStray(line);
          add(header.names, line);
        }
        this.#width = header?.names.length ?? 0;
        if (!header || header.isHeaderRow) continue;
      }
      if (!this.#isUsable(row, line)) continue;
      this.#reportStray(line);
      this.#reportEmpty(row, line);
      if (this.#skipsEmpty && isEmpty(row)) continue;
      add(row, line);
      if (kept.rows.length * this.#width <= MAX_CELLS) continue;
      yield kept;
      kept = { rows: [], lines: [] };
    }
    yield kept;
    // The strays of rows that were left out do not matter.
    const last = lines.at(-1);
    for (const line of this.#strays.keys()) if (last !== undefined && line <= last) this.#strays.delete(line);
  }

  noteStrays(strays: Tokens['strays']): void {
    for (const { line, field } of strays) this.#strays.set(line, field);
  }

  /** Removes the empty field after the last delimiter, also of the header. */
  #dropLastField(row: string[]): void {
    const isTooWide = this.#width === 0 ? row.length > 1 : row.length === this.#width + 1;
    if (isTooWide && row.at(-1) === '') row.pop();
  }

  /** Leaves out a record with invalid quoting. Throws `UnreadableError` if it is the header. */
  refuse(bad: BadRecord): void {
    if (this.#width === 0) {
      const after = `the rows from line ${bad.line} on were not checked`;
      throw new UnreadableError(badRecordFinding(bad, 'error', after));
    }
    this.#goOn(`reading went on at line ${bad.line}`);
    this.#bad = bad;
  }

  /** Must be called after the last row. */
  end(): void {
    this.#goOn('no later line has the fields of the header');
  }

  /** Reports the record with invalid quoting, if one is pending. */
  #goOn(after: string): void {
    const bad = this.#bad;
    if (!bad) return;
    this.#bad = undefined;
    const { report } = this.observer;
    const severity = this.#severity();
    if (report.isFull(bad.code)) report.count(bad.code, severity);
    else report.add(badRecordFinding(bad, severity, after));
  }

  #isUsable(row: string[], line: number): boolean {
    if (this.#isUnitsNext && row.length > 0) {
      this.#isUnitsNext = false;
      return false;
    }
    // A stray quote suggests that the line is still within the text that was meant to be quoted.
    const mayFit = !this.#bad || !this.#strays.has(line);
    if (row.length === this.#width && mayFit) {
      this.#hasRows = true;
      this.#goOn(`reading went on at line ${line}`);
      return true;
    }
    if (this.#bad) {
      // The lines of a record with invalid quoting are left out with it until one fits.
    } else if (row.length > 0) {
      this.#reportRagged(row, line);
    } else if (!this.format.skipBlankLines) {
      for (let index = 0; index < this.#width; index++) row.push('');
      return true;
    }
    return false;
  }

  /** Warns of a quote in a field of a row that does not begin with one. */
  #reportStray(line: number): void {
    const field = this.#strays.get(line);
    if (field === undefined) return;
    this.#strays.delete(line);
    const { report } = this.observer;
    if (report.isFull('quote-in-field')) {
      report.count('quote-in-field', 'warning');
      return;
    }
    const message = `Field ${field + 1} of line ${line} has a quote but does not begin with one; the quote is read as text.`;
    report.add(makeFinding('quote-in-field', { message, row: line }));
  }

  /** Warns of a row that has delimiters, but no value. Whoever keeps blank lines expects such rows. */
  #reportEmpty(row: readonly string[], line: number): void {
    if (!this.format.skipBlankLines || !isEmpty(row)) return;
    const skipped = this.#skipsEmpty ? '; it is skipped' : '';
    if (this.#skipsEmpty) this.observer.skip();
    const message = `The row has delimiters, but no value${skipped}.`;
    reportFinding(this.observer.report, 'empty-row', () => ({ message, row: line }));
  }

  /** Returns the severity of a row that is left out, and counts it if it is only a warning. */
  #severity(): 'error' | 'warning' {
    if (this.format.onBadLines === 'error') return 'error';
    this.observer.skip();
    return 'warning';
  }

  #reportRagged(row: readonly string[], line: number): void {
    const { report } = this.observer;
    const severity = this.#severity();
    if (report.isFull('ragged-row')) {
      report.count('ragged-row', severity);
      return;
    }
    const skipped = severity === 'warning' ? '; the line is skipped' : '';
    const message = `Line ${line} has ${row.length} fields, but the header has ${this.#width}${skipped}.`;
    const fix = this.#raggedFix(row, line);
    const expected = `${this.#width} fields`;
    report.add(makeFinding('ragged-row', { severity, message, row: line, expected, ...(fix && { fix }) }));
  }

  /** Returns the fix for what a row looks like, or `undefined` if the usual fix of the code applies. */
  #raggedFix(row: readonly string[], line: number): string | undefined {
    const { quote, escape } = this.format;
    const mark = /^[#%]/.exec(row[0]!)?.[0];
    const isEscaped = escape === quote && row.some((cell) => cell.endsWith('\\'));
    const causes: [applies: boolean, option: string][] = [
      [
        row.some(namesTotal),
        'this is a total at the end of the file, set `spec.csv_options.skip_footer` to the number of such lines',
      ],
      [
        row.length === this.#width + 1 && row.at(-1) === '',
        'every row ends with the delimiter, set `spec.csv_options.trailing_delimiter: true`',
      ],
      [
        !this.#hasRows && row.length >= 2 * this.#width,
        `this line has the names of the columns, set \`spec.csv_options.header: ${line}\``,
      ],
      [
        row.length > this.#width && isEscaped,
        'a backslash protects delimiters and quotes, set `spec.csv_options.escapechar: "\\\\"`',
      ],
      [
        !this.#hasRows && row.length === this.#width + 1,
        'every row begins with its own name, as R writes it, add a name for these at the beginning of the header',
      ],
      [mark !== undefined, `lines that begin with ${mark} are comments, set \`spec.csv_options.comment: "${mark}"\``],
    ];
    const option = causes.find(([applies]) => applies)?.[1];
    if (option === undefined) return undefined;
    const correct = row.length > this.#width ? 'quote fields that contain the delimiter' : 'complete the row';
    return `If ${option}. Otherwise ${correct}, or set \`spec.csv_options.on_bad_lines: warn\` to skip such rows.`;
  }
}

/** Whether all rows have a number of cells and a value. */
function areWhole(rows: readonly (readonly string[])[], width: number): boolean {
  for (const row of rows) {
    if (row.length !== width || (row[0] === '' && isEmpty(row))) return false;
  }
  return true;
}

/** Whether a row has several cells and no value. Most rows have a value in one of the first cells. */
const isEmpty = (row: readonly string[]): boolean => row[0] === '' && row[1] === '' && row.every((cell) => cell === '');
