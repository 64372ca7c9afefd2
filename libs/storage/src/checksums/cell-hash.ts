import { withoutTrailing } from '@tracebloc/ingestor-core';
import type { SqlType } from '@tracebloc/ingestor-contract';

/** A cell as it was sent (text), or as a database gives it back. */
export type StoredCell = string | number | bigint | null;

/**
 * Hashes a cell that is not NULL, in a form that what was sent and what the database gives back have in common. 32 bits,
 * signed or not. `seed` is that of the cell's row.
 */
export type CellHash = (cell: Exclude<StoredCell, null>, seed: number) => number;

/** Decimal digits that a double holds exactly, in whichever direction it is converted. */
export const EXACT_DIGITS = 15;

const float64 = new Float64Array(1);
const words = new Int32Array(float64.buffer);

/** The seed of a row's cells, so that cells that changed places are seen. */
export function rowSeed(id: number): number {
  return scramble(Math.imul(id | 0, 0x9e3779b1) ^ Math.imul((id / 2 ** 32) | 0, 0x85ebca77));
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

/** The code units of a text. Multiplications alone: this runs for each cell that is loaded. */
export const hashText: CellHash = (cell, seed) => {
  const text = typeof cell === 'string' ? cell : String(cell);
  const { length } = text;
  let hash = seed;
  for (let index = 0; index < length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return scramble(hash ^ length);
};

/** CHAR gives back no spaces at the end. */
const hashPadded: CellHash = (cell, seed) => {
  return hashText(withoutTrailing(' ', String(cell)), seed);
};

/** The bits of a double; zero has no sign, since not every database keeps it. */
const hashNumber: CellHash = (cell, seed) => {
  float64[0] = Number(cell) + 0;
  return scramble(Math.imul(seed ^ words[0]!, 0x85ebca6b) ^ words[1]!);
};

const hashFloat: CellHash = (cell, seed) => hashNumber(Math.fround(Number(cell)), seed);

/** SQLite's doubles may be off in digits that the type does not have. */
const hashDecimal: CellHash = (cell, seed) =>
  hashNumber(typeof cell === 'number' ? Number(cell.toPrecision(EXACT_DIGITS)) : cell, seed);

const PLAIN = /^([+-]?)0*(\d*?)(?:\.(\d*?)0*)?$/;

/** Numbers of more digits than a double has: the digits, without zeros that do not count. */
const hashDigits: CellHash = (cell, seed) => {
  const text = String(cell);
  const [, sign, whole = '', fraction = ''] = PLAIN.exec(text) ?? [text, '', text];
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return hashText(sign === '-' && digits !== '' ? `-${digits}` : digits, seed);
};

/** A fraction's zeros at the end do not count. */
const hashTime: CellHash = (cell, seed) => {
  const text = String(cell);
  if (!text.includes('.')) return hashText(text, seed);
  return hashText(withoutTrailing('.', withoutTrailing('0', text)), seed);
};

/** Spreads every bit over all (the finalizer of MurmurHash3). */
function scramble(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
