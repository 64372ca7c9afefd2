import { expect, it } from '@jest/globals';
import { LabelTally, mergeLabels } from './label-tally.js';

function tallyOf(labels: Iterable<string | null>): LabelTally {
  const tally = new LabelTally();
  for (const label of labels) tally.add(label);
  return tally;
}

it('returns the most frequent labels first, and the number of labels', () => {
  const many = Array.from({ length: 3000 }, (_, index) => `label ${index % 2000}`);
  const { labels, distinct } = tallyOf([null, ...many, '__proto__']).result;
  expect(distinct).toBe(2002);
  expect(labels).toHaveLength(1000);
  expect(labels[0]).toEqual({ label: 'label 0', records: 2 });
  expect(tallyOf(['b', null, 'a', 'b', '__proto__']).result.labels).toEqual([
    { label: 'b', records: 2 },
    { label: null, records: 1 },
    { label: '__proto__', records: 1 },
    { label: 'a', records: 1 },
  ]);
  expect(tallyOf([]).result).toEqual({ labels: [], distinct: 0 });
});

it('stops counting when there are too many or too long labels', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  expect(tallyOf(numbers(100_000)).result.distinct).toBe(100_000);
  expect(tallyOf(numbers(200_000)).result).toEqual({ labels: [], distinct: 100_001, moreDistinct: true });
  expect(tallyOf(numbers(17_000).map((text) => text.padStart(255, '0'))).result).toMatchObject({
    labels: [],
    moreDistinct: true,
  });
});

it('counts of parts add up to those of the whole, unless a part does not say how often each label occurs', () => {
  const labels = Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? null : `label ${i % 900}`));
  const tallies = [new LabelTally(), new LabelTally(), new LabelTally()];
  const whole = new LabelTally();
  labels.forEach((label, i) => {
    tallies[Math.floor(i / 2000)]!.add(label);
    whole.add(label);
  });
  const parts = tallies.map(({ result }) => result);
  expect(mergeLabels(parts)).toEqual(whole.result);
  expect(mergeLabels([])).toEqual({ labels: [], distinct: 0 });

  const many = new LabelTally();
  for (let i = 0; i < 1001; i++) many.add(String(i));
  expect(mergeLabels([...parts, many.result])).toBeUndefined();
  for (let i = 0; i <= 100_000; i++) many.add(String(i));
  expect(mergeLabels([...parts, many.result])).toEqual({ labels: [], distinct: 100_001, moreDistinct: true });
});
