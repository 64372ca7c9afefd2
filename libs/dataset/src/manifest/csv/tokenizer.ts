import type { Finding } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../../findings/findings.js';
import { countLineEnds, isSpace } from '../text.js';
import { emptyBlank, RecordScanner, type Dialect } from './record.js';

/** The most characters of a record; a longer one has probably lost its end. */
export const MAX_RECORD = 16 * 1024 * 1024;

/** The records that end in a piece of text. */
export interface Tokens {
  /** The cells of each record. A blank record has none. */
  rows: string[][];
  /** The line on which each record begins. */
  lines: number[];
  /** The text of each record with its line ending, if the tokenizer keeps texts. */
  texts?: string[];
  /** The reason why no record follows; `undefined` while more may follow. */
  problem?: Finding;
}

const LF = 10;
const CR = 13;

/**
 * Cuts CSV text that arrives in pieces into records and cells, counts lines, and finds invalid quoting. Records that lie
 * within a piece take a fast path, which goes from one delimiter or quote to the next by `indexOf`; `RecordScanner` takes the
 * others. Nothing is scanned more than twice.
 */
export class Tokenizer {
  readonly #scanner: RecordScanner;
  readonly #delimiter: string;
  readonly #quote: string;
  readonly #escapedQuote: string;
  /** Whether the fast path knows quoted cells: quotes that belong to the text are doubled. */
  readonly #doubles: boolean;
  /** The line on which the current record begins. */
  #line = 1;
  /** A row of the width of the latest record. A copy of it is filled faster than an array that grows. */
  #template: string[] = [];
  /** Offsets in the current text: the first of each character at or after the scanned part, or the length of the text. */
  #lineFeed = -1;
  #return = -1;
  #nextDelimiter = -1;
  #nextQuote = -1;

  constructor(
    dialect: Dialect,
    private readonly keepsTexts = false,
  ) {
    const { delimiter, quote, escape } = dialect;
    this.#scanner = new RecordScanner(dialect);
    this.#delimiter = delimiter;
    this.#quote = quote;
    this.#escapedQuote = quote + quote;
    this.#doubles = quote !== '' && (escape === '' || escape === quote);
  }

  /** The line in which the text pushed so far ends. */
  get line(): number {
    return this.#line + countLineEnds(this.#scanner.raw + this.#scanner.held);
  }

  push(piece: string): Tokens {
    const tokens = this.#noTokens();
    this.#read(piece, tokens);
    return tokens;
  }

  /** Like `push`, but returns only the number of records that are not blank. */
  skip(piece: string): Pick<Tokens, 'problem'> & { count: number } {
    const tokens = this.#noTokens();
    const skipped = this.#read(piece, tokens, (text, from) => this.#skipLines(text, from));
    const parsed = tokens.rows.filter((row) => row.length > 0).length;
    return { count: skipped + parsed, problem: tokens.problem };
  }

  /** Returns the last record, which need not end with a line ending. */
  end(): Tokens {
    if (!this.#scanner.isOpen) return this.#noTokens();
    const tokens = this.push('\n');
    if (!tokens.problem && this.#scanner.isInQuotes) {
      tokens.problem = this.#unclosed('is not closed before the file ends');
    }
    return tokens;
  }

  #noTokens(): Tokens {
    return { rows: [], lines: [], texts: this.keepsTexts ? [] : undefined };
  }

  /** Reads a piece. `skip` may pass over records without parsing them. Returns their number. */
  #read(piece: string, tokens: Tokens, skip?: (text: string, from: number) => number): number {
    const text = this.#scanner.held + piece;
    this.#lineFeed = this.#return = this.#nextDelimiter = this.#nextQuote = -1;
    let at = this.#scanner.isOpen ? this.#scanRecord(text, 0, tokens) : 0;
    let skipped = 0;
    if (skip && at >= 0) {
      const end = skip(text, at);
      skipped = countLineEnds(text.slice(at, end));
      this.#line += skipped;
      at = end;
    }
    while (at >= 0 && at < text.length) {
      at = this.#scanWhole(text, at, tokens);
      if (at < text.length) at = this.#scanRecord(text, at, tokens);
    }
    const { raw, held } = this.#scanner;
    if (!tokens.problem && raw.length + held.length > MAX_RECORD) tokens.problem = this.#tooLong();
    return skipped;
  }

  /** Returns the offset up to which the text has only whole lines without quotes that are certainly not blank. */
  #skipLines(text: string, from: number): number {
    if (this.#quote !== '' && text.includes(this.#quote)) return from;
    // A carriage return at the very end may be the first half of a CRLF.
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r', text.length - 2)) + 1;
    return STARTS_BLANK.test(text.slice(from, end)) ? from : Math.max(from, end);
  }

  /** Scans one record, which may have begun in an earlier piece, with `RecordScanner`. Returns what that returns. */
  #scanRecord(text: string, from: number, tokens: Tokens): number {
    const scanner = this.#scanner;
    const end = scanner.scan(text, from);
    if (end === -2) tokens.problem = this.#textAfterQuote();
    if (end < 0) return end;
    tokens.rows.push(scanner.row);
    tokens.lines.push(this.#line);
    tokens.texts?.push(scanner.raw);
    this.#line += countLineEnds(scanner.raw);
    scanner.reset();
    return end;
  }

  /**
   * Scans the records that lie within the text and have no white space before or after their quotes. Returns the offset of
   * the first record that is not such a record, or the length of the text.
   */
  #scanWhole(text: string, from: number, { rows, lines, texts }: Tokens): number {
    const [delimiter, quote, escapedQuote] = [this.#delimiter, this.#quote, this.#escapedQuote];
    const delimiterCode = delimiter.charCodeAt(0);
    const quoteCode = quote === '' ? -1 : quote.charCodeAt(0);
    const { length } = text;
    let lineFeed = this.#lineFeed;
    let carriage = this.#return;
    let nextDelimiter = this.#nextDelimiter;
    let nextQuote = quote === '' ? length : this.#nextQuote;
    let line = this.#line;
    let template = this.#template;
    let start = from;

    records: while (start < length) {
      if (lineFeed < start) lineFeed = find(text, '\n', start);
      if (carriage < start) carriage = find(text, '\r', start);
      if (nextQuote < start) nextQuote = find(text, quote, start);
      let at = start;
      let lineEnd = lineFeed < carriage ? lineFeed : carriage;
      let endsInside = 0;
      let cells = 0;
      const row = template.slice();

      if (nextQuote < lineEnd) {
        if (!this.#doubles) break;
        for (;;) {
          const code = text.charCodeAt(at);
          if (code === quoteCode) {
            let close = find(text, quote, at + 1);
            let isDoubled = false;
            while (text.charCodeAt(close + 1) === quoteCode) {
              isDoubled = true;
              close = find(text, quote, close + 2);
            }
            if (close >= length - 1) break records;
            const cell = text.slice(at + 1, close);
            row[cells++] = isDoubled ? cell.replaceAll(escapedQuote, quote) : cell;
            for (; lineFeed < close; endsInside++) lineFeed = find(text, '\n', lineFeed + 1);
            for (; carriage < close; carriage = find(text, '\r', carriage + 1)) {
              if (text.charCodeAt(carriage + 1) !== LF) endsInside++;
            }
            at = close + 1;
            const next = text.charCodeAt(at);
            if (next === delimiterCode) at++;
            else if (next === LF || next === CR) break;
            else break records;
          } else {
            if ((code <= 32 || code >= 128) && isQuoteAfterSpace(text, at, quoteCode)) break records;
            if (nextDelimiter < at) nextDelimiter = find(text, delimiter, at);
            const end = lineFeed < carriage ? lineFeed : carriage;
            if (nextDelimiter >= end) {
              row[cells++] = text.slice(at, end);
              break;
            }
            row[cells++] = text.slice(at, nextDelimiter);
            at = nextDelimiter + 1;
          }
        }
        lineEnd = lineFeed < carriage ? lineFeed : carriage;
      } else {
        for (;;) {
          if (nextDelimiter < at) nextDelimiter = find(text, delimiter, at);
          if (nextDelimiter >= lineEnd) break;
          row[cells++] = text.slice(at, nextDelimiter);
          at = nextDelimiter + 1;
        }
        row[cells++] = text.slice(at, lineEnd);
      }
      // A carriage return at the very end may be the first half of a CRLF.
      if (lineEnd === length || (lineEnd === carriage && lineEnd === length - 1)) break;
      if (cells !== template.length) {
        row.length = cells;
        template = new Array<string>(cells).fill('');
      }
      if (text.charCodeAt(start) !== quoteCode) emptyBlank(row);
      rows.push(row);
      lines.push(line);
      line += endsInside + 1;
      const next = lineEnd === carriage && lineFeed === carriage + 1 ? lineEnd + 2 : lineEnd + 1;
      texts?.push(text.slice(start, next));
      start = next;
    }
    this.#lineFeed = lineFeed;
    this.#return = carriage;
    this.#nextDelimiter = nextDelimiter;
    this.#nextQuote = nextQuote;
    this.#line = line;
    this.#template = template;
    return start;
  }

  #tooLong(): Finding {
    if (this.#scanner.isInQuotes) return this.#unclosed('is not closed within 16 Mi characters');
    const message = `The record that begins on line ${this.#line} is longer than 16 Mi characters; the rows after its start were not checked.`;
    return makeFinding('record-too-long', { message, row: this.#line });
  }

  #unclosed(how: string): Finding {
    const { raw, quoteAt } = this.#scanner;
    const opened = this.#line + countLineEnds(raw.slice(0, quoteAt));
    const message = `The quote opened on line ${opened} ${how}; the rows from line ${this.#line} on were not checked.`;
    return makeFinding('unclosed-quote', { message, row: this.#line, expected: 'a closing quote' });
  }

  #textAfterQuote(): Finding {
    const message = `Text follows a closing quote on line ${this.line}; the rows from line ${this.#line} on were not checked.`;
    return makeFinding('text-after-quote', {
      message,
      row: this.#line,
      expected: 'the delimiter or a line ending',
    });
  }
}

/** Matches a line that may be blank. */
const STARTS_BLANK = /(?:^|\n|\r(?!\n))\s/;

/** Returns the offset of the next occurrence, or the length of the text. */
function find(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at === -1 ? text.length : at;
}

/** Whether the first character that is not white space is a quote. */
function isQuoteAfterSpace(text: string, from: number, quoteCode: number): boolean {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) === quoteCode;
}
