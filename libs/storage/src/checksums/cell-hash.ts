import { withoutTrailing } from '@tracebloc/ingestor-core';
import type { SqlType } from '@tracebloc/ingestor-contract';

/** A cell as it was sent (text), or as a database returns it. */
export type StoredCell = string | number | bigint | null;

/**
 * Hashes a cell that is not NULL. The hash is the same for the text that was sent and for the value that the database
 * returns. It has 32 bits, signed or not. `seed` is the `rowSeed` of the cell's row.
 */
export type CellHash = (cell: Exclude<StoredCell, null>, seed: number) => number;

/** Decimal digits that survive the conversion to a double and back. */
export const EXACT_DIGITS = 15;

// Jest's modules look globals up slowly, and this function runs for every character.
const { imul } = Math;

const float64 = new Float64Array(1);
const words = new Int32Array(float64.buffer);

/** Returns the seed of a row's cells, so that cells in another row have other hashes. */
export function rowSeed(id: number): number {
  return scramble(imul(id | 0, 0x9e3779b1) ^ imul((id / 2 ** 32) | 0, 0x85ebca77));
}

export function cellHash({ kind, name, precision = EXACT_DIGITS }: SqlType): CellHash {
  switch (kind) {
    case 'integer':
      return name === 'BIGINT' ? hashDigits : hashNumber;
    case 'boolean':
      return hashNumber;
    case 'float':
      return name === 'FLOAT' ? hashFloat : hashNumber;
    case 'decimal':
      return precision > EXACT_DIGITS ? hashDigits : hashDecimal;
    case 'date':
    case 'datetime':
    case 'time':
      return hashTime;
    case 'text':
      return name === 'CHAR' ? hashPadded : hashText;
  }
}

/** Hashes the code units of a text. It must be fast: it runs for each loaded cell. */
export const hashText: CellHash = (cell, seed) => {
  const text = typeof cell === 'string' ? cell : String(cell);
  const { length } = text;
  let hash = seed;
  for (let index = 0; index < length; index++) hash = imul(hash ^ text.charCodeAt(index), 0x01000193);
  return scramble(hash ^ length);
};

/** Ignores spaces at the end, which CHAR does not return. */
const hashPadded: CellHash = (cell, seed) => {
  return hashText(withoutTrailing(' ', String(cell)), seed);
};

const POINT = 46;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * Returns the same as `Number` in a fraction of its time, for a text that is a number. Plain decimals of at most 15 digits
 * are a whole number divided by a power of ten, which a double holds exactly, so that the quotient is rounded correctly
 * (W. Clinger, How to Read Floating Point Numbers Accurately, 1990).
 */
export function parseNumber(text: string): number {
  const { length } = text;
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  if (length - start > EXACT_DIGITS + 1) return Number(text);
  let whole = 0;
  let point = -1;
  for (let index = start; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) whole = whole * 10 + (code - ZERO);
    else if (code === POINT && point === -1) point = index;
    else return Number(text);
  }
  const digits = length - start - (point === -1 ? 0 : 1);
  if (digits === 0 || digits > EXACT_DIGITS) return Number(text);
  const value = point === -1 ? whole : whole / POWERS[length - 1 - point]!;
  return start === 1 ? -value : value;
}

/** Hashes the bits of a double without the sign of zero, which not every database keeps. */
const hashNumber: CellHash = (cell, seed) => {
  float64[0] = (typeof cell === 'string' ? parseNumber(cell) : Number(cell)) + 0;
  return scramble(imul(seed ^ words[0]!, 0x85ebca6b) ^ words[1]!);
};

const hashFloat: CellHash = (cell, seed) => hashNumber(Math.fround(Number(cell)), seed);

/** Rounds to the digits of the type, because SQLite's doubles may differ in later ones. */
const hashDecimal: CellHash = (cell, seed) =>
  hashNumber(typeof cell === 'number' ? Number(cell.toPrecision(EXACT_DIGITS)) : cell, seed);

const PLAIN = /^([+-]?)0*(\d*?)(?:\.(\d*?)0*)?$/;

/** Hashes the significant digits of a number that a double cannot hold. */
const hashDigits: CellHash = (cell, seed) => {
  const text = String(cell);
  const [, sign, whole = '', fraction = ''] = PLAIN.exec(text) ?? [text, '', text];
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return hashText(sign === '-' && digits !== '' ? `-${digits}` : digits, seed);
};

/** Ignores zeros at the end of a fraction. */
const hashTime: CellHash = (cell, seed) => {
  const text = String(cell);
  if (!text.includes('.')) return hashText(text, seed);
  return hashText(withoutTrailing('.', withoutTrailing('0', text)), seed);
};

/** Spreads every bit over all (the finalizer of MurmurHash3). */
function scramble(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
