import { describe, expect, it } from '@jest/globals';
import { listNames, shortenName } from './list-names.js';

describe('listNames', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
  ])('of %j at most three', (names, text) => {
    expect(listNames(names, 3)).toBe(text);
  });

  it('is short, whatever the names are', () => {
    const names = Array.from({ length: 100_000 }, () => 'x'.repeat(1000));
    expect(listNames(names)).toHaveLength(12 * 80 + 11 * 2 + ' and 99988 more'.length);
  });
});

describe('shortenName', () => {
  it('keeps what fits, and never half of a character', () => {
    expect(shortenName('x'.repeat(80))).toBe('x'.repeat(80));
    expect(shortenName('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
    expect(shortenName(`${'x'.repeat(78)}💾💾`)).toBe(`${'x'.repeat(78)}…`);
  });
});
