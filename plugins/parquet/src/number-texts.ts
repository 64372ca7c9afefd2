import { doubleText, floatText } from './to-text.js';

/** The most decimal places of a number that is written by its digits; others are left to JavaScript, which is slower. */
const MAX_PLACES = 9;
const POWERS = Array.from({ length: MAX_PLACES + 1 }, (_, places) => 10 ** places);

/** A decimal number of fewer digits than this is the shortest one of its double, or of its float. */
const DOUBLE_LIMIT = 1e15;
const FLOAT_LIMIT = 1e6;

/** Smaller numbers have an exponent in JavaScript, and whole parts above are written in two steps. */
const LEAST = 1e-6;
const MAX_WHOLE = 2 ** 31;

const BILLION = 1e9;

/** Bytes that become one text, from which the cells are cut. */
const PIECE = 32 * 1024;
/** The most bytes of a number. */
const LONGEST = 24;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** The digits of the numbers from 00 to 99. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, at) => ZERO + (Math.floor(at / 2 / (at % 2 ? 1 : 10)) % 10));

/** How often a number may need more digits before a column is left to JavaScript, and for how many numbers it then is. */
const PATIENCE = 64;
const REST = 4096;

/** The most texts that are made at a time. */
export const MAX_TEXTS = 4096;

/** The digits of the numbers that are written, and where each number ends. Both are used up before another column is read. */
const bytes = Buffer.allocUnsafe(PIECE + LONGEST);
const ends = new Uint32Array(MAX_TEXTS);

/** Writes numbers as texts: the digits of many become one text, of which each cell is a part, which saves most of the time. */
export class NumberTexts {
  #at = 0;
  /** The index of the first text that is not cut yet. */
  #first = 0;
  /** The decimal places of the latest numbers: those of a column mostly have the same. */
  #places = 0;
  #patience = PATIENCE;
  #rest = 0;

  /** Must be called before the first text of `output` is added. */
  begin(): void {
    this.#at = 0;
    this.#first = 0;
  }

  /** Sets the text at an index of `output`. The indices follow each other from 0 on, and are less than `MAX_TEXTS`. */
  addDouble(value: number, output: string[], index: number): void {
    if (!this.#addDecimal(value, DOUBLE_LIMIT)) this.#addText(doubleText(value), output, index);
    else this.#end(output, index);
  }

  addFloat(value: number, output: string[], index: number): void {
    if (!this.#addDecimal(value, FLOAT_LIMIT)) this.#addText(floatText(value), output, index);
    else this.#end(output, index);
  }

  /** The value must be a safe integer. */
  addInteger(value: number, output: string[], index: number): void {
    if (value < 0) bytes[this.#at++] = MINUS;
    this.#addDigits(Math.abs(value));
    this.#end(output, index);
  }

  addBigInt(value: bigint, output: string[], index: number): void {
    this.#addText(String(value), output, index);
  }

  /** Must be called after the last text of `output`. */
  finish(output: string[], count: number): void {
    const text = bytes.toString('latin1', 0, this.#at);
    for (let index = this.#first, start = 0; index < count; index++) {
      const end = ends[index - this.#first]!;
      if (end > start) output[index] = text.slice(start, end);
      start = end;
    }
    this.#first = count;
    this.#at = 0;
  }

  #end(output: string[], index: number): void {
    ends[index - this.#first] = this.#at;
    if (this.#at >= PIECE) this.finish(output, index + 1);
  }

  #addText(text: string, output: string[], index: number): void {
    output[index] = text;
    this.#end(output, index);
  }

  /** Returns false for a number that does not have so few digits. Fewer digits than `limit` has are always the shortest. */
  #addDecimal(value: number, limit: number): boolean {
    const size = Math.abs(value);
    if (this.#rest > 0) {
      this.#rest--;
      return false;
    }
    if (!(size >= LEAST && size < MAX_WHOLE)) return false;
    let places = this.#places;
    let digits = Math.round(size * POWERS[places]!);
    if (!isSame(digits, places, size, limit)) {
      places = placesOf(size, limit);
      if (places === -1) {
        if (--this.#patience === 0) [this.#patience, this.#rest] = [PATIENCE >> 2, REST];
        return false;
      }
      digits = Math.round(size * POWERS[places]!);
      this.#places = places;
    }
    this.#patience = PATIENCE;
    if (value < 0) bytes[this.#at++] = MINUS;
    const whole = Math.floor(size);
    this.#addDigits(whole);
    if (places > 0) this.#addFraction(digits - whole * POWERS[places]!, places);
    return true;
  }

  #addDigits(size: number): void {
    if (size < BILLION) {
      let length = 1;
      while (length < MAX_PLACES && size >= POWERS[length]!) length++;
      this.#put(size, length);
      return;
    }
    const high = Math.floor(size / BILLION);
    this.#addDigits(high);
    this.#put(size - high * BILLION, MAX_PLACES);
  }

  #addFraction(fraction: number, places: number): void {
    if (fraction === 0) return;
    bytes[this.#at++] = POINT;
    this.#put(fraction, places);
    while (bytes[this.#at - 1] === ZERO) this.#at--;
  }

  #put(value: number, length: number): void {
    const start = this.#at;
    let left = value | 0;
    let at = start + length - 2;
    for (; at >= start; at -= 2) {
      const rest = (left / 100) | 0;
      const pair = (left - rest * 100) << 1;
      bytes[at] = PAIRS[pair]!;
      bytes[at + 1] = PAIRS[pair + 1]!;
      left = rest;
    }
    if (at === start - 1) bytes[start] = ZERO + left;
    this.#at = start + length;
  }
}

/** Whether these digits, with so many decimal places, are the number. A float is compared as one. */
function isSame(digits: number, places: number, size: number, limit: number): boolean {
  if (digits >= limit) return false;
  const value = digits / POWERS[places]!;
  return value === size || (limit === FLOAT_LIMIT && Math.fround(value) === size);
}

/** Returns the fewest decimal places with which a number has fewer digits than the limit, or -1. */
function placesOf(size: number, limit: number): number {
  for (let places = 0; places <= MAX_PLACES; places++) {
    const digits = Math.round(size * POWERS[places]!);
    if (digits >= limit) return -1;
    if (isSame(digits, places, size, limit)) return places;
  }
  return -1;
}
