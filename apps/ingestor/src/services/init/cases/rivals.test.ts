import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Desk, table } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const day = (index: number) => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);
const ROWS = Array.from({ length: 60 }, (_, index) => index);
const sales = (index: number) => ((index * 37) % 91) / 2;

it('a daily series with texts is taken for no series only with a word, and the named task reads it', async () => {
  const content = table(
    'date,weather,y',
    ...ROWS.map((row) => `${day(row)},${['sun', 'rain', 'snow'][(row * 7) % 3]!},${sales(row)}`),
  );
  const { task, near } = await desk.describe(content, 'y');
  expect(task).toBe('tabular_regression');
  expect(near).toMatchObject([
    { task: 'time_series_forecasting', reason: expect.stringMatching(/but weather is not a number/) as unknown },
  ]);
  const [, named] = /--task (\w+)/.exec(near[0]!.fix)!;
  const series = await desk.describe(content, 'y', { task: named });
  expect(series.leftOut).toMatchObject([{ name: 'weather', reason: 'it is not a number' }]);
  expect(await desk.rows()).toEqual(ROWS.map((row) => [String(sales(row)), `${day(row)} 00:00:00`]));
  // The fix of the misfit: categories as numbers.
  const coded = await desk.describe(
    content.replaceAll('sun', '1').replaceAll('rain', '2').replaceAll('snow', '3'),
    'y',
  );
  expect(coded).toMatchObject({ task: 'time_series_forecasting', near: [], leftOut: [] });
});

it('a file of several series names the task and what it needs', async () => {
  const content = table('date,store,y', ...ROWS.map((row) => `${day(row >> 1)},s${row % 2},${sales(row)}`));
  const { near } = await desk.describe(content, 'y');
  expect(near).toMatchObject([
    { task: 'time_series_forecasting', reason: expect.stringContaining('several series') as unknown },
  ]);
  const one = table(
    'date,store,y',
    ...ROWS.flatMap((row) => (row % 2 === 0 ? [`${day(row >> 1)},0,${sales(row)}`] : [])),
  );
  expect((await desk.describe(one, 'y')).task).toBe('time_series_forecasting');
});

it('a label of few numbers names the regression too', async () => {
  const content = table('a,b,y', ...ROWS.map((row) => `${sales(row)},${(row * 7) % 13},${row % 5}`));
  const { task, near } = await desk.describe(content, 'y');
  expect(task).toBe('tabular_classification');
  expect(near).toMatchObject([{ task: 'tabular_regression', fix: 'If it is meant so: --task tabular_regression' }]);
});

it('a table without a rival names none', async () => {
  const content = table('a,b,y', ...ROWS.map((row) => `${sales(row)},${(row * 7) % 13},k${row % 5}`));
  expect((await desk.describe(content, 'y')).near).toEqual([]);
});

it('a series of few numbers is not said to have classes', async () => {
  const content = table('date,y', ...ROWS.slice(0, 12).map((row) => `${day(row)},${row * 7}`));
  expect(await desk.describe(content, 'y')).toMatchObject({ task: 'time_series_forecasting', near: [] });
});

it('a table that is called like a text is not said to be one', async () => {
  const content = table('a,b,y', ...ROWS.map((row) => `${sales(row)},${(row * 7) % 13},k${row % 5}`));
  expect((await desk.describe(content, 'y', { file: 'data.txt' })).near).toEqual([]);
});
