import type { SqlType, ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from './cell.js';
import { canonicalNumber } from './number.js';
import type { Check } from './problem.js';

/**
 * Returns the check of a label that is declared with a type. Its result is one text for each value: `1`, `1.0` and `01` are one
 * class of an INT or FLOAT, and `yes` and `TRUE` one of a BOOLEAN.
 */
export function compileLabel(type: SqlType, format: ValueFormat): Check {
  const check = compileFormattedCheck(type, format);
  if (type.kind !== 'float' && type.kind !== 'decimal') return check;
  return (text) => {
    const result = check(text);
    return typeof result === 'string' ? canonicalNumber(result) : result;
  };
}
