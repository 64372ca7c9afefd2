import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Detection, isDetection, type Misfit } from '@tracebloc/ingestor-contract';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { timeSeriesClassification } from './task.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-sequences-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function detect(header: string, rows: readonly string[], label?: string): Promise<Detection | Misfit> {
  const path = join(folder, 'data.csv');
  await writeFile(path, `${header}\n${rows.join('\n')}\n`);
  return (await timeSeriesClassification.detect!(await surveyPath(path, new AbortController().signal), label))!;
}

/** Rows of six sequences of five steps, which interleave. */
const STEPS = Array.from({ length: 30 }, (_, index) => ({ id: index % 6, step: Math.floor(index / 6), x: index / 7 }));
const date = (step: number) => `2024-03-0${step + 1}`;

it('ids that recur, times, and a label that is constant in each id are sequences', async () => {
  const rows = STEPS.map(({ id, step, x }) => `s${id},${date(step)},${x},${id % 2 ? 'walk' : 'run'},note ${x}`);
  expect(await detect('sequence_id,timestamp,x,activity,remark', rows)).toMatchObject({
    fit: 'certain',
    found: 'a table of 30 rows, which are sequences by their sequence_id, in the order of timestamp',
    labels: ['activity'],
    schema: ['sequence_id', 'timestamp', 'x'],
    fields: {},
    manifest: { columns: [{}, { sql: 'TIMESTAMP' }, {}, {}, {}], leftOut: [{ name: 'remark' }] },
  });
});

it('their columns may have other names; another task may then fit as well', async () => {
  const rows = STEPS.map(({ id, step, x }) => `s${id},${step},${x},${id % 2},k${id % 3}`);
  expect(await detect('Trial,step,x,failed,kind', rows)).toMatchObject({
    fit: 'likely',
    labels: ['failed', 'kind'],
    schema: ['Trial', 'step', 'x', 'failed'],
    fields: { sequence_column: 'Trial', time_column: 'step' },
  });
  expect(await detect('Trial,step,x,failed,kind', rows, 'kind')).toMatchObject({ labels: ['kind'] });
});

it.each<[string, string, (row: (typeof STEPS)[number]) => string, string | undefined, string, boolean]>([
  [
    'each row its own id',
    'id,date,x,y',
    ({ id, step, x }) => `${id}${step},${date(step)},${x},${id % 2}`,
    undefined,
    'no column of ids has several rows for each id',
    false,
  ],
  [
    'no time',
    'sequence_id,x,y',
    ({ id, x }) => `s${id},${x},${id % 2}`,
    undefined,
    'no column holds the times or steps of the rows',
    true,
  ],
  [
    'a label that changes',
    'sequence_id,step,x,y',
    ({ id, step, x }) => `s${id},${step},${x},k${step % 2}`,
    'y',
    'its label, y, is not one class in all rows of a sequence_id',
    true,
  ],
  [
    'a label for each id',
    'store_id,date,x,name',
    ({ id, step, x }) => `s${id},${date(step)},${x},n${id}`,
    undefined,
    'no column of classes has one value in all rows of a store_id',
    false,
  ],
  [
    'no feature',
    'sequence_id,step,y',
    ({ id, step }) => `s${id},${step},k${id % 2}`,
    undefined,
    'no column holds numbers that were measured',
    true,
  ],
])('%s does not fit', async (_, header, rowOf, label, reason, near) => {
  const result = await detect(header, STEPS.map(rowOf), label);
  expect(isDetection(result)).toBe(false);
  expect(result).toMatchObject({ reason });
  expect((result as Misfit).near ?? false).toBe(near);
});

it('a host that cannot open the table again recognises nothing', async () => {
  const rows = STEPS.map(({ id, step, x }) => `s${id},${date(step)},${x},k${id % 2}`);
  await detect('sequence_id,timestamp,x,y', rows);
  const survey = await surveyPath(join(folder, 'data.csv'), new AbortController().signal);
  const manifests = survey.manifests.map(({ reopen: _, ...manifest }) => manifest);
  expect(isDetection(await timeSeriesClassification.detect!({ ...survey, manifests }))).toBe(false);
});
