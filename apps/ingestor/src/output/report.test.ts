import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { renderFindings, renderReport, reportLayout } from './report.js';

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

it.each(['no-header', 'units-row', 'odd-row', 'other-quote'])('shows %s before the errors that it explains', (code) => {
  const doubt: Finding = {
    severity: 'warning',
    code,
    message: 'Line 2 has units.',
    row: 2,
    fix: 'Skip it.',
  };
  const totals = [...result.totals, { code, severity: 'warning' as const, total: 1 }];
  const groups = renderFindings({ totals, findings: [...result.findings, doubt] }).map(stripVTControlCharacters);
  expect(groups.map((group) => group.split('  ')[0])).toEqual([
    `⚠ ${code}`,
    '✖ not-an-integer',
    '✖ one-class',
    '⚠ missing-label',
  ]);
});

it('says below the verdict what the data shows although nothing is wrong', () => {
  const notes = ['The series has a row every day, without gaps.'];
  const text = renderReport({ ...result, valid: true, errors: 0, warnings: 0, totals: [], findings: [], notes });
  expect(stripVTControlCharacters(text)).toBe(
    '✔ tabular_classification: valid. 0 errors, 0 warnings; 1,200 rows of a.csv in 0.5 s\nThe series has a row every day, without gaps.',
  );
});

describe('many findings of a code', () => {
  const findingAt = (row: number, more: Partial<Finding> = {}): Finding => {
    const base = {
      severity: 'error',
      code: 'ragged-row',
      message: 'The row has 3 fields.',
      fix: 'Complete it.',
    } as const;
    return { ...base, file: 'a.csv', row, ...more };
  };
  const render = (
    findings: Finding[],
    total = findings.length,
    layout: Parameters<typeof renderFindings>[1] = { examples: 5 },
  ) => {
    const totals = [{ code: 'ragged-row', severity: 'error', total } as const];
    return stripVTControlCharacters(renderFindings({ totals, findings }, layout).join('\n'));
  };

  it('name their file once, and the rows of those that are not shown', () => {
    const rows = [2, 3, 4, 5, 6, 7, 8, 9, 12, 12, 20, 21];
    expect(render(rows.map((row) => findingAt(row)))).toBe(`✖ ragged-row  12 errors in a.csv
  :2  The row has 3 fields.
  :3  The row has 3 fields.
  :4  The row has 3 fields.
  :5  The row has 3 fields.
  :6  The row has 3 fields.
  … and 7 more of this kind, in rows 7-9, 12, 20-21
  fix: Complete it.`);
  });

  it('say that there are others where not all rows are known or there are too many ranges', () => {
    const rows = Array.from({ length: 100 }, (_, index) => 2 + 2 * index);
    const many = render(
      rows.map((row) => findingAt(row)),
      5000,
    );
    expect(many).toContain('… and 4,995 more of this kind, in rows 12, 14, 16, 18, 20, 22, 24, 26 and others');
    expect(
      render(
        rows.slice(0, 5).map((row) => findingAt(row)),
        7,
      ),
    ).toMatch(/… and 2 more of this kind$/m);
    expect(render(rows.slice(0, 6).map((row) => findingAt(row)))).toContain('… and 1 more of this kind, in row 12\n');
  });

  it('name each file where they have several', () => {
    const text = render([findingAt(2), findingAt(3, { file: 'b.csv' })]);
    expect(text).toContain('2 errors\n  a.csv:2  The row');
    expect(text).toContain('\n  b.csv:3  The row');
  });

  it('are all shown with --all, and where no terminal shows them', () => {
    const findings = Array.from({ length: 100 }, (_, index) => findingAt(index));
    expect(reportLayout()).toEqual({ examples: Infinity });
    expect(render(findings, 100, reportLayout(true)).match(/The row has/g)).toHaveLength(100);
  });

  it('have their texts broken at the width of the terminal, between words', () => {
    const message = 'The row has a value that is much longer than the terminal is wide, and goes on.';
    const text = render([findingAt(2, { message, value: 'x'.repeat(60), expected: '3 fields' })], 1, {
      examples: 5,
      width: 40,
    });
    expect(text).toBe(`✖ ragged-row  1 error
  a.csv:2  The row has a value that is
    much longer than the terminal is
    wide, and goes on.
    value
      "${'x'.repeat(60)}",
      expected 3 fields
  fix: Complete it.`);
  });
});
