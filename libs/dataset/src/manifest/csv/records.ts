import type { Finding } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { makeFinding } from '../../findings/findings.js';
import { isSpace, countLineEnds } from '../text.js';

/** The most characters of a record; a longer one has probably lost its end. */
export const MAX_RECORD = 16 * 1024 * 1024;

/** A record of this many characters or more is scanned incrementally, because to search all of it again would be slow. */
const LONG_RECORD = 64 * 1024;

/** Whole records of a CSV text. */
export interface Records {
  /** The text ends with a line feed, or is empty. */
  text: string;
  /** Whether the text contains no quote. */
  plain: boolean;
  /** The line on which each record begins, blank records included. */
  lines: number[];
  /** The reason why no record follows; `undefined` while more may follow. */
  problem?: Finding;
}

/** The state of the scan within a field; `start` is before the first character that is not a space. */
const State = { start: 0, plain: 1, quoted: 2, closed: 3 } as const;
type State = (typeof State)[keyof typeof State];

const LF = 10;
const CR = 13;

/**
 * Cuts CSV text that arrives in pieces into whole records, and finds invalid quoting. It is needed because the parser does
 * not count lines, keeps everything after an unclosed quote in memory, and cannot continue after an error.
 *
 * Text without quotes is cut at its last line ending without examining each character.
 */
export class RecordSplitter {
  /** The scanned part of the current record, and the state after it. It is only appended to, never searched again. */
  #head = '';
  #state: State = State.start;
  /** The text after the head, which has not been scanned yet. */
  #tail = '';
  /** The lines of the start of the current record, of the scan, and of the open quote. */
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

  /** The line in which the text pushed so far ends. */
  get line(): number {
    return this.#line + countLineEnds(this.#tail);
  }

  push(piece: string): Records {
    const text = this.#tail + piece;
    const plain = this.#head === '' && text.length < LONG_RECORD + piece.length && !this.#hasQuote(text);
    const records = plain ? this.#cutPlain(text) : this.#scan(text);
    if (!records.problem && this.#head.length + this.#tail.length > MAX_RECORD) records.problem = this.#tooLong();
    return records;
  }

  /** Returns the last record, which need not end with a line ending. */
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
    // A carriage return at the very end may be the first half of a CRLF.
    const lastReturn = text.slice(lastFeed + 1, -1).lastIndexOf('\r');
    const cut = lastReturn === -1 ? lastFeed + 1 : lastFeed + 1 + lastReturn + 1;
    const whole = text.slice(0, cut);
    const lines = Array.from({ length: countLineEnds(whole) }, (_, index) => this.#line + index);
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
    // A short head without a quote is returned to the tail: together with the next piece it may need no scan at all.
    const again = state !== State.quoted && head.length < LONG_RECORD && !this.#hasQuote(head);
    this.#head = again ? '' : head;
    this.#tail = again ? head + tail : tail;
    this.#state = again ? State.start : state;
  }

  #tooLong(): Finding {
    if (this.#state === State.quoted) return this.#unclosed('is not closed within 16 Mi characters');
    const message = `The record that begins on line ${this.#recordLine} is longer than 16 Mi characters; the rows after its start were not checked.`;
    return makeFinding('record-too-long', { message, row: this.#recordLine });
  }

  #unclosed(how: string): Finding {
    const message = `The quote opened on line ${this.#quoteLine} ${how}; the rows from line ${this.#recordLine} on were not checked.`;
    return makeFinding('unclosed-quote', { message, row: this.#recordLine, expected: 'a closing quote' });
  }

  #textAfterQuote(): Finding {
    const message = `Text follows a closing quote on line ${this.#line}; the rows from line ${this.#recordLine} on were not checked.`;
    return makeFinding('text-after-quote', {
      message,
      row: this.#recordLine,
      expected: 'the delimiter or a line ending',
    });
  }
}

/** Adds a line feed to a carriage return at the end, so that a parser does not wait for the rest of a CRLF. */
function endWithFeed(text: string): string {
  return text.endsWith('\r') ? `${text}\n` : text;
}
