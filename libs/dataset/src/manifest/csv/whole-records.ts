import { isSpace } from '../text.js';
import type { Dialect } from './dialect.js';
import { emptyBlank, isBlankCode } from './record.js';

const LF = 10;
const CR = 13;

/** What `WholeRecords.scan` appends the records to. */
export interface RecordSink {
  /** The cells of each record. A blank record has none. */
  rows: string[][];
  /** The line on which each record begins. */
  lines: number[];
  /** The text of each record with its line ending, if it is wanted. */
  texts?: string[];
  /** Records with a quote in a field that does not begin with one: the first such field of each, counted from 0. */
  strays: { line: number; field: number }[];
}

/**
 * The fast path of the tokenizer. It scans the records that lie within a text and have no white space around their quotes, no
 * escape character, and nothing wrong. From one delimiter, quote or line end to the next it goes by `indexOf`, which stands
 * in the loops themselves where it runs for each cell: the compiler inlines only so many calls of `find`.
 */
export class WholeRecords {
  readonly #escapedQuote: string;
  /** A row of the width of the latest record. A copy of it is filled faster than an array that grows. */
  #template: string[] = [];
  #text = '';
  /** Offsets of the first of each at or after the scanned part of the text, or the length of the text. */
  #lineFeed = -1;
  #return = -1;
  #delimiter = -1;
  #quote = -1;
  #escape = -1;

  constructor(private readonly dialect: Dialect) {
    this.#escapedQuote = dialect.quote + dialect.quote;
  }

  /** Sets the text that is scanned next. */
  begin(text: string): void {
    this.#text = text;
    this.#lineFeed = this.#return = this.#delimiter = -1;
    this.#quote = this.dialect.quote === '' ? text.length : -1;
    this.#escape = this.dialect.escape === '' ? text.length : -1;
  }

  /**
   * Scans from an offset, where `firstLine` begins. Returns the offset of the first record that it does not know, or the
   * length of the text, and the line of that offset. The offsets of one text must not decrease.
   */
  scan(from: number, firstLine: number, { rows, lines, texts, strays }: RecordSink): [at: number, line: number] {
    const { delimiter, quote, escape, comment, skipsSpace } = this.dialect;
    const escapedQuote = this.#escapedQuote;
    const text = this.#text;
    const { length } = text;
    const delimiterCode = delimiter.charCodeAt(0);
    const delimiterLength = delimiter.length;
    const commentCode = comment === '' ? -1 : comment.charCodeAt(0);
    const quoteCode = quote === '' ? -1 : quote.charCodeAt(0);
    let lineFeed = this.#lineFeed;
    let carriage = this.#return;
    let nextDelimiter = this.#delimiter;
    let nextQuote = this.#quote;
    let nextEscape = this.#escape;
    let template = this.#template;
    let line = firstLine;
    let start = from;

    records: while (start < length) {
      if (lineFeed < start) lineFeed = find(text, '\n', start);
      if (carriage < start) carriage = find(text, '\r', start);
      if (nextQuote < start) nextQuote = find(text, quote, start);
      if (nextEscape < start) nextEscape = find(text, escape, start);
      let at = start;
      let lineEnd = lineFeed < carriage ? lineFeed : carriage;
      let endsInside = 0;
      let cells = 0;
      let stray = -1;
      const firstCode = text.charCodeAt(start);
      if (firstCode === commentCode) break;
      const row = template.slice();

      if (nextQuote < lineEnd) {
        for (;;) {
          const code = text.charCodeAt(at);
          if (code === quoteCode) {
            let close = text.indexOf(quote, at + 1);
            if (close === -1) break records;
            let next = text.charCodeAt(close + 1);
            let isDoubled = false;
            while (next === quoteCode) {
              isDoubled = true;
              close = text.indexOf(quote, close + 2);
              if (close === -1) break records;
              next = text.charCodeAt(close + 1);
            }
            // An escape character may give the quotes another meaning.
            if (close === length - 1 || close > nextEscape) break records;
            const cell = text.slice(at + 1, close);
            row[cells++] = isDoubled ? cell.replaceAll(escapedQuote, quote) : cell;
            for (; lineFeed < close; endsInside++) {
              lineFeed = text.indexOf('\n', lineFeed + 1);
              if (lineFeed === -1) lineFeed = length;
            }
            for (; carriage < close; carriage = find(text, '\r', carriage + 1)) {
              if (text.charCodeAt(carriage + 1) !== LF) endsInside++;
            }
            at = close + 1;
            if (next === delimiterCode && (delimiterLength === 1 || text.startsWith(delimiter, at)))
              at += delimiterLength;
            else if (next === LF || next === CR) break;
            else break records;
          } else {
            if (nextQuote < at) nextQuote = find(text, quote, at);
            const end = lineFeed < carriage ? lineFeed : carriage;
            const limit = nextQuote < end ? nextQuote : end;
            for (;;) {
              if (nextDelimiter < at) {
                nextDelimiter = text.indexOf(delimiter, at);
                if (nextDelimiter === -1) nextDelimiter = length;
              }
              if (nextDelimiter >= limit) break;
              row[cells++] = text.slice(skipsSpace ? afterSpace(text, at, nextDelimiter) : at, nextDelimiter);
              at = nextDelimiter + delimiterLength;
            }
            if (nextQuote < end) {
              if (nextQuote === at) continue;
              if (isQuoteAfterSpace(text, at, quoteCode)) break records;
              if (stray === -1) stray = cells;
            }
            if (nextDelimiter >= end) {
              row[cells++] = text.slice(skipsSpace ? afterSpace(text, at, end) : at, end);
              break;
            }
            row[cells++] = text.slice(skipsSpace ? afterSpace(text, at, nextDelimiter) : at, nextDelimiter);
            at = nextDelimiter + delimiterLength;
          }
        }
        lineEnd = lineFeed < carriage ? lineFeed : carriage;
      } else {
        for (;;) {
          if (nextDelimiter < at) {
            nextDelimiter = text.indexOf(delimiter, at);
            if (nextDelimiter === -1) nextDelimiter = length;
          }
          if (nextDelimiter >= lineEnd) break;
          row[cells++] = text.slice(skipsSpace ? afterSpace(text, at, nextDelimiter) : at, nextDelimiter);
          at = nextDelimiter + delimiterLength;
        }
        row[cells++] = text.slice(skipsSpace ? afterSpace(text, at, lineEnd) : at, lineEnd);
      }
      // A carriage return at the very end may be the first half of a CRLF.
      if (lineEnd === length || (lineEnd === carriage && lineEnd === length - 1) || nextEscape < lineEnd) break;
      if (cells !== template.length) {
        row.length = cells;
        template = new Array<string>(cells).fill('');
      }
      // Only a cell that begins so, or is the only one, may be blank and not empty.
      const mayBeBlank = firstCode <= 32 || firstCode >= 128 || cells === 1;
      if (mayBeBlank && firstCode !== quoteCode) emptyBlank(row);
      rows.push(row);
      lines.push(line);
      if (stray !== -1) strays.push({ line, field: stray });
      line += endsInside + 1;
      const next = lineEnd === carriage && lineFeed === carriage + 1 ? lineEnd + 2 : lineEnd + 1;
      texts?.push(text.slice(start, next));
      start = next;
    }
    this.#lineFeed = lineFeed;
    this.#return = carriage;
    this.#delimiter = nextDelimiter;
    this.#quote = nextQuote;
    this.#escape = nextEscape;
    this.#template = template;
    return [start, line];
  }
}

/** Returns the offset of the next occurrence, or the length of the text. */
function find(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at === -1 ? text.length : at;
}

/** Returns the offset of the first character of a cell that is not a space or a tab, or the end of the cell. */
function afterSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isBlankCode(text.charCodeAt(at))) at++;
  return at;
}

/** Whether the first character that is not white space is a quote. */
function isQuoteAfterSpace(text: string, from: number, quoteCode: number): boolean {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) === quoteCode;
}
