import { expect, it } from '@jest/globals';
import { createReport } from '@tracebloc/ingestor-dataset';
import { ClassCounts } from './classes.js';

function reportOf(names: readonly string[], form: string, chosen?: readonly string[]) {
  const report = createReport();
  const counts = new ClassCounts(names, chosen);
  for (const name of counts.names) counts.add(name);
  counts.finish(report, 'labels.json', form);
  return report.findings();
}

it('tells apart classes that differ in case or spaces, unless the task does so', () => {
  const names = ['Car', 'traffic light', 'car', 'traffic_light', 'bus'];
  expect(reportOf(names, 'masks').map(({ code, value }) => [code, value])).toEqual([
    ['similar-class-names', 'Car, car'],
    ['similar-class-names', 'traffic light, traffic_light'],
  ]);
  expect(reportOf(names, 'boxes')).toEqual([]);
});

it('reports more classes than a mask has values, until some are chosen', () => {
  const names = Array.from({ length: 255 }, (_, at) => `c${at}x`);
  expect(reportOf(names, 'masks')).toMatchObject([{ code: 'too-many-classes' }]);
  expect(reportOf(names, 'masks', names.slice(1))).toEqual([]);
  expect(reportOf(names, 'boxes')).toEqual([]);
});

it('counts only the classes that are chosen, in their order', () => {
  const counts = new ClassCounts(['b', 'a', 'c'], ['c', 'a']);
  expect(counts.names).toEqual(['c', 'a']);
  expect([counts.add('a'), counts.add('b')]).toEqual([true, false]);
  const report = createReport();
  counts.finish(report, 'labels.json', 'boxes');
  expect(report.findings()).toMatchObject([
    { code: 'unused-class', value: 'c', message: '1 of 2 classes have no object.' },
  ]);
});
