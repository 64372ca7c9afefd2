import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from '../checks/cell.js';
import type { Check } from '../checks/problem.js';

/** A family of types. Each type accepts every value that the type before it accepts. */
export interface Family {
  rungs: readonly { sql: string; check: Check }[];
  /** Returns what values are ordered by, from their canonical text. */
  order?: (canonical: string) => number | string;
  /** Whether a value does not belong to the family although its types accept it. */
  excludes?: (text: string) => boolean;
}

/** Returns the families for values of a format. If values fit several of them, the first one is taken. */
export function compileFamilies(format: ValueFormat): readonly Family[] {
  const rungsOf = (...sqls: string[]) =>
    sqls.map((sql) => ({ sql, check: compileFormattedCheck(parseSqlType(sql), format) }));
  const dates: Family = { rungs: rungsOf('DATE', 'DATETIME', 'DATETIME(6)'), order: (canonical) => canonical };
  // Times since 1970 are numbers too, and the format says that they are times.
  if (format.dateFormat !== undefined) return [dates];
  return [
    // There is no TINYINT, because the next file may have a larger number, and no FLOAT, because it loses digits.
    { rungs: rungsOf('INT', 'BIGINT', 'DECIMAL(38,0)', 'DOUBLE'), order: Number, excludes: isCode },
    { rungs: rungsOf('BOOLEAN') },
    dates,
    { rungs: rungsOf('TIME', 'TIME(6)') },
  ];
}

/** Finds the narrowest type of a family that accepts all values. */
export class TypeLadder {
  readonly #rungs;
  readonly #order;
  readonly #excludes;
  #rung = 0;
  #last: number | string | undefined;
  /** Whether each value is greater than or equal to the one before. */
  ascending: boolean;

  constructor({ rungs, order, excludes }: Family) {
    this.#rungs = rungs;
    this.#order = order;
    this.#excludes = excludes;
    this.ascending = order !== undefined;
  }

  static all(families: readonly Family[]): TypeLadder[] {
    return families.map((family) => new TypeLadder(family));
  }

  get sql(): string {
    return this.#rungs[this.#rung]!.sql;
  }

  /** Adds a trimmed value. Returns false if no type of the family accepts it; then the ladder must not be used any more. */
  add(text: string): boolean {
    if (this.#excludes?.(text)) return false;
    for (; this.#rung < this.#rungs.length; this.#rung++) {
      const result = this.#rungs[this.#rung]!.check(text);
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

/** Whether digits are a code rather than a number, and must stay as written: `007`, `+4930123456`. */
function isCode(text: string): boolean {
  // Most numbers begin with a digit from 1 to 9.
  const first = text.charCodeAt(0);
  return (first < 49 || first > 57) && /^[+-]?0\d|^\+\d{7}/.test(text);
}
