import { parseSqlType } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import type { Check } from '../checks/problem.js';

/** A family of types, of which each takes every value that the one before it takes. */
interface Family {
  rungs: readonly { sql: string; check: Check }[];
  /** What values are ordered by, from the text that the server reads. */
  order?: (canonical: string) => number | string;
  /** Whether a value is none of the family though its types take it. */
  refuses?: (text: string) => boolean;
}

/** Where values fit several families, the first one counts. */
const FAMILIES: readonly Family[] = [
  // No TINYINT, since the next file may hold a larger number; no FLOAT, since it loses digits.
  { rungs: rungsOf('INT', 'BIGINT', 'DECIMAL(38,0)', 'DOUBLE'), order: Number, refuses: isCode },
  { rungs: rungsOf('BOOLEAN') },
  { rungs: rungsOf('DATE', 'DATETIME', 'DATETIME(6)'), order: (canonical) => canonical },
  { rungs: rungsOf('TIME', 'TIME(6)') },
];

/** Finds the narrowest type of a family for all values, climbing only where one does not fit. */
export class TypeLadder {
  readonly #rungs;
  readonly #order;
  readonly #refuses;
  #at = 0;
  #last: number | string | undefined;
  /** Whether every value is at least the one before. */
  ascending: boolean;

  constructor({ rungs, order, refuses }: Family) {
    this.#rungs = rungs;
    this.#order = order;
    this.#refuses = refuses;
    this.ascending = order !== undefined;
  }

  static all(): TypeLadder[] {
    return FAMILIES.map((family) => new TypeLadder(family));
  }

  get sql(): string {
    return this.#rungs[this.#at]!.sql;
  }

  /** Takes one more value, trimmed. False: the family has no type for it, and the ladder is of no more use. */
  take(text: string): boolean {
    if (this.#refuses?.(text)) return false;
    for (; this.#at < this.#rungs.length; this.#at++) {
      const result = this.#rungs[this.#at]!.check(text);
      if (typeof result !== 'string') continue;
      if (this.ascending) this.#compare(result);
      return true;
    }
    return false;
  }

  #compare(canonical: string): void {
    const next = this.#order!(canonical);
    this.ascending = this.#last === undefined || next >= this.#last;
    this.#last = next;
  }
}

/** Compiled once, however many columns there are. */
function rungsOf(...sqls: string[]): Family['rungs'] {
  return sqls.map((sql) => ({ sql, check: compileCheck(parseSqlType(sql)) }));
}

/** Whether digits are no number but a code, which must stay as written: `007`, `+4930123456`. */
function isCode(text: string): boolean {
  // Most numbers begin with a digit from 1 to 9.
  const first = text.charCodeAt(0);
  return (first < 49 || first > 57) && /^[+-]?0\d|^\+\d{7}/.test(text);
}
