import { doubleText, floatText } from './to-text.js';

/** The most decimal places of a number that is written by its digits; others are left to JavaScript, which is slower. */
const MAX_PLACES = 9;
const POWERS = Array.from({ length: 12 }, (_, places) => 10 ** places);

/** A decimal number below this, without its point, is the shortest one of its double, or of its float. */
const DOUBLE_LIMIT = 1e15;
const FLOAT_LIMIT = 1e6;

/** Floats below this may need more decimal places than are tried. With so many, a float times a power of ten is exact. */
const LEAST_FLOAT = 1e-3;
const MAX_FLOAT_PLACES = 11;

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
  /** The doubles that have too many digits for this way, and the indices of their texts. */
  #long: number[] = [];
  #longAt: number[] = [];

  /** Must be called before the first text of `output` is added. */
  begin(): void {
    this.#at = 0;
    this.#first = 0;
  }

  /** Sets the text at an index of `output`. The indices follow each other from 0 on, and are less than `MAX_TEXTS`. */
  addDouble(value: number, output: string[], index: number): void {
    if (this.#addDecimal(value)) this.#end(output, index);
    else if (value === 0 || !Number.isFinite(value)) this.#addText(doubleText(value), output, index);
    else {
      this.#long.push(value);
      this.#longAt.push(index);
      this.#end(output, index);
    }
  }

  addFloat(value: number, output: string[], index: number): void {
    const size = Math.abs(value);
    const places = size >= LEAST_FLOAT && size < FLOAT_LIMIT ? floatPlacesOf(size) : -1;
    if (places === -1) {
      this.#addText(floatText(value), output, index);
      return;
    }
    this.#addRounded(value, places);
    this.#end(output, index);
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
    if (this.#long.length > 0) this.#finishLong(output);
    const text = bytes.toString('latin1', 0, this.#at);
    for (let index = this.#first, start = 0; index < count; index++) {
      const end = ends[index - this.#first]!;
      if (end > start) output[index] = text.slice(start, end);
      start = end;
    }
    this.#first = count;
    this.#at = 0;
  }

  /** Writes the doubles of many digits. As one text in JSON they take less time than one by one. */
  #finishLong(output: string[]): void {
    const text = JSON.stringify(this.#long);
    let start = 1;
    for (const index of this.#longAt) {
      const comma = text.indexOf(',', start);
      const end = comma === -1 ? text.length - 1 : comma;
      output[index] = text.slice(start, end);
      start = end + 1;
    }
    this.#long = [];
    this.#longAt = [];
  }

  #end(output: string[], index: number): void {
    ends[index - this.#first] = this.#at;
    if (this.#at >= PIECE) this.finish(output, index + 1);
  }

  #addText(text: string, output: string[], index: number): void {
    output[index] = text;
    this.#end(output, index);
  }

  /** Returns false for a number that does not have so few digits. Fewer than 16 digits are always the shortest. */
  #addDecimal(value: number): boolean {
    if (this.#rest > 0) {
      this.#rest--;
      return false;
    }
    const size = Math.abs(value);
    if (!(size >= LEAST && size < MAX_WHOLE)) return false;
    if (!isDecimal(size, this.#places)) {
      const places = placesOf(size);
      if (places === -1) {
        if (--this.#patience === 0) [this.#patience, this.#rest] = [PATIENCE >> 2, REST];
        return false;
      }
      this.#places = places;
    }
    this.#patience = PATIENCE;
    this.#addRounded(value, this.#places);
    return true;
  }

  #addRounded(value: number, places: number): void {
    if (value < 0) bytes[this.#at++] = MINUS;
    const size = Math.abs(value);
    const power = POWERS[places]!;
    const digits = Math.round(size * power);
    // Rounding a float may carry to the whole part.
    const whole = Math.floor(digits / power);
    this.#addDigits(whole);
    if (places > 0) this.#addFraction(digits - whole * power, places);
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
    const more = Math.max(0, places - MAX_PLACES);
    const high = more === 0 ? 0 : Math.floor(fraction / BILLION);
    if (more > 0) this.#put(high, more);
    this.#put(fraction - high * BILLION, places - more);
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

/** Whether a number has at most so many decimal places, and few enough digits. */
function isDecimal(size: number, places: number): boolean {
  const digits = Math.round(size * POWERS[places]!);
  return digits < DOUBLE_LIMIT && digits / POWERS[places]! === size;
}

/** Returns the fewest decimal places that a number has if it has few enough digits, or -1. */
function placesOf(size: number): number {
  for (let places = 0; places <= MAX_PLACES; places++) if (isDecimal(size, places)) return places;
  return -1;
}

/** Returns decimal places with which a float has its shortest digits, besides zeros at the end, or -1. */
function floatPlacesOf(size: number): number {
  let places = 0;
  while (places < MAX_FLOAT_PLACES && size * POWERS[places + 1]! < FLOAT_LIMIT) places++;
  for (; places <= MAX_FLOAT_PLACES; places++) {
    const power = POWERS[places]!;
    if (Math.fround(Math.round(size * power) / power) === size) return places;
  }
  return -1;
}
