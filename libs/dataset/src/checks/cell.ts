import type { Cell, SqlType, ValueFormat } from '@tracebloc/ingestor-contract';
import { checkDecimal, checkFloat, checkInteger } from './number.js';
import { compileDateFormat } from '@tracebloc/ingestor-core';
import { compileDayFirst } from './date-options.js';
import { compileLocal } from './time-zone.js';
import { compileNumberFormat } from './number-format.js';
import type { Check, ValueProblem } from './problem.js';
import { checkBoolean, checkText } from './text.js';
import { checkDate, checkDatetime, checkTime } from './time.js';

const CHECKS: Readonly<Record<SqlType['kind'], (type: SqlType) => Check>> = {
  integer: checkInteger,
  float: checkFloat,
  decimal: checkDecimal,
  text: checkText,
  boolean: checkBoolean,
  date: checkDate,
  datetime: checkDatetime,
  time: checkTime,
};

/**
 * Returns the check of a type, for cells that are not missing. Space around a value is ignored, except in a text type.
 */
export function compileCheck(type: SqlType): Check {
  return CHECKS[type.kind](type);
}

const NOT_A_NUMBER: ValueProblem = { code: 'not-a-number', expected: 'a number as the options of the file say' };
const NOT_AN_INTEGER: ValueProblem = {
  code: 'not-an-integer',
  expected: 'a whole number as the options of the file say',
};

/** Returns the check of a type for values that are written in a format. See `compileLocal` about `isAtStart`. */
export function compileFormattedCheck(
  type: SqlType,
  format: ValueFormat,
  isAtStart: () => boolean = () => true,
): Check {
  const { kind } = type;
  if (kind === 'date' || kind === 'datetime') return compileTimeCheck(type, format, isAtStart);
  const check = compileCheck(type);
  if (!['integer', 'float', 'decimal'].includes(kind)) return check;
  const read = compileNumberFormat(format);
  if (!read) return check;
  const problem = kind === 'integer' ? NOT_AN_INTEGER : NOT_A_NUMBER;
  const readAndCheck: Check = (text) => {
    const plain = read(text);
    return plain === undefined ? problem : check(plain);
  };
  if (format.decimal === ',') return readAndCheck;
  // A number that needs none of the options means the same with them, and most are so.
  return (text) => {
    const result = check(text);
    return typeof result === 'string' ? result : readAndCheck(text);
  };
}

function compileTimeCheck(type: SqlType, format: ValueFormat, isAtStart: () => boolean): Check {
  const { dateFormat, dayFirst, timeZone } = format;
  const plain = compileCheck(type);
  // Conversion to UTC must see the text with its offset, so it comes between reading and checking.
  const check = timeZone !== undefined && type.kind === 'datetime' ? compileLocal(plain, timeZone, isAtStart) : plain;
  if (dateFormat !== undefined) {
    const read = compileDateFormat(dateFormat);
    const code = type.kind === 'date' ? 'not-a-date' : 'not-a-datetime';
    const problem: ValueProblem = { code, expected: dateFormat };
    return (text) => {
      const written = read(text);
      return written === undefined ? problem : check(written);
    };
  }
  if (dayFirst === undefined) return check;
  const order = compileDayFirst(dayFirst);
  return (text) => check(order(text));
}

/** Returns a function that says whether a cell is a missing value. Space around the cell is ignored. */
export function compileMissing(tokens: ReadonlySet<string>): (text: string) => boolean {
  const folded = new Set([...tokens].map((token) => token.trim()));
  const longest = Math.max(0, ...[...folded].map((token) => token.length));
  return (text) => {
    if (text === '') return true;
    if (text.length <= longest && folded.has(text)) return true;
    if (isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1))) return false;
    const bare = text.trim();
    return bare === '' || folded.has(bare);
  };
}

/** Whether a UTF-16 code unit is an ASCII character other than white space. For all others `trim` must decide. */
const isVisible = (code: number): boolean => code > 32 && code < 127;

const MISSING: ValueProblem = { code: 'missing-value', expected: 'a value' };

/**
 * Returns the check of a column: as `compileFormattedCheck`, but a missing value becomes `null`, or a problem with NOT NULL.
 */
export function compileCell(
  type: SqlType,
  missing: ReadonlySet<string>,
  format: ValueFormat = {},
  isAtStart?: () => boolean,
): (text: string) => Cell | ValueProblem {
  const check = compileFormattedCheck(type, format, isAtStart);
  const isMissing = compileMissing(missing);
  const ofMissing = type.notNull ? MISSING : null;
  if (['', ' ', ...missing].some((token) => typeof check(token) === 'string')) {
    return (text) => (isMissing(text) ? ofMissing : check(text));
  }
  // No missing value passes the check, so only a cell that fails it must be compared with them.
  return (text) => {
    const result = check(text);
    return typeof result !== 'string' && isMissing(text) ? ofMissing : result;
  };
}
