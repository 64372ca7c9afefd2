import { describe, expect, it } from '@jest/globals';
import { listNames, shortenName } from './list-names.js';

describe('listNames', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
  ])('lists %j with at most three names', (names, text) => {
    expect(listNames(names, 3)).toBe(text);
  });

  it('returns a short text for any names', () => {
    const names = Array.from({ length: 100_000 }, () => 'x'.repeat(1000));
    expect(listNames(names)).toHaveLength(12 * 80 + 11 * 2 + ' and 99988 more'.length);
  });
});

describe('shortenName', () => {
  it('keeps what fits and never half of a surrogate pair', () => {
    expect(shortenName('x'.repeat(80))).toBe('x'.repeat(80));
    expect(shortenName('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
    expect(shortenName(`${'x'.repeat(78)}💾💾`)).toBe(`${'x'.repeat(78)}…`);
  });
});
