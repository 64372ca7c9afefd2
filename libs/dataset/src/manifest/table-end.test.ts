import { expect, it } from '@jest/globals';
import { rowsMayBeTotals } from './table-end.js';

it.each<[string[][], boolean]>([
  [[], false],
  [[['1', '2']], false],
  [
    [
      ['', '2'],
      ['3', '4'],
    ],
    false,
  ],
  [
    [
      ['1', '2'],
      ['', '4'],
    ],
    true,
  ],
  [
    [
      ['Total', '2'],
      ['3', '4'],
    ],
    true,
  ],
  [
    [
      ['1', 'Average'],
      ['3', '4'],
    ],
    true,
  ],
])('rows %j may be totals: %j', (rows, expected) => {
  expect(rowsMayBeTotals(rows)).toBe(expected);
});
