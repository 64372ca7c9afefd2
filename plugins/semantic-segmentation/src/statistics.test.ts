import { expect, it } from '@jest/globals';
import {
  type JsonObject,
  type JsonValue,
  resolveOptions,
  type StatisticsSink,
  type TaskContext,
} from '@tracebloc/ingestor-contract';
import { createReport } from '@tracebloc/ingestor-dataset';
import { ClassTally } from './class-check.js';
import type { SegmentationOptions } from './options.js';
import { halves, maskPng, pairs, read } from './scene.test-support.js';
import { semanticSegmentation } from './semantic-segmentation.js';

const optionsOf = (fields: JsonObject) =>
  resolveOptions<SegmentationOptions>(semanticSegmentation, { fields, fileOptions: {} });

it('counts the pixels and the images of each class once, however many rows name an image', async () => {
  const counts: Record<string, number> = {};
  const statistics: StatisticsSink = {
    count: (name, key, times = 1) => (counts[`${name} ${key}`] = (counts[`${name} ${key}`] ?? 0) + times),
    measure: () => undefined,
  };
  const task = semanticSegmentation;
  const files = await pairs({ a: maskPng(halves(0, 1)), b: maskPng(halves(1, 255)) });
  const records = (context: TaskContext<SegmentationOptions>) =>
    task.records(Object.assign(Object.create(context) as typeof context, { statistics }));
  const manifest = 'filename,mask_id,kind\na,a_mask,oak\nb,b_mask,oak\na,a_mask,oak\n';
  const fields = { classes: ['background', 'leaf'], ignore: 255 };
  await read(files, { manifest, fields }, { ...task, records });
  expect(counts).toEqual({
    'pixels background': 512,
    'images background': 1,
    'pixels leaf': 1024,
    'images leaf': 2,
    'pixels ignored': 512,
    'images ignored': 1,
  });
});

it('notes the values that occur if no classes are declared', () => {
  const notes: string[] = [];
  const tally = new ClassTally(optionsOf({ ignore: 255 }));
  tally.add([0, 3, 255]);
  tally.add([1, 3]);
  tally.finish(Object.assign(createReport(), { note: (sentence: string) => notes.push(sentence) }), 'images');
  expect(notes).toEqual(['The masks have the values 0, 1, 3. Name them in `classes`, so that other values are found.']);
});

it('knows the values of all shards', () => {
  const options = optionsOf({ classes: ['background', 'leaf', 'stem', 'pot'] });
  const [one, other, all] = [new ClassTally(options), new ClassTally(options), new ClassTally(options)];
  one.add([0, 1]);
  other.add([2]);
  for (const tally of [one, other]) all.merge(JSON.parse(JSON.stringify(tally.partial())) as JsonValue);
  const report = createReport();
  all.finish(report, 'images');
  expect(report.findings().map(({ code, value }) => [code, value])).toEqual([['class-without-pixels', 'pot']]);
});
