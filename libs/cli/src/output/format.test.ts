import { expect, it } from '@jest/globals';
import { count, duration, plural, rate, renderRest } from './format.js';

it.each([
  [0, '0.0 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min 00 s'],
  [245, '4 min 05 s'],
  [7800, '2 h 10 min'],
])('formats %p seconds as %p', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it('formats counts', () => {
  expect([0, 999, 1000, -12345, 1234567].map(count)).toEqual(['0', '999', '1,000', '-12,345', '1,234,567']);
  expect(plural(1, 'row')).toBe('1 row');
  expect(plural(2, 'row')).toBe('2 rows');
  expect(rate(10, 0)).toBe(0);
  expect(rate(10, 4)).toBe(3);
});

it.each([
  [100, 100, {}, undefined],
  [100, 2000, {}, '100 of 2,000 runs. The next ones: --offset 100'],
  [50, 2000, { limit: 50, offset: 100 }, '50 of 2,000 runs. The next ones: --offset 150 --limit 50'],
  [50, 2000, { offset: 1950 }, '50 of 2,000 runs, the last ones.'],
  [0, 1, { offset: 7 }, 'No more: there is only 1 run.'],
])('%i of %i, with %j', (shown, total, page, rest) => {
  expect(renderRest(shown, total, page, 'run')).toBe(rest);
});
