import { describe, expect, it } from '@jest/globals';
import { reportUnlisted, resolveColumns } from './columns.js';
import { createReport } from '../findings/report.js';

function resolve(header: string[], wanted: string[]) {
  const report = createReport();
  const found = resolveColumns({ header, file: 'x.csv', report }, wanted);
  return { found: Object.fromEntries(found), findings: report.findings() };
}

describe('resolveColumns', () => {
  it('prefers the exact name', () => {
    expect(resolve(['AGE', 'age', 'b'], ['age', 'b', 'age'])).toEqual({ found: { age: 1, b: 2 }, findings: [] });
  });

  it('accepts a name that differs in case and space, with a warning', () => {
    const { found, findings } = resolve(['Age'], ['age ']);
    expect(found).toEqual({ 'age ': 0 });
    expect(findings).toMatchObject([
      { code: 'column-name-differs', severity: 'warning', column: 'age ', value: 'Age', file: 'x.csv' },
    ]);
  });

  it.each([
    ['two columns match', ['AGE', 'Age'], ['age'], {}],
    ['the column has another name in the schema', ['age'], ['age', 'AGE'], { age: 0 }],
  ])('does not guess when %s', (_, header, wanted, expected) => {
    const { found, findings } = resolve(header, wanted);
    expect(found).toEqual(expected);
    expect(findings).toMatchObject([{ code: 'missing-column', column: wanted.at(-1) }]);
  });

  it('suggests a near name and lists the columns of the file', () => {
    const { findings } = resolve(['customer', 'churned', 'plan'], ['chruned', 'zip']);
    expect(findings).toMatchObject([
      { code: 'missing-column', severity: 'error', message: expect.stringContaining('Did you mean "churned"?') },
      {
        code: 'missing-column',
        message: 'The column is not in the file.',
        expected: 'one of customer, churned and plan',
      },
    ]);
  });

  it('lists at most twenty names', () => {
    const header = Array.from({ length: 4000 }, (_, index) => `f${index}`);
    expect(resolve(header, ['nowhere']).findings[0]!.expected).toMatch(/f19 and 3980 more$/);
  });
});

describe('reportUnlisted', () => {
  it('warns once of the columns that nothing uses, except id', () => {
    const report = createReport();
    reportUnlisted({ header: ['ID', 'a', 'b', 'c'], file: 'x.csv', report }, [2]);
    expect(report.findings()).toMatchObject([
      {
        code: 'unlisted-column',
        severity: 'warning',
        message: expect.stringContaining('2 columns are not in the schema and will not be stored: a and c.'),
      },
    ]);
    reportUnlisted({ header: ['id', 'a'], file: 'x.csv', report }, [1]);
    expect(report.warnings).toBe(1);
  });
});
