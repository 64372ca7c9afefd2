import type { Column } from './column.js';
import type { HybridReader } from './hybrid.js';
import { MAX_TEXTS, type NumberTexts } from './number-texts.js';
import {
  joined,
  joinedView,
  type NumberKind,
  NUMBERS,
  NumberValues,
  plainValues,
  type Stored,
  type Values,
} from './values.js';

/** Returns the values of a dictionary that have these indices. */
export type Dictionary = (indices: HybridReader) => Values;

/** The most texts of a dictionary that are kept; those of a larger one are made each time, which is slower. */
const MAX_KEPT = 1 << 15;

/** Returns the values of a page that is a dictionary. */
export function readDictionary(bytes: Uint8Array, count: number, column: Column, stored: Stored): Dictionary {
  const kind = NUMBERS[`${column.form} ${stored.type}`];
  if (count > MAX_KEPT && kind) {
    // The bytes are used again for the next page.
    const words = new Uint32Array(new Uint8Array(bytes).buffer, 0, (count * kind.width) / 4);
    return (indices) => new NumberDictionaryValues(indices, words, kind, stored.numbers);
  }
  const texts: string[] = [];
  const values = plainValues(bytes, column, stored);
  for (let left = count; left > 0; left -= MAX_TEXTS) {
    const some = new Array<string>(Math.min(left, MAX_TEXTS));
    values.read(some, some.length);
    for (const text of some) texts.push(text);
  }
  return (indices) => new DictionaryValues(indices, texts);
}

/** Values that are indices of a dictionary. */
class DictionaryValues implements Values {
  constructor(
    private readonly indices: HybridReader,
    private readonly texts: readonly string[],
  ) {}

  skip(count: number): void {
    skipIndices(this.indices, count);
  }

  read(output: string[], count: number): void {
    const { texts } = this;
    this.indices.read(places, count);
    for (let index = 0; index < count; index++) {
      const at = places[index]!;
      if (at >= texts.length) throw notInDictionary();
      output[index] = texts[at]!;
    }
  }
}

/** Values that are indices of a dictionary of many numbers, whose texts are made when they are read. */
class NumberDictionaryValues implements Values {
  constructor(
    private readonly indices: HybridReader,
    private readonly words: Uint32Array,
    private readonly kind: NumberKind,
    private readonly numbers: NumberTexts,
  ) {}

  skip(count: number): void {
    skipIndices(this.indices, count);
  }

  read(output: string[], count: number): void {
    const { words } = this;
    const size = this.kind.width / 4;
    this.indices.read(places, count);
    for (let index = 0; index < count; index++) {
      const from = places[index]! * size;
      if (from >= words.length) throw notInDictionary();
      joinedWords[index * size] = words[from]!;
      if (size === 2) joinedWords[index * size + 1] = words[from + 1]!;
    }
    new NumberValues(joinedView, this.kind, this.numbers).read(output, count);
  }
}

function skipIndices(indices: HybridReader, count: number): void {
  for (let left = count; left > 0; left -= MAX_TEXTS) indices.read(places, Math.min(left, MAX_TEXTS));
}

const notInDictionary = () => new RangeError('a value is not in the dictionary');

/** The indices that are read together. */
const places = new Uint32Array(MAX_TEXTS);
const joinedWords = new Uint32Array(joined.buffer);
