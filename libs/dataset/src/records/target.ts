import { parseSqlType } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import { fixOf } from '../checks/fix.js';
import { reportFinding } from '../findings/findings.js';
import type { LabelCheck } from './rows.js';

const DOUBLE = parseSqlType('DOUBLE');
const checkNumber = compileCheck(DOUBLE);

/** Reports labels that are not finite numbers, such as a regression's target. */
export const numericTarget: LabelCheck = {
  type: DOUBLE,
  add(label, row, { report, file, column, own }) {
    const target = checkNumber(label);
    if (typeof target === 'string') return;
    const message = 'The label must be a finite number.';
    reportFinding(report, target.code, () => {
      const fix = fixOf(label, DOUBLE, {}, own?.());
      return { message, file, row, column, value: label, expected: target.expected, ...(fix && { fix }) };
    });
  },
  partial: () => null,
};
