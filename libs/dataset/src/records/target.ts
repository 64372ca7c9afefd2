import { parseSqlType } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import { reportFinding } from '../findings/findings.js';
import type { LabelCheck } from './rows.js';

const checkNumber = compileCheck(parseSqlType('DOUBLE'));

/** Reports labels that are not finite numbers, such as a regression's target. */
export const numericTarget: LabelCheck = {
  add(label, row, { report, file, column }) {
    const target = checkNumber(label);
    if (typeof target === 'string') return;
    const message = 'The label must be a finite number.';
    reportFinding(report, target.code, () => {
      return { message, file, row, column, value: label, expected: target.expected };
    });
  },
  partial: () => null,
};
