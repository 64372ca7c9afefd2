import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from '../checks/cell.js';
import type { Check } from '../checks/problem.js';
import { OFFSET } from '../checks/time-zone.js';
import { LocalTimes } from './local-times.js';

const DATE_LENGTH = 'YYYY-MM-DD'.length;

/** A family of types. Each type accepts every value that the type before it accepts. */
export interface Family {
  rungs: readonly { sql: string; check: Check }[];
  /** Returns what values are ordered by, from their canonical text. */
  order?: (canonical: string) => number | string;
  /** Whether the values are dates or moments. */
  hasDates?: boolean;
  /** Whether the time zone of moments is looked for. */
  hasMoments?: boolean;
  /** Whether a value does not belong to the family although its types accept it. */
  excludes?: (text: string) => boolean;
}

/** Returns the families for values of a format. If values fit several of them, the first one is taken. */
export function compileFamilies(format: ValueFormat): readonly Family[] {
  const rungsOf = (...sqls: string[]) =>
    sqls.map((sql) => ({ sql, check: compileFormattedCheck(parseSqlType(sql), format) }));
  const dates: Family = {
    rungs: rungsOf('DATE', 'DATETIME', 'DATETIME(6)'),
    order: (canonical) => canonical,
    hasDates: true,
    // Times since 1970 are in UTC.
    hasMoments: format.timeZone === undefined && !format.dateFormat?.startsWith('epoch'),
  };
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
  /** What the moments show about their time zone. */
  readonly localTimes: LocalTimes | undefined;

  readonly hasDates: boolean;
  /** The latest date or moment, as a table stores it. It is empty without one. */
  latest = '';

  constructor({ rungs, order, excludes, hasDates = false, hasMoments }: Family) {
    this.#rungs = rungs;
    this.#order = order;
    this.#excludes = excludes;
    this.hasDates = hasDates;
    this.ascending = order !== undefined;
    this.localTimes = hasMoments ? new LocalTimes() : undefined;
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
      if (this.hasDates && result > this.latest) this.latest = result;
      if (this.localTimes?.isOver === false && result.length > DATE_LENGTH) {
        this.localTimes.add(result, OFFSET.test(text));
      }
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

/** The most digits of a whole number; DECIMAL(38,0) holds them all. */
const MAX_DIGITS = 38;

/** Whether digits are a code rather than a number, and must stay as written: `007`, `+4930123456`, `12E4`. */
function isCode(text: string): boolean {
  // Most numbers begin with a digit from 1 to 9.
  const first = text.charCodeAt(0);
  if ((first < 49 || first > 57) && /^[+\-\u2212]?0\d|^\+\d{7}/.test(text)) return true;
  return (text.length > MAX_DIGITS && /^\d+$/.test(text)) || (text.includes('E') && /^\d+E\d+$/.test(text));
}
