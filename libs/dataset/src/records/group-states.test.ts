import { expect, it } from '@jest/globals';
import { GroupStates, type PartialGroupStates } from './group-states.js';

/** Adds up numbers by their groups. */
function sumsOf(numbers: readonly (readonly [group: string, number: number])[], most = 100_000): GroupStates {
  const states = new GroupStates(2, most);
  for (const [group, number] of numbers) {
    const state = states.stateOf(group);
    if (!state) continue;
    state[0]! += number;
    state[1]!++;
  }
  return states;
}

const valuesOf = (states: GroupStates) => [...states].map((state) => [...state]);

it('keeps numbers of each group, in the order of the first rows', () => {
  const many = Array.from({ length: 90_000 }, (_, index) => [`group ${index % 40_000}`, index] as const);
  const states = sumsOf(many);
  expect(states.count).toBe(40_000);
  const values = valuesOf(states);
  expect(values[0]).toEqual([0 + 40_000 + 80_000, 3]);
  expect(values[39_999]).toEqual([39_999 + 79_999, 2]);
});

it('merges the groups of another process, which knows them by their names alone', () => {
  const one = sumsOf([
    ['a', 1],
    ['b', 2],
  ]);
  const other = sumsOf([
    ['c', 0.5],
    ['a', -3],
  ]);
  const join = (state: Float64Array | undefined, more: Float64Array) =>
    more.forEach((number, field) => (state![field]! += number));
  one.merge(JSON.parse(JSON.stringify(other.partial(10))) as PartialGroupStates, join);
  expect(valuesOf(one)).toEqual([
    [-2, 2],
    [2, 1],
    [0.5, 1],
  ]);
  const few = new GroupStates(2, 10);
  few.merge(other.partial(1), join);
  expect(valuesOf(few)).toEqual([[0.5, 1]]);
});

it('has no more groups than it may, and still finds those that it has', () => {
  const states = sumsOf(
    [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['a', 4],
    ],
    2,
  );
  expect(valuesOf(states)).toEqual([
    [5, 2],
    [2, 1],
  ]);
  expect(states.stateOf('c')).toBeUndefined();
});
