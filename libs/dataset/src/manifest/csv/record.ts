import type { Dialect } from './dialect.js';
import { isSpace } from '../text.js';

/** Where the scan is within a cell; `start` is before the first character that is not a space. */
const State = { start: 0, plain: 1, quoted: 2, closed: 3 } as const;
type State = (typeof State)[keyof typeof State];

const LF = 10;
const CR = 13;

/** Returned by `RecordScanner.scan` where the text ends before the record does. */
export const TEXT_ENDS = -1;
/** Returned by `RecordScanner.scan` where text follows a closing quote. */
export const TEXT_AFTER_QUOTE = -2;

/**
 * Scans one record that may arrive in any number of pieces, cut anywhere. It knows everything that a record may contain, and
 * examines each character once, however long the record is. The tokenizer gives it the records that its fast path does not
 * know, and those that a piece cuts.
 */
export class RecordScanner {
  /** The cells of the record so far. A blank record has none. */
  row: string[] = [];
  /** The scanned text of the record. */
  raw = '';
  /** The end of the text, which was not scanned because its meaning depends on the next character. */
  held = '';
  /** Whether the next text ends with a line feed that is not part of the file. */
  isLast = false;
  /** The first field with a quote that does not begin with one, counted from 0, or -1. */
  stray = -1;
  /** The offset in `raw` of the quote that was opened last. */
  quoteAt = 0;
  #state: State = State.start;
  /** What is scanned of the current cell. */
  #cell = '';
  #isFirstQuoted = false;
  readonly #quote: number;
  readonly #escape: number;
  /** Finds the end of an unquoted cell. */
  readonly #plainEnd: RegExp;
  /** Finds a character with a meaning in a quoted cell. */
  readonly #quotedEnd: RegExp;

  constructor(private readonly dialect: Dialect) {
    const { delimiter, isAligned, quote, escape } = dialect;
    this.#quote = quote === '' ? -1 : quote.charCodeAt(0);
    this.#escape = escape === '' ? -1 : escape.charCodeAt(0);
    this.#plainEnd = finder(`${isAligned ? ' \t' : delimiter[0]}\r\n${quote}${escape}`);
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
   * Scans a text, which begins with what was held, from an offset on. Returns the offset after the end of the record,
   * `TEXT_ENDS` or `TEXT_AFTER_QUOTE`; `raw` then ends before the text that follows the quote.
   */
  scan(text: string, from: number): number {
    this.held = '';
    const { length } = text;
    let at = from;
    /** Where the part of the current cell begins that is not in `#cell`. */
    let start = from;
    for (;;) {
      if (this.#state === State.quoted) at = find(this.#quotedEnd, text, at);
      else if (this.#state === State.plain) at = find(this.#plainEnd, text, at);
      if (at === length) return this.#suspend(text, from, start, at);
      const code = text.charCodeAt(at);

      if (code === this.#escape && this.#state !== State.closed) {
        const protectedLength = this.#protectedLength(text, at + 1);
        if (protectedLength === undefined) return this.#suspend(text, from, start, at);
        if (this.#state === State.start) this.#state = State.plain;
        if (protectedLength > 0) {
          this.#cell += text.slice(start, at);
          start = at + 1;
        }
        at += 1 + protectedLength;
      } else if (this.#state === State.quoted) {
        if (at + 1 === length) return this.#suspend(text, from, start, at);
        const isDoubled = text.charCodeAt(at + 1) === this.#quote;
        this.#cell += text.slice(start, isDoubled ? at + 1 : at);
        if (!isDoubled) this.#state = State.closed;
        start = at += isDoubled ? 2 : 1;
      } else if (code === LF || code === CR) {
        if (code === CR && at + 1 === length) return this.#suspend(text, from, start, at);
        if (!this.dialect.isAligned || this.#state !== State.start) this.#endCell(text, start, at);
        at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
        this.raw += text.slice(from, at);
        if (this.row.length > 0 && !this.#isFirstQuoted) emptyBlank(this.row);
        return at;
      } else if (this.#mayBeCutDelimiter(text, at)) {
        return this.#suspend(text, from, start, at);
      } else if (this.#isDelimiter(text, at)) {
        if (!this.dialect.isAligned || this.#state !== State.start) this.#endCell(text, start, at);
        start = at += this.dialect.delimiter.length;
        this.#state = State.start;
      } else if (isSpace(code)) {
        at++;
        if (this.dialect.skipsSpace && this.#state === State.start && isBlankCode(code)) start = at;
      } else if (this.#state === State.closed) {
        this.raw += text.slice(from, at);
        return TEXT_AFTER_QUOTE;
      } else if (code === this.#quote && this.#state === State.plain) {
        if (this.stray === -1) this.stray = this.row.length;
        at++;
      } else if (code === this.#quote) {
        this.#cell = '';
        this.quoteAt = this.raw.length + at - from;
        this.#isFirstQuoted ||= this.row.length === 0;
        start = ++at;
        this.#state = State.quoted;
      } else {
        // In an unquoted cell it is the first character of a longer delimiter.
        if (this.#state === State.plain) at++;
        this.#state = State.plain;
      }
    }
  }

  /** Must be called after the end of a record, before the next one is scanned. */
  reset(): void {
    this.row = [];
    this.raw = '';
    this.stray = -1;
    this.#state = State.start;
    this.#cell = '';
    this.#isFirstQuoted = false;
  }

  #isDelimiter(text: string, at: number): boolean {
    const { delimiter, isAligned } = this.dialect;
    return isAligned ? isBlankCode(text.charCodeAt(at)) : text.startsWith(delimiter, at);
  }

  /** Whether the text ends within what may be a delimiter of several characters. */
  #mayBeCutDelimiter(text: string, at: number): boolean {
    const { delimiter } = this.dialect;
    return at + delimiter.length > text.length && delimiter.startsWith(text.slice(at));
  }

  /**
   * Returns how many characters after an escape character it protects: a quote, a delimiter, itself or a line ending. Before
   * other characters it is text. Returns `undefined` if the text ends too early to know.
   */
  #protectedLength(text: string, at: number): number | undefined {
    const end = this.isLast ? text.length - 1 : text.length;
    if (at === end) return this.isLast ? 0 : undefined;
    const code = text.charCodeAt(at);
    if (code === CR) {
      if (at + 1 === end) return this.isLast ? 1 : undefined;
      return text.charCodeAt(at + 1) === LF ? 2 : 1;
    }
    if (code === LF || code === this.#quote || code === this.#escape) return 1;
    if (this.#mayBeCutDelimiter(text, at)) return undefined;
    return this.#isDelimiter(text, at) ? this.dialect.delimiter.length : 0;
  }

  #endCell(text: string, start: number, end: number): void {
    this.row.push(this.#state === State.closed ? this.#cell : this.#cell + text.slice(start, end));
    this.#cell = '';
  }

  #suspend(text: string, from: number, start: number, end: number): typeof TEXT_ENDS {
    if (this.#state !== State.closed) this.#cell += text.slice(start, end);
    this.raw += text.slice(from, end);
    this.held = text.slice(end);
    return TEXT_ENDS;
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

/** Whether a UTF-16 code unit is a space or a tab. */
export function isBlankCode(code: number): boolean {
  return code === 32 || code === 9;
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
