import { expect, it } from '@jest/globals';
import { ValueSketch } from '@tracebloc/ingestor-core';
import type { ValueStatistic } from '@tracebloc/ingestor-contract';
import { mergeStatistics, StatisticsCollector } from './statistics.js';

const DEFINITIONS = [
  { name: 'boxes', title: 'Boxes a class', kind: 'counts' },
  { name: 'words', title: 'Words of a text', kind: 'values' },
] as const;

function collect(from: number, to: number): StatisticsCollector {
  const collector = new StatisticsCollector(DEFINITIONS);
  for (let index = from; index < to; index++) {
    collector.count('boxes', index % 3 === 0 ? 'car' : 'sign', 2);
    collector.measure('words', index);
    collector.count('unknown', 'x');
  }
  return collector;
}

it('gives what was counted and measured, in the order of the definitions, and nothing that is not defined', () => {
  const { result } = collect(0, 10);
  expect(Object.keys(result)).toEqual(['boxes', 'words']);
  expect(result.boxes).toEqual({ title: 'Boxes a class', kind: 'counts', counts: { car: 8, sign: 12 }, others: 0 });
  expect(result.words).toMatchObject({ title: 'Words of a text', count: 10, min: 0, max: 9, sum: 45 });
  expect(new StatisticsCollector(DEFINITIONS).result).toEqual({});
});

it('is the same for all shards together as for one process', () => {
  const parts = [collect(0, 400), collect(400, 401), collect(401, 1000)].map(({ result }) => result);
  const merged = mergeStatistics(JSON.parse(JSON.stringify(parts)) as typeof parts, DEFINITIONS);
  const whole = collect(0, 1000).result;
  expect(merged.boxes).toEqual(whole.boxes);
  const [one, other] = [merged.words, whole.words].map((words) => ValueSketch.of(words as ValueStatistic));
  expect([one!.count, one!.sum, one!.quantile(0.5)]).toEqual([other!.count, other!.sum, other!.quantile(0.5)]);
  expect(one!.deviation).toBeCloseTo(other!.deviation, 9);
});

it('counts at most 1,000 keys one by one, and the others together', () => {
  const collector = new StatisticsCollector(DEFINITIONS);
  for (let index = 0; index < 1500; index++) collector.count('boxes', `class ${index}`);
  collector.count('boxes', 'class 0');
  const boxes = collector.result.boxes as { counts: Record<string, number>; others: number };
  expect([Object.keys(boxes.counts).length, boxes.counts['class 0'], boxes.others]).toEqual([1000, 2, 500]);
});
