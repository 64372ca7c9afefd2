import { isAscii } from 'node:buffer';
import type { ParquetType } from 'hyparquet';
import type { DecodedArray } from 'hyparquet/src/types.js';
import { readPlain } from 'hyparquet/src/plain.js';
import type { Column } from './column.js';
import { MAX_TEXTS, type NumberTexts } from './number-texts.js';

/** The values of a page that are not missing, one after another. */
export interface Values {
  skip(count: number): void;
  /** Sets the first `count` items of `output` to the texts of the next values. */
  read(output: string[], count: number): void;
}

/** Bytes of texts that become one text, from which the cells are cut. */
const PIECE = 32 * 1024;

export interface NumberKind {
  width: number;
  add: (texts: NumberTexts, view: DataView, offset: number, output: string[], index: number) => void;
}

/** How a number is read from its bytes. */
export const NUMBERS: Readonly<Record<string, NumberKind>> = {
  'double DOUBLE': {
    width: 8,
    add: (texts, view, offset, output, index) => texts.addDouble(view.getFloat64(offset, true), output, index),
  },
  'float FLOAT': {
    width: 4,
    add: (texts, view, offset, output, index) => texts.addFloat(view.getFloat32(offset, true), output, index),
  },
  'integer INT32': {
    width: 4,
    add: (texts, view, offset, output, index) => texts.addInteger(view.getInt32(offset, true), output, index),
  },
  'unsigned INT32': {
    width: 4,
    add: (texts, view, offset, output, index) => texts.addInteger(view.getUint32(offset, true), output, index),
  },
  'integer INT64': {
    width: 8,
    add(texts, view, offset, output, index) {
      const value = view.getInt32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
      if (Number.isSafeInteger(value)) texts.addInteger(value, output, index);
      else texts.addBigInt(view.getBigInt64(offset, true), output, index);
    },
  },
};

/** The physical type of a column, and the length of its values if that is fixed. */
export interface Stored {
  type: ParquetType;
  length: number | undefined;
  numbers: NumberTexts;
}

/** Returns the values that are written one after another in bytes, or, if they are numbers, in a typed array. */
export function plainValues(
  bytes: ArrayBufferView,
  { form, toText }: Column,
  { type, length, numbers }: Stored,
): Values {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = NUMBERS[`${form} ${type}`];
  if (number) return new NumberValues(view, number, numbers);
  if (form === 'text' && type === 'BYTE_ARRAY') return new TextValues(bytes, toText as ToText);
  // Booleans are bits, of which no part can be read at a time.
  if (type === 'BOOLEAN')
    return new ListValues(readPlain({ view, offset: 0 }, type, view.byteLength * 8, 0), toText as ToText);
  return new PlainValues(view, toText as ToText, (reader, count) => readPlain(reader, type, count, length));
}

/** Returns the values of an array that is already decoded. */
export function decodedValues(values: DecodedArray, column: Column, stored: Stored): Values {
  const isNumbers = ArrayBuffer.isView(values) && `${column.form} ${stored.type}` in NUMBERS;
  return isNumbers ? plainValues(values, column, stored) : new ListValues(values, column.toText as ToText);
}

export type ToText = (value: unknown) => string;

export class NumberValues implements Values {
  #at = 0;

  constructor(
    private readonly view: DataView,
    private readonly kind: NumberKind,
    private readonly numbers: NumberTexts,
  ) {}

  skip(count: number): void {
    this.#at += count * this.kind.width;
  }

  read(output: string[], count: number): void {
    const { view, numbers } = this;
    const { width, add } = this.kind;
    numbers.begin();
    let at = this.#at;
    for (let index = 0; index < count; index++, at += width) add(numbers, view, at, output, index);
    this.#at = at;
    numbers.finish(output, count);
  }
}

/** Returns numbers of which the first bytes of all come first, then the second ones and so on; `undefined` if they are no numbers. */
export function splitValues(bytes: Uint8Array, { form }: Column, { type, numbers }: Stored): Values | undefined {
  const kind = NUMBERS[`${form} ${type}`];
  return kind && new SplitValues(bytes, kind, numbers);
}

/** The bytes of the numbers that are read together; they are used up before another column is read. */
export const joined = new Uint8Array(MAX_TEXTS * 8);
export const joinedView = new DataView(joined.buffer);

class SplitValues implements Values {
  #at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly kind: NumberKind,
    private readonly numbers: NumberTexts,
  ) {}

  skip(count: number): void {
    this.#at += count;
  }

  read(output: string[], count: number): void {
    const { width } = this.kind;
    const step = this.bytes.length / width;
    for (let place = 0; place < width; place++) {
      const from = place * step + this.#at;
      for (let index = 0; index < count; index++) joined[index * width + place] = this.bytes[from + index]!;
    }
    this.#at += count;
    if (this.#at > step) throw new RangeError('a page has fewer values than it says');
    new NumberValues(joinedView, this.kind, this.numbers).read(output, count);
  }
}

/** Texts, each after its length in four bytes. With `lengths`, the bytes have only the texts. */
export class TextValues implements Values {
  #at = 0;
  #index = 0;
  /** Where the latest text begins. */
  #start = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;

  constructor(
    { buffer, byteOffset, byteLength }: ArrayBufferView,
    private readonly toText: ToText,
    private readonly lengths?: Int32Array,
  ) {
    this.#bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  skip(count: number): void {
    for (let index = 0; index < count; index++) this.#at = this.#next();
  }

  read(output: string[], count: number): void {
    for (let from = 0; from < count;) from = this.#readPiece(output, from, count);
  }

  /** Reads texts of a few bytes together, and returns the index of the next text. */
  #readPiece(output: string[], from: number, count: number): number {
    const start = this.#at;
    let to = from;
    for (; to < count && this.#at - start < PIECE; to++) {
      const end = this.#next();
      ends[to - from] = end;
      starts[to - from] = this.#start;
      this.#at = end;
    }
    const piece = this.#bytes.subarray(start, this.#at);
    // The bytes of the lengths are left out. They are ASCII too if the texts are short.
    if (isAscii(piece)) {
      const text = piece.toString('latin1');
      for (let index = from; index < to; index++) {
        output[index] = text.slice(starts[index - from]! - start, ends[index - from]! - start);
      }
    } else {
      for (let index = from; index < to; index++) {
        output[index] = this.toText(this.#bytes.subarray(starts[index - from], ends[index - from]));
      }
    }
    return to;
  }

  /** Returns the end of the next text, and notes its start. */
  #next(): number {
    const { lengths } = this;
    const view = this.#view;
    const length = lengths ? lengths[this.#index++]! : view.getUint32(this.#at, true);
    this.#start = lengths ? this.#at : this.#at + 4;
    const end = this.#start + length;
    if (!(end <= view.byteLength && length >= 0)) throw new RangeError('a text is longer than its page');
    return end;
  }
}

/** The places of the texts that are read together. */
const starts = new Uint32Array(MAX_TEXTS);
const ends = new Uint32Array(MAX_TEXTS);

/** Values that are decoded when they are read. */
class PlainValues implements Values {
  readonly #reader: { view: DataView; offset: number };

  constructor(
    view: DataView,
    private readonly toText: ToText,
    private readonly decode: (reader: { view: DataView; offset: number }, count: number) => DecodedArray,
  ) {
    this.#reader = { view, offset: 0 };
  }

  skip(count: number): void {
    for (let left = count; left > 0; left -= MAX_TEXTS) this.decode(this.#reader, Math.min(left, MAX_TEXTS));
  }

  read(output: string[], count: number): void {
    new ListValues(this.decode(this.#reader, count), this.toText).read(output, count);
  }
}

class ListValues implements Values {
  #at = 0;

  constructor(
    private readonly values: DecodedArray,
    private readonly toText: ToText,
  ) {}

  skip(count: number): void {
    this.#at += count;
  }

  read(output: string[], count: number): void {
    for (let index = 0; index < count; index++) {
      const value: unknown = this.values[this.#at++];
      if (value === undefined) throw new RangeError('a page has fewer values than it says');
      output[index] = this.toText(value);
    }
  }
}
