import { expect, it } from '@jest/globals';
import { count, duration, plural, rate } from './format.js';

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
  expect(count(1234567)).toBe('1,234,567');
  expect(plural(1, 'row')).toBe('1 row');
  expect(plural(2, 'row')).toBe('2 rows');
  expect(rate(10, 0)).toBe(0);
  expect(rate(10, 4)).toBe(3);
});
