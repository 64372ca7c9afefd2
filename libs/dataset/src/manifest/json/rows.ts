import { type JsonFormat, LineSplitter } from '@tracebloc/ingestor-core';
import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { MAX_RECORD } from '../csv/tokenizer.js';
import { UnreadableError, makeFinding } from '../../findings/findings.js';
import { EnvelopeReader } from './envelope.js';
import { FlatLines } from './flat-line.js';
import { type LateKeys, ObjectRows } from './objects.js';
import { countLineEnds } from '../text.js';
import type { NumberedRows, ParseObserver, ParseRows } from '../types.js';

/**
 * Matches the first character that is not white space in JSON. With the wider `\s`, the result would depend on where the
 * pieces are cut.
 */
const FIRST = /[^ \t\r\n]/;

/**
 * Parses a JSON array of objects, or JSON lines, into rows. The first character decides which of the two it is. With
 * `records` the array is the value at that path in the one object of the file.
 */
export function parseJson({ records }: JsonFormat = {}, late: LateKeys = {}): ParseRows {
  return async function* (pieces, observer) {
    const envelope = records === undefined ? undefined : new EnvelopeReader(records);
    let reader: ArrayReader | LinesReader | undefined;
    let blank = 0;
    for await (const text of pieces) {
      if (observer.position === 'after') return;
      const piece = envelope ? envelope.push(text) : text;
      if (!reader) {
        const first = FIRST.exec(piece)?.[0];
        if (first === '[') reader = new ArrayReader(observer, 1 + blank, late);
        else if (first === '{') reader = new LinesReader(observer, 1 + blank, late);
        else if (first !== undefined) throw notJson();
        else blank += countLineEnds(piece);
      }
      if (reader) yield* reader.push(piece);
      if (envelope?.problem) throw recordsNotFound(envelope.problem);
    }
    if (reader) yield* reader.end();
    if (envelope && !envelope.isFound) throw recordsNotFound(`has no array at the path \`${records}\``);
    if (envelope && !envelope.isClosed) throw recordsNotFound('ends before its closing brace');
  };
}

function recordsNotFound(what: string): UnreadableError {
  return new UnreadableError(makeFinding('records-not-found', { message: `The file ${what}.` }));
}

function notJson(): UnreadableError {
  const message = 'The file begins neither with an array nor with an object.';
  return new UnreadableError(makeFinding('not-json', { message, expected: '[ or {' }));
}

function tooLong(row: number): UnreadableError {
  const message = 'A JSON record is longer than 16 Mi characters; the records after its start were not checked.';
  return new UnreadableError(makeFinding('record-too-long', { message, row }));
}

/** Creates a tokenizer that keeps numbers as they are written, and returns each value in one token. */
const createTokenizer = () => jsonParser({ packValues: true, streamValues: false });

function tokensOf(result: ReturnType<ReturnType<typeof createTokenizer>>): Token[] {
  return typeof result === 'object' && 'values' in result ? result.values : [];
}

/**
 * Matches the ends of the texts that the tokenizer is given one by one. The tokenizer does not say where an error is; this
 * way the element is known.
 */
const CLOSING = /[}\]]/g;

class ArrayReader {
  readonly #tokenize = createTokenizer();
  readonly #objects: ObjectRows;
  /** The text after the last closing brace or bracket. It makes the result independent of where the pieces are cut. */
  #rest = '';
  /** The number of characters since the end of the last record. */
  #pending = 0;

  constructor(
    observer: ParseObserver,
    private line: number,
    late: LateKeys,
  ) {
    this.#objects = new ObjectRows(observer, { depth: 1, unit: 'element' }, late);
  }

  *push(piece: string): Generator<NumberedRows, void> {
    let start = 0;
    for (const { index } of piece.matchAll(CLOSING)) {
      const text = this.#rest + piece.slice(start, index + 1);
      this.#rest = '';
      start = index + 1;
      yield* this.#read(text);
      if (this.#objects.isFull) yield this.#objects.take();
    }
    this.#rest += piece.slice(start);
    yield this.#objects.take();
    if (this.#pending + this.#rest.length > MAX_RECORD) throw tooLong(this.#objects.nextRow);
  }

  *end(): Generator<NumberedRows, void> {
    yield* this.#read(this.#rest);
    yield this.#objects.take();
    if (!this.#objects.isClosed) throw this.#malformed(this.line, 'ends before its closing bracket');
  }

  /** Yields the rows before the place where the text is malformed. */
  *#read(text: string): Generator<NumberedRows, void> {
    const before = this.#objects.count;
    try {
      for (const token of tokensOf(this.#tokenize(text))) this.#objects.accept(token);
    } catch {
      yield this.#objects.take();
      const indent = text.slice(0, text.length - text.replace(/^[\s,]+/, '').length);
      throw this.#malformed(this.line + countLineEnds(indent), 'is malformed');
    }
    this.line += countLineEnds(text);
    this.#pending = this.#objects.count === before ? this.#pending + text.length : 0;
  }

  #malformed(line: number, what: string): UnreadableError {
    const row = this.#objects.nextRow;
    const message = `The JSON array ${what} in or before element ${row}, near line ${line}; the elements after it were not checked.`;
    return new UnreadableError(makeFinding('bad-json', { message, row }));
  }
}

class LinesReader {
  readonly #objects: ObjectRows;
  readonly #splitter = new LineSplitter();
  /** Is set once the columns are known. */
  #flat: FlatLines | undefined;

  constructor(
    private readonly observer: ParseObserver,
    private line: number,
    late: LateKeys,
  ) {
    this.#objects = new ObjectRows(observer, { depth: 0, unit: 'line' }, late);
  }

  *push(piece: string): Generator<NumberedRows, void> {
    // The very first record must be parsed because it names the columns.
    const passes = this.observer.position === 'before' && this.#objects.count > 0;
    for (const line of this.#splitter.push(piece)) {
      if (passes) this.#countLine(line);
      else this.#parse(line);
      if (this.#objects.isFull) yield this.#objects.take();
    }
    yield this.#objects.take();
    if (this.#splitter.pending > MAX_RECORD) throw tooLong(this.line);
  }

  *end(): Generator<NumberedRows, void> {
    yield* this.push('\n');
  }

  #countLine(text: string): void {
    this.line++;
    if (text.trim() !== '') this.observer.pass(1);
  }

  #parse(text: string): void {
    const row = this.line++;
    const cells = this.#flat?.read(text);
    if (cells) {
      this.#objects.addCells(row, cells);
      return;
    }
    if (text.trim() === '') return;
    this.#objects.begin(row);
    try {
      for (const token of tokensOf(createTokenizer()(`${text}\n`))) this.#objects.accept(token);
    } catch {
      this.#objects.dropLine('is not valid JSON');
      return;
    }
    if (!this.#objects.isClosed) this.#objects.dropLine('ends within its JSON value');
    const { columns } = this.#objects;
    if (columns) this.#flat ??= new FlatLines(columns);
  }
}
