import type { SqlType, ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from './cell.js';
import { canonicalNumber } from './number.js';
import { compileNumberFormat } from './number-format.js';
import type { Check } from './problem.js';

/**
 * Returns the check of a label that is declared with a type. Its result is one text for each value: `1`, `1.0` and `01` are one
 * class of an INT or FLOAT, and `yes` and `TRUE` one of a BOOLEAN. See `compileLocal` about `isAtStart`.
 */
export function compileLabel(type: SqlType, format: ValueFormat, isAtStart?: () => boolean): Check {
  const check = compileFormattedCheck(type, format, isAtStart);
  if (type.kind !== 'float' && type.kind !== 'decimal') return check;
  const read = compileNumberFormat(format);
  return (text) => {
    const result = check(text);
    if (typeof result !== 'string') return result;
    // The type may round the number, and a label keeps all its digits.
    return canonicalNumber(read?.(text) ?? text);
  };
}
