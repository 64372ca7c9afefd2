import type { Finding } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { makeFinding } from '../../findings/findings.js';
import { isSpace, lineBreaks } from '../text.js';

/** A record that is longer is taken for one that lost its end. */
export const MAX_RECORD = 16 * 1024 * 1024;

/** Characters from which on a record is scanned bit by bit, since to look at the whole again and again would cost. */
const LONG_RECORD = 64 * 1024;

/** Whole records of a CSV text. */
export interface Records {
  /** Ends with a line feed, or is empty. */
  text: string;
  /** The text holds no quote. */
  plain: boolean;
  /** For each record, blank ones included, the line on which it begins. */
  lines: number[];
  /** Why no record follows. */
  problem?: Finding;
}

/** Where in a field the scan stands; `start` is before its first character that is not a space. */
const State = { start: 0, plain: 1, quoted: 2, closed: 3 } as const;
type State = (typeof State)[keyof typeof State];

const LF = 10;
const CR = 13;

/**
 * Cuts CSV text that arrives in pieces into whole records, and finds bad quoting. It stands before the parser because
 * that knows no lines, holds all that follows an unclosed quote, and cannot go on after an error.
 *
 * Text without quotes is cut at its last line end without looking at each character.
 */
export class RecordSplitter {
  /** What of the record under way was scanned, and how that ended. Only ever added to, since to look at it costs. */
  #head = '';
  #state: State = State.start;
  /** What follows the head and is yet to be scanned. */
  #tail = '';
  /** The line on which the record under way begins, the one that the scan reached, and the one of the open quote. */
  #recordLine = 1;
  #line = 1;
  #quoteLine = 1;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;

  constructor({ delimiter, quote, escape }: Pick<CsvFormat, 'delimiter' | 'quote' | 'escape'>) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote === '' ? -1 : quote.charCodeAt(0);
    this.#escape = escape === '' ? this.#quote : escape.charCodeAt(0);
  }

  /** The line that the text given so far ends in. */
  get line(): number {
    return this.#line + lineBreaks(this.#tail);
  }

  push(piece: string): Records {
    const text = this.#tail + piece;
    const plain = this.#head === '' && text.length < LONG_RECORD + piece.length && !this.#hasQuote(text);
    const records = plain ? this.#cutPlain(text) : this.#scan(text);
    if (!records.problem && this.#head.length + this.#tail.length > MAX_RECORD) records.problem = this.#tooLong();
    return records;
  }

  /** The last record, which need not end with a line end. */
  end(): Records {
    if (this.#head === '' && this.#tail === '') return { text: '', plain: true, lines: [] };
    const records = this.push('\n');
    if (!records.problem && this.#state === State.quoted) {
      records.problem = this.#unclosed('is not closed before the file ends');
    }
    return records;
  }

  #hasQuote(text: string): boolean {
    return this.#quote !== -1 && text.includes(String.fromCharCode(this.#quote));
  }

  #cutPlain(text: string): Records {
    const lastFeed = text.lastIndexOf('\n');
    // A carriage return at the very end may be the first half of a line end.
    const lastReturn = text.slice(lastFeed + 1, -1).lastIndexOf('\r');
    const cut = lastReturn === -1 ? lastFeed + 1 : lastFeed + 1 + lastReturn + 1;
    const whole = text.slice(0, cut);
    const lines = Array.from({ length: lineBreaks(whole) }, (_, index) => this.#line + index);
    this.#line += lines.length;
    this.#recordLine = this.#line;
    this.#tail = text.slice(cut);
    return { text: endWithFeed(whole), plain: true, lines };
  }

  #scan(text: string): Records {
    const lines: number[] = [];
    let end = 0;
    let index = 0;
    let state = this.#state;
    let problem: Finding | undefined;
    for (; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const isLast = index === text.length - 1;
      if (code === LF || code === CR) {
        if (code === CR) {
          if (isLast) break;
          if (text.charCodeAt(index + 1) === LF) index++;
        }
        this.#line++;
        if (state === State.quoted) continue;
        lines.push(this.#recordLine);
        this.#recordLine = this.#line;
        end = index + 1;
        state = State.start;
      } else if (state === State.quoted) {
        if (code === this.#escape) {
          if (isLast) break;
          const next = text.charCodeAt(index + 1);
          if (next === this.#quote || next === this.#escape) index++;
          else if (code === this.#quote) state = State.closed;
        } else if (code === this.#quote) {
          state = State.closed;
        }
      } else if (code === this.#delimiter) {
        state = State.start;
      } else if (state !== State.plain && !isSpace(code)) {
        if (state === State.closed) {
          problem = this.#textAfterQuote();
          break;
        }
        if (code === this.#quote) this.#quoteLine = this.#line;
        state = code === this.#quote ? State.quoted : State.plain;
      }
    }
    const whole = end === 0 ? '' : this.#head + text.slice(0, end);
    this.#keep((end === 0 ? this.#head : '') + text.slice(end, index), state, text.slice(index));
    return { text: endWithFeed(whole), plain: false, lines, problem };
  }

  #keep(head: string, state: State, tail: string): void {
    // A short head without a quote may as well be scanned again, and then perhaps needs no scan at all.
    const again = state !== State.quoted && head.length < LONG_RECORD && !this.#hasQuote(head);
    this.#head = again ? '' : head;
    this.#tail = again ? head + tail : tail;
    this.#state = again ? State.start : state;
  }

  #tooLong(): Finding {
    if (this.#state === State.quoted) return this.#unclosed('is not closed within 16 Mi characters');
    const message = `The record that begins on line ${this.#recordLine} is longer than 16 Mi characters; the rows from there on were not checked.`;
    return makeFinding('record-too-long', { message, row: this.#recordLine });
  }

  #unclosed(how: string): Finding {
    const message = `The quote opened on line ${this.#quoteLine} ${how}; the rows from line ${this.#recordLine} on were not checked.`;
    return makeFinding('unclosed-quote', { message, row: this.#recordLine, expected: 'a closing quote' });
  }

  #textAfterQuote(): Finding {
    const message = `Text follows a closing quote on line ${this.#line}; the rows from line ${this.#recordLine} on were not checked.`;
    return makeFinding('text-after-quote', { message, row: this.#recordLine, expected: 'the delimiter or a line end' });
  }
}

/** A lone carriage return at the end gets its line feed, so that a parser need not wait for the rest of a pair. */
function endWithFeed(text: string): string {
  return text.endsWith('\r') ? `${text}\n` : text;
}
