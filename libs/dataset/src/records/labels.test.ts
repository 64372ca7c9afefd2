import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@tracebloc/ingestor-contract';
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

describe('a class with few labels is a warning', () => {
  const repeat = (counts: Record<string, number>) =>
    Object.entries(counts).flatMap(([label, count]) => new Array<string>(count).fill(label));
  const check = (labels: readonly string[], shards = 1) => {
    const at = location();
    const whole = new ClassCheck();
    for (let shard = 0; shard < shards; shard++) {
      const part = new ClassCheck();
      labels.filter((_, index) => index % shards === shard).forEach((label) => part.add(label));
      whole.merge(JSON.parse(JSON.stringify(part.partial())) as JsonValue);
    }
    whole.finish(at);
    return at.report.findings().map(({ code, value, message }) => [code, value, message]);
  };

  it.each([
    ['of two', { yes: 96, no: 4 }, ['no']],
    ['of three', { a: 500, b: 480, c: 20 }, ['c']],
    [
      'of twenty',
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index}`, index < 2 ? 1 : 10])),
      ['c0', 'c1'],
    ],
  ])('%s', (_, counts, rare) => {
    for (const shards of [1, 3]) {
      expect(check(repeat(counts), shards).map(([code, value]) => [code, value])).toEqual(
        rare.map((label) => ['rare-class', label]),
      );
    }
  });

  it.each([
    ['with exactly 5 %', { yes: 95, no: 5 }],
    ['with few labels in all', { yes: 18, no: 1 }],
    [
      'of twenty equal ones',
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index}`, 10 + (index % 3)])),
    ],
    ['of hundreds', Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`c${index}`, 1 + index]))],
  ])('but not one %s', (_, counts) => {
    expect(check(repeat(counts))).toEqual([]);
  });

  it('says how many labels it has', () => {
    expect(check(repeat({ yes: 1970, no: 30 }))).toEqual([
      ['rare-class', 'no', '30 of 2,000 labels are of this class, which is 1.5 %.'],
    ]);
  });

  it('is not looked for if a shard of an earlier version did not count', () => {
    const at = location();
    const whole = new ClassCheck();
    whole.merge(['a', 'b']);
    whole.merge([['a', 1000]]);
    whole.finish(at);
    expect(at.report.findings()).toEqual([]);
  });
});
