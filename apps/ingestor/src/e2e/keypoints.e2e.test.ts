import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentOf, type Env, type Row, World, yamlOf } from '@tracebloc/ingestor-testing/command';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { CommandSession } from './many-commands.test-support.js';
import { datasetOf, expectNothingStaged, filesOf, names, outcomeOf, shardFlags } from './shards.test-support.js';

const IMAGES = 12;
const SIZE = [96, 64] as const;
/** The first image needs no change. */
const TARGET = 64;

/** The points of an object: one is not labelled in every third. */
const objectOf = (row: number) => ({
  nose: [row, 10],
  tail: row % 3 === 0 ? [0, 0] : [60, row + 0.5],
  ear: [30, 5],
});
const seenOf = (row: number) => ({ nose: 1, tail: row % 3 === 0 ? 0 : 1, ear: 0 });

const ROWS = Array.from({ length: 3 * IMAGES }, (_, row) => ({ image: row % IMAGES, row }));
const cell = (value: object): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
const escaped = (value: object): string => `"${JSON.stringify(value).replaceAll('"', '\\"')}"`;

function manifest(quote: (value: object) => string): string {
  const lines = ROWS.map(({ image, row }) =>
    [`a${10 + image}`, quote(objectOf(row)), quote(seenOf(row)), row % 2 ? 'cat' : 'dog'].join(),
  );
  return ['filename,annotation,visibility,label', ...lines, ''].join('\n');
}

/** What the table holds of a row: `contain` makes 64x43 of 96x64, with 10 rows above. */
const expected = ROWS.map(({ image, row }) => {
  const isSquare = image === 0;
  const place = ([x, y]: number[]) =>
    isSquare ? [x, y] : [Number(((x! * 64) / 96).toPrecision(12)), Number((10 + (y! * 43) / 64).toPrecision(12))];
  const { nose, tail, ear } = objectOf(row);
  const placed = { nose: place(nose), tail: row % 3 === 0 ? tail : place(tail), ear: place(ear) };
  return {
    id: row + 1,
    label: row % 2 ? 'cat' : 'dog',
    filename: `a${10 + image}`,
    extension: '.png',
    annotation: JSON.stringify(placed),
    visibility: JSON.stringify(seenOf(row)),
  };
});

const OPTIONS: Row = { target_size: [TARGET, TARGET], number_of_keypoints: 3, fit: 'contain', extension: '.png' };

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  await mkdir(join(world.folder, 'images'));
  for (let image = 0; image < IMAGES; image++) {
    const [width, height] = image === 0 ? [TARGET, TARGET] : SIZE;
    await world.write(`images/a${10 + image}.png`, await sampleImages.png(width, height));
  }
  await world.write('points.csv', manifest(cell));
  await world.write('backslash.csv', manifest(escaped));
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

async function configure(
  table: string,
  fields: object = {},
  { csv_options = {}, file_options = OPTIONS } = {},
): Promise<string> {
  const common = { category: 'keypoint_detection', table, csv: 'points.csv', label: 'label' };
  const all = { ...common, schema: { visibility: 'TEXT' }, ...fields, spec: { csv_options, file_options } };
  return world.write(`${table}.yaml`, yamlOf(all));
}

const ingest = (config: string, env: Env, ...flags: string[]) => session.run(['ingest', '-c', config, ...flags], env);

const kept = ({ id, label, filename, extension, annotation, visibility }: Row) => ({
  ...{ id, label, filename, extension, annotation, visibility },
});

describe('points and images', () => {
  it('are stored alike in MariaDB and in the embedded database', async () => {
    const config = await configure('figures');
    const storage = join(world.folder, 'embedded');
    await mkdir(storage);
    for (const env of [world.local, { ...world.embedded, STORAGE_PATH: storage }])
      expect(outcomeOf(await ingest(config, env))).toMatch(/^0:/);
    const [row] = await world.rows('figures');
    expect(row).toMatchObject({ data_intent: 'train', status: 0 });
    expect((await world.rows('figures')).map(kept)).toEqual(expected);
    expect(world.embeddedTables(storage).figures!.rows.map(kept)).toEqual(expected);
    const files = Array.from({ length: IMAGES }, (_, image) => `a${10 + image}.png`);
    expect(names(join(world.storage, 'figures'))).toEqual(files);
    expect(filesOf(join(storage, 'figures'))).toEqual(filesOf(join(world.storage, 'figures')));
    const unchanged = await readFile(join(world.folder, 'images/a10.png'));
    expect((await readFile(join(world.storage, 'figures/a10.png'))).equals(unchanged)).toBe(true);
    const shown = await session.run(['datasets', 'show', 'figures', '--json'], world.local);
    expect(documentOf(shown)).toMatchObject({
      metadata: { file_options: { target_size: [64, 64], extension: '.png', number_of_keypoints: 3, fit: 'contain' } },
      statistics: {
        points: { counts: { nose: 36, tail: 24 } },
        objects: { count: IMAGES, min: 3, max: 3 },
      },
    });
  });

  it('are the same if a backslash is before each quote, as the fix of the error says', async () => {
    const config = await configure('backslash', { csv: 'backslash.csv' });
    const refused = outcomeOf(await ingest(config, world.local));
    expect(refused).toMatch(/^3:/);
    expect(refused).toContain('set `spec.csv_options.escapechar: "\\\\"`');
    const right = await configure('backslash', { csv: 'backslash.csv' }, { csv_options: { escapechar: '\\' } });
    expect(outcomeOf(await ingest(right, world.local))).toMatch(/^0:/);
    expect((await world.rows('backslash')).map(kept)).toEqual(expected);
  });
});

it.each([
  [2, 'contain', undefined],
  // A square of 64 pixels in the middle of 96: the noses left of 16, of the first 16 rows but that of the image that is a square.
  [3, 'cover', '`cover` cuts off 14 visible points of 14 rows.'],
  [5, 'cover', '`cover` cuts off 14 visible points of 14 rows.'],
])('%d shards make the dataset that one process makes, with %s', async (count, fit, warning) => {
  const table = `in_${count}`;
  const config = await configure(table, {}, { file_options: { ...OPTIONS, fit } });
  const alone = outcomeOf(await ingest(config, world.remote));
  expect(alone).toMatch(/^0:/);
  const whole = await datasetOf(world, table);
  const files = filesOf(join(world.storage, table));
  expect(await session.run(['datasets', 'delete', table, '--yes'], world.remote)).toMatchObject({ code: 0 });
  let last = '';
  for (let index = count - 1; index >= 0; index--) {
    last = outcomeOf(await ingest(config, world.remote, ...shardFlags(index, count)));
    expect(last).toMatch(/^0:/);
  }
  for (const outcome of warning === undefined ? [] : [alone, last]) expect(outcome).toContain(warning);
  expect(await datasetOf(world, table)).toEqual(whole);
  expect(filesOf(join(world.storage, table))).toEqual(files);
  await expectNothingStaged(world);
});

it('a size and a number of points are required, at the top or in file_options', async () => {
  const config = await configure('bare', {}, { file_options: { extension: '.png', target_size: [64, 64] } });
  const outcome = outcomeOf(await ingest(config, world.local));
  expect(outcome).toMatch(/^2:/);
  expect(outcome).toContain('number_of_keypoints: is required');
});
