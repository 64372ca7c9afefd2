import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Groups } from './groups.js';

/** Returns the number of rows of each group by class, in the order of their first rows. */
function countsOf(groups: Groups, names: Iterable<string>): [string, [number, number][]][] {
  return Array.from(names, (name) => {
    const entries: [number, number][] = [];
    for (let entry = groups.first(groups.find(name)!); entry !== -1; entry = groups.next(entry)) {
      entries.push([groups.classOf(entry), groups.rowsOf(entry)]);
    }
    return [name, entries];
  });
}

describe('groups', () => {
  it('are counted by class, in the order of their first rows, with any names', () => {
    const rows = fc.array(fc.tuple(fc.oneof(fc.string(), fc.nat(20).map(String)), fc.nat(9)), { maxLength: 300 });
    fc.assert(
      fc.property(rows, (all) => {
        const groups = new Groups('key');
        const expected = new Map<string, Map<number, number>>();
        for (const [name, index] of all) {
          groups.add(name, index);
          const classes = expected.get(name) ?? new Map<number, number>();
          expected.set(name, classes.set(index, (classes.get(index) ?? 0) + 1));
        }
        expect(groups.count).toBe(expected.size);
        expect([...expected.keys()].map((name) => groups.find(name))).toEqual([...expected.keys()].map((_, i) => i));
        expect(countsOf(groups, expected.keys())).toEqual([...expected].map(([name, classes]) => [name, [...classes]]));
        expect(groups.find('\0 no such group')).toBeUndefined();
      }),
    );
  });

  it('grow, and a group of many classes is as fast as one of few', () => {
    const groups = new Groups('key');
    const names = Array.from({ length: 20_000 }, (_, index) => `group ${index}`);
    names.forEach((name, index) => {
      groups.add(name, index % 3);
      groups.add('one', index % 10_000);
    });
    expect(groups.count).toBe(20_001);
    expect(countsOf(groups, names)).toEqual(names.map((name, index) => [name, [[index % 3, 1]]]));
    expect(countsOf(groups, ['one'])[0]![1]).toEqual(Array.from({ length: 10_000 }, (_, index) => [index, 2]));
  });

  it('are refused with the limit if they are too many', () => {
    const groups = new Groups('key', 1000);
    for (let index = 0; index < 1000; index++) groups.add(String(index), 0);
    groups.add('999', 0);
    expect(() => groups.add('1000', 0)).toThrow(
      expect.objectContaining({
        code: 'too-many-groups',
        exitCode: 2,
        message: 'The column key has more than 1,000 distinct values, which is too many for groups.',
      }),
    );
  });
});
