import { expect, it } from '@jest/globals';
import { createReport } from './report.js';

const finding = { severity: 'error', code: 'a', message: 'm', fix: 'f' } as const;

it('counts every finding and keeps the first of each code', () => {
  const report = createReport(2);
  expect(report.isFull('a')).toBe(false);
  for (let row = 1; row <= 3; row++) report.add({ ...finding, row });
  expect(report.isFull('a')).toBe(true);
  report.count('a', 'error');
  report.add({ ...finding, code: 'b', severity: 'warning' });
  expect(report).toMatchObject({ errors: 4, warnings: 1 });
  expect(report.findings().map(({ code, row }) => [code, row])).toEqual([
    ['a', 1],
    ['a', 2],
    ['b', undefined],
  ]);
  expect(report.totals()).toEqual([
    { code: 'a', severity: 'error', total: 4 },
    { code: 'b', severity: 'warning', total: 1 },
  ]);
});

it('shortens values without cutting a character in two', () => {
  const report = createReport();
  report.add({ ...finding, value: 'x'.repeat(80) });
  report.add({ ...finding, value: 'x'.repeat(81) });
  report.add({ ...finding, value: `${'x'.repeat(78)}😀😀` });
  const [whole, cut, pair] = report.findings().map(({ value }) => value);
  expect(whole).toBe('x'.repeat(80));
  expect(cut).toBe(`${'x'.repeat(79)}…`);
  expect(pair).toBe(`${'x'.repeat(78)}…`);
});
