import { stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { renderReport } from './report.js';

const result: ValidationResult = {
  valid: false,
  task: 'tabular_classification',
  table: 't',
  intent: 'train',
  source: 'a.csv',
  found: 1200,
  skipped: 0,
  errors: 151,
  warnings: 1,
  seconds: 0.52,
  totals: [
    { code: 'missing-label', severity: 'warning', total: 1 },
    { code: 'not-an-integer', severity: 'error', total: 150 },
    { code: 'one-class', severity: 'error', total: 1 },
  ],
  findings: [
    { severity: 'warning', code: 'missing-label', message: 'One row has no label.', file: 'a.csv', fix: 'Fill it in.' },
    {
      severity: 'error',
      code: 'not-an-integer',
      message: 'The value is not an integer.',
      file: 'a.csv',
      row: 7,
      column: 'age',
      value: 'ab"c',
      expected: 'INT',
      fix: 'Correct it.',
    },
    { severity: 'error', code: 'one-class', message: 'There is one label.', file: 'a.csv', fix: 'Add another.' },
  ],
};

it('groups by code, errors first and the commonest before, with place, value, expectation, fix and totals', () => {
  expect(stripVTControlCharacters(renderReport(result))).toBe(`✖ not-an-integer  150 errors
  a.csv:7 age  The value is not an integer.
    value "ab\\"c", expected INT
  … and 149 more of this kind
  fix: Correct it.

✖ one-class  1 error
  a.csv  There is one label.
  fix: Add another.

⚠ missing-label  1 warning
  a.csv  One row has no label.
  fix: Fill it in.

✖ tabular_classification: not fit for training. 151 errors, 1 warning; 1,200 rows of a.csv in 0.5 s`);
});
