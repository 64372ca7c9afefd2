import { expect, it } from '@jest/globals';
import { compileMissing } from '../checks/cell.js';
import { ClassCheck, readKey, readLabel } from './labels.js';
import { createReport } from '../findings/report.js';

const isMissing = compileMissing(new Set(['NA']));
const location = () => ({ report: createReport(), file: 'x.csv', column: 'y' });

it('trims labels and counts those that are missing', () => {
  const at = location();
  expect(['yes ', ' NA', '', ' '].map((text, row) => readLabel(text, row, isMissing, at))).toEqual([
    'yes',
    null,
    null,
    null,
  ]);
  expect(at.report.totals()).toEqual([{ code: 'missing-label', severity: 'warning', total: 3 }]);
});

it('reports labels and keys that are too long for the table', () => {
  const at = location();
  expect(readLabel('😀'.repeat(255), 1, isMissing, at)).toHaveLength(510);
  expect(readKey('k'.repeat(255), 1, isMissing, at)).toHaveLength(255);
  expect(at.report.errors).toBe(0);
  readLabel('😀'.repeat(256), 2, isMissing, at);
  readKey('k'.repeat(256), 2, isMissing, at);
  expect(at.report.findings().map(({ code, row }) => [code, row])).toEqual([
    ['label-too-long', 2],
    ['key-too-long', 2],
  ]);
});

it('reports a missing key', () => {
  const at = location();
  expect(readKey(' k ', 1, isMissing, at)).toBe('k');
  expect(readKey('NA', 2, isMissing, at)).toBeNull();
  expect(at.report.findings()).toMatchObject([{ code: 'missing-key', severity: 'error', row: 2, column: 'y' }]);
});

it.each([
  [['a', 'a'], 1],
  [[], 1],
  [['a', 'b', 'a'], 0],
])('requires two classes at least: %j', (labels, errors) => {
  const at = location();
  const check = new ClassCheck();
  for (const label of labels) check.add(label);
  check.finish(at);
  expect(at.report.errors).toBe(errors);
});
