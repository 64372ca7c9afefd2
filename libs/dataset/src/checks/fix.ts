import { parseSqlType, type SqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from './cell.js';
import { dateFix } from './date-options.js';
import type { OwnColumn } from './column-option.js';
import { numberFix } from './number-fix.js';

const MOMENT = parseSqlType('DATETIME(6)');
/** Matches the characters that are a finding of their own, `control-character`. */
const CONTROL = new RegExp('[\\0\\x1a\\x1b\\x7f]');
const HAS_CONTROL =
  "Look at the line. To remove NUL from the whole file: `tr -d '\\000' < old > new`. Remove other control characters from the cell.";
const HAS_TIME =
  'Declare the column DATETIME, or DATETIME(6) if seconds have decimals: a DATE has no time of day. Otherwise write only the date.';

/**
 * Returns the fix for a cell that does not fit its type: the options with which it does. Returns `undefined` if there are none.
 * Without `own`, options are named for the whole file.
 */
export function fixOf(text: string, type: SqlType, format: ValueFormat, own?: OwnColumn): string | undefined {
  if (CONTROL.test(text)) return HAS_CONTROL;
  const accepts = (tried: ValueFormat) => typeof compileFormattedCheck(type, tried)(text) === 'string';
  if (['integer', 'float', 'decimal'].includes(type.kind)) return numberFix(text, accepts, format, own);
  if (type.kind === 'date' || type.kind === 'datetime') {
    if (type.kind === 'date' && typeof compileFormattedCheck(MOMENT, format)(text) === 'string') return HAS_TIME;
    return dateFix(text, (option) => accepts({ ...format, ...option }), format, own);
  }
  return undefined;
}
