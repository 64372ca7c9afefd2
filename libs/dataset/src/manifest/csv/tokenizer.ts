import type { Finding } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../../findings/findings.js';
import { countLineEnds } from '../text.js';
import { type BadRecord, textAfterQuote, unclosedQuote } from './bad-record.js';
import {
  dialectOf,
  keepsDelimiter,
  linesBeforeHeader,
  statedDelimiter,
  type Dialect,
  type DialectFormat,
} from './dialect.js';
import { RecordScanner, TEXT_AFTER_QUOTE } from './record.js';
import { WholeRecords, type RecordSink } from './whole-records.js';

/** The most characters of a record; a longer one has probably lost its end. */
export const MAX_RECORD = 16 * 1024 * 1024;

/** The characters of a bad record's rest that are read at a time. */
const PIECE = 32 * 1024;

/** The most characters at the end of a text that wait for the next one, because to scan a record in parts costs more. */
const MAX_WAITING = 4096;

/** The most lines in which a record that waits may end. */
const MAX_JOINED = 6;

/** The records that end in a piece of text. */
export interface Tokens extends RecordSink {
  /** Texts that were left out because of the dialect, each with its first line, if the tokenizer keeps texts. */
  dropped?: { line: number; text: string }[];
  /** A record after these whose quoting is not valid. */
  bad?: BadRecord;
  /** The text after the first line of the bad record, which must be pushed next, in pieces. */
  rest?: string;
  /** The reason why no record follows; `undefined` while more may follow. */
  problem?: Finding;
}

/**
 * Cuts CSV text that arrives in pieces into records and cells, counts lines, and finds invalid quoting. Records that lie
 * within a piece take the fast path of `WholeRecords`; `RecordScanner` takes the others.
 *
 * After a record with invalid quoting the tokenizer goes on at the next line, because a wrong quote may have swallowed any
 * number of records.
 */
export class Tokenizer {
  #dialect: Dialect;
  #scanner: RecordScanner;
  #whole: WholeRecords;
  /** The start of the file while it is too short to know whether its first line states the delimiter. */
  #start?: string = '';
  /** The line on which the current record begins. */
  #line = 1;
  /** The number of lines that are left out next, whatever they contain. */
  #linesToDrop: number;

  /** With `keepsTexts`, tokens have the texts of their records. */
  constructor(
    private readonly format: DialectFormat,
    private readonly keepsTexts = false,
  ) {
    this.#linesToDrop = linesBeforeHeader(format);
    this.#dialect = dialectOf(format);
    this.#scanner = new RecordScanner(this.#dialect);
    this.#whole = new WholeRecords(this.#dialect);
  }

  /** The line in which the text pushed so far ends. */
  get line(): number {
    return this.#line + countLineEnds(this.#scanner.raw + this.#scanner.held);
  }

  /** Reads a piece. After a bad record the tokens go on with the next line. */
  *read(piece: string): Generator<Tokens, void> {
    yield* this.#withRests(this.#push(piece));
  }

  /** Like `read`, but `pass` may be called with a number of records that are not blank instead of parsing them. */
  *skip(piece: string, pass: (records: number) => void): Generator<Tokens, void> {
    const { tokens, count } = this.#read(piece, true);
    pass(count);
    yield* this.#withRests(tokens);
  }

  /** Reads the last record, which need not end with a line ending. */
  *finish(): Generator<Tokens, void> {
    for (;;) {
      const tokens = this.#end();
      yield* this.#withRests(tokens);
      if (tokens.rest === undefined) break;
    }
  }

  /** Reads a piece up to the first record with invalid quoting, whose `rest` must be pushed next. */
  #push(piece: string): Tokens {
    return this.#read(piece, false).tokens;
  }

  /** Returns the last record, which need not end with a line ending. Must be called again after a `rest` was pushed. */
  #end(): Tokens {
    if (this.#start) {
      const start = this.#start;
      this.#start = undefined;
      return { ...this.#push(start), rest: '' };
    }
    if (this.#linesToDrop > 0 || !this.#scanner.isOpen) return this.#noTokens();
    this.#scanner.isLast = true;
    const tokens = this.#push('\n');
    this.#scanner.isLast = false;
    if (this.#scanner.isInQuotes) this.#refuseUnclosed('before the file ends', tokens);
    // The line feed is not part of the file.
    if (tokens.rest !== undefined) tokens.rest = tokens.rest.slice(0, -1);
    return tokens;
  }

  *#withRests(first: Tokens): Generator<Tokens, void> {
    const texts: string[] = [];
    for (let tokens: Tokens | undefined = first; tokens;) {
      yield tokens;
      if (tokens.rest !== undefined) texts.unshift(...cut(tokens.rest));
      const text = texts.shift();
      tokens = text === undefined ? undefined : this.#push(text);
    }
  }

  #noTokens(): Tokens {
    const tokens: Tokens = { rows: [], lines: [], strays: [] };
    return this.keepsTexts ? { ...tokens, texts: [], dropped: [] } : tokens;
  }

  #read(piece: string, mayCount: boolean): { tokens: Tokens; count: number } {
    const tokens = this.#noTokens();
    const { held } = this.#scanner;
    let text = this.#start === undefined ? held + piece : this.#begin(this.#start + piece);
    const scanner = this.#scanner;
    let at = 0;
    if (this.#linesToDrop > 0) at = this.#dropLines(text, 0, tokens);
    else if (scanner.raw !== '') at = this.#scanRecord(text, 0, tokens);
    else if (held !== '') {
      scanner.held = '';
      at = this.#scanJoint(held, piece, tokens);
      if (at >= held.length) [text, at] = [piece, at - held.length];
    }
    const first = this.#line;
    if (mayCount && at < text.length) at = this.#passLines(text, at);
    const count = this.#line - first;

    this.#whole.begin(text);
    while (at < text.length) {
      if (!this.#dialect.isAligned) [at, this.#line] = this.#whole.scan(at, this.#line, tokens);
      if (at === text.length) break;
      if (text[at] === this.#dialect.comment) {
        this.#linesToDrop = 1;
        at = this.#dropLines(text, at, tokens);
      } else if (this.#mayWait(text, at)) {
        scanner.held = text.slice(at);
        break;
      } else {
        at = this.#scanRecord(text, at, tokens);
      }
    }
    if (scanner.raw.length + scanner.held.length > MAX_RECORD) {
      if (scanner.isInQuotes) this.#refuseUnclosed('within 16 Mi characters', tokens);
      else tokens.problem = this.#tooLong();
    }
    return { tokens, count };
  }

  /**
   * Scans a record that a piece cut, if it ends in one of the next lines: to join only these is cheaper than to join the
   * pieces. Returns the offset after it in both texts together, or 0.
   */
  #scanJoint(held: string, piece: string, tokens: Tokens): number {
    if (this.#dialect.isAligned) return 0;
    for (let end = 0, lines = 0; lines < MAX_JOINED; lines++) {
      end = piece.indexOf('\n', end) + 1;
      if (end === 0 || end > MAX_WAITING) break;
      this.#whole.begin(held + piece.slice(0, end));
      const [at, line] = this.#whole.scan(0, this.#line, tokens);
      this.#line = line;
      if (at > 0) return at;
    }
    return 0;
  }

  /** Whether the rest of a text is only the beginning of a record, and short. What waits must not depend on how pieces are cut. */
  #mayWait(text: string, at: number): boolean {
    if (this.#scanner.isLast || this.#dialect.isAligned || text.length - at > MAX_WAITING) return false;
    return text.indexOf('\n', at) === -1 && text.indexOf('\r', at) === -1;
  }

  /** Returns the text of the start of the file, or nothing while it is too short to know the delimiter that it states. */
  #begin(text: string): string {
    const delimiter = statedDelimiter(text);
    this.#start = delimiter === undefined ? text : undefined;
    if (delimiter === undefined) return '';
    if (delimiter !== '') {
      this.#linesToDrop = Math.max(this.#linesToDrop, 1);
      if (!keepsDelimiter(this.format)) this.#useDelimiter(delimiter);
    }
    return text;
  }

  #useDelimiter(delimiter: string): void {
    this.#dialect = dialectOf({ ...this.format, delimiter });
    this.#scanner = new RecordScanner(this.#dialect);
    this.#whole = new WholeRecords(this.#dialect);
  }

  /** Leaves out lines from an offset on. Returns the offset after them, or the length of the text. */
  #dropLines(text: string, from: number, tokens: Tokens): number {
    const line = this.#line;
    this.#scanner.held = '';
    let at = from;
    while (this.#linesToDrop > 0 && at < text.length) {
      LINE_END.lastIndex = at;
      const end = LINE_END.exec(text);
      at = end ? LINE_END.lastIndex : text.length;
      if (!end) break;
      if (end[0] === '\r' && at === text.length) {
        // It may be the first half of a CRLF.
        this.#scanner.held = '\r';
        break;
      }
      this.#line++;
      this.#linesToDrop--;
    }
    tokens.dropped?.push({ line, text: text.slice(from, at - this.#scanner.held.length) });
    return at;
  }

  /** Passes over whole lines that are certainly records and not blank, as far as the text has no quotes. */
  #passLines(text: string, from: number): number {
    const { quote, escape, comment } = this.#dialect;
    if (comment !== '' || (quote !== '' && text.includes(quote)) || (escape !== '' && text.includes(escape)))
      return from;
    // A carriage return at the very end may be the first half of a CRLF.
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r', text.length - 2)) + 1;
    const lines = text.slice(from, end);
    if (STARTS_BLANK.test(lines)) return from;
    this.#line += countLineEnds(lines);
    return Math.max(from, end);
  }

  /**
   * Scans one record, which may have begun in an earlier piece, with `RecordScanner`. Returns the offset after it, or the
   * length of the text if the record does not end in it or is refused.
   */
  #scanRecord(text: string, from: number, tokens: Tokens): number {
    const scanner = this.#scanner;
    const earlier = scanner.raw;
    const end = scanner.scan(text, from);
    if (end === TEXT_AFTER_QUOTE) {
      this.#refuse(textAfterQuote(scanner, this.#line, this.#dialect), earlier + text.slice(from), tokens);
    }
    if (end < 0) return text.length;
    tokens.rows.push(scanner.row);
    tokens.lines.push(this.#line);
    tokens.texts?.push(scanner.raw);
    if (scanner.stray !== -1) tokens.strays.push({ line: this.#line, field: scanner.stray });
    this.#line += countLineEnds(scanner.raw);
    scanner.reset();
    return end;
  }

  /** Ends the current record. `rest` is the text from its start on. */
  #refuse(bad: BadRecord, rest: string, tokens: Tokens): void {
    tokens.bad = bad;
    tokens.rest = rest;
    this.#scanner.reset();
    this.#scanner.held = '';
    this.#linesToDrop = 1;
  }

  #refuseUnclosed(where: string, tokens: Tokens): void {
    const { raw, held } = this.#scanner;
    this.#refuse(unclosedQuote(this.#scanner, this.#line, this.#dialect, where), raw + held, tokens);
  }

  #tooLong(): Finding {
    const message = `The record that begins on line ${this.#line} is longer than 16 Mi characters; the rows after its start were not checked.`;
    return makeFinding('record-too-long', { message, row: this.#line });
  }
}

/** Cuts a text into pieces, so that few rows are in memory at a time. */
function cut(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) =>
    text.slice(index * PIECE, (index + 1) * PIECE),
  );
}

/** Matches a line that may be blank. */
const STARTS_BLANK = /(?:^|\n|\r(?!\n))\s/;

const LINE_END = /\r\n|\n|\r/g;
