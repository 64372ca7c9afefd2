import type { CsvFormat } from '@tracebloc/ingestor-core';
import { isSpace } from '../text.js';

/** The part of a CSV's format that says where cells and records end. */
export type Dialect = Pick<CsvFormat, 'delimiter' | 'quote' | 'escape'>;

/** Where the scan is within a cell; `start` is before the first character that is not a space. */
const State = { start: 0, plain: 1, quoted: 2, closed: 3 } as const;
type State = (typeof State)[keyof typeof State];

const LF = 10;
const CR = 13;

/**
 * Scans one record that may arrive in any number of pieces, cut anywhere. It knows everything that a record may contain, and
 * examines each character once, however long the record is. The tokenizer gives it the records that its fast paths do not
 * know, and those that a piece cuts.
 */
export class RecordScanner {
  /** The cells of the record so far. A blank record has none. */
  row: string[] = [];
  /** The scanned text of the record. */
  raw = '';
  /** The end of the text, which was not scanned because its meaning depends on the next character. */
  held = '';
  /** The offset in `raw` of the quote that was opened last. */
  quoteAt = 0;
  #state: State = State.start;
  /** What is scanned of the current cell. */
  #cell = '';
  #isFirstQuoted = false;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  /** Finds the end of an unquoted cell. */
  readonly #plainEnd: RegExp;
  /** Finds a character with a meaning in a quoted cell. */
  readonly #quotedEnd: RegExp;

  constructor({ delimiter, quote, escape }: Dialect) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote === '' ? -1 : quote.charCodeAt(0);
    this.#escape = escape === '' ? this.#quote : escape.charCodeAt(0);
    this.#plainEnd = finder(`${delimiter}\r\n`);
    this.#quotedEnd = finder(quote + escape);
  }

  /** Whether a record was begun and has not ended. */
  get isOpen(): boolean {
    return this.raw !== '' || this.held !== '';
  }

  get isInQuotes(): boolean {
    return this.#state === State.quoted;
  }

  /**
   * Scans a text, which begins with what was held, from an offset on. Returns the offset after the end of the record, -1 if
   * the text ends before the record does, and -2 if text follows a closing quote, where `raw` then ends.
   */
  scan(text: string, from: number): number {
    this.held = '';
    let at = from;
    let start = from;
    for (;;) {
      if (this.#state === State.quoted) {
        const end = find(this.#quotedEnd, text, at);
        if (end >= text.length - 1) return this.#suspend(text, from, start, end);
        const code = text.charCodeAt(end);
        const next = text.charCodeAt(end + 1);
        at = end + 1;
        if (code === this.#escape && (next === this.#quote || next === this.#escape)) {
          this.#cell += text.slice(start, end);
          start = at++;
        } else if (code === this.#quote) {
          this.#cell += text.slice(start, end);
          start = at;
          this.#state = State.closed;
        }
        continue;
      }
      if (this.#state === State.plain) at = find(this.#plainEnd, text, at);
      if (at === text.length) return this.#suspend(text, from, start, at);
      const code = text.charCodeAt(at);
      if (code === this.#delimiter) {
        this.#endCell(text, start, at);
        start = ++at;
        this.#state = State.start;
      } else if (code === LF || code === CR) {
        if (code === CR && at + 1 === text.length) return this.#suspend(text, from, start, at);
        this.#endCell(text, start, at);
        at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
        this.raw += text.slice(from, at);
        if (!this.#isFirstQuoted) emptyBlank(this.row);
        return at;
      } else if (isSpace(code)) {
        at++;
      } else if (this.#state === State.closed) {
        this.raw += text.slice(from, at);
        return -2;
      } else if (code === this.#quote) {
        this.#cell = '';
        this.quoteAt = this.raw.length + at - from;
        this.#isFirstQuoted ||= this.row.length === 0;
        start = ++at;
        this.#state = State.quoted;
      } else {
        this.#state = State.plain;
      }
    }
  }

  /** Must be called after the end of a record, before the next one is scanned. */
  reset(): void {
    this.row = [];
    this.raw = '';
    this.#state = State.start;
    this.#cell = '';
    this.#isFirstQuoted = false;
  }

  #endCell(text: string, start: number, end: number): void {
    this.row.push(this.#state === State.closed ? this.#cell : this.#cell + text.slice(start, end));
    this.#cell = '';
  }

  #suspend(text: string, from: number, start: number, end: number): -1 {
    if (this.#state !== State.closed) this.#cell += text.slice(start, end);
    this.raw += text.slice(from, end);
    this.held = text.slice(end);
    return -1;
  }
}

/**
 * Applies two rules to a record whose first cell is not quoted: a record of white space has no cells, and white space as the
 * first cell is an empty cell.
 */
export function emptyBlank(row: string[]): void {
  if (!isBlank(row[0]!)) return;
  if (row.length === 1) row.pop();
  else row[0] = '';
}

/** Whether a cell is blank. The first character is tested before trimming because most cells start with a letter or digit. */
function isBlank(cell: string): boolean {
  return cell === '' || (cell.charCodeAt(0) <= 32 || cell.charCodeAt(0) >= 128 ? cell.trim() === '' : false);
}

/** Returns a pattern that finds any of the characters. */
function finder(characters: string): RegExp {
  return characters === '' ? /$^/g : new RegExp(`[${characters.replaceAll(/[\\\]^-]/g, '\\$&')}]`, 'g');
}

/** Returns the offset of the next match, or the length of the text. */
function find(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex - 1 : text.length;
}
