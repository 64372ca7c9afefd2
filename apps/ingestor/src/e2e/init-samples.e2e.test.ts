import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { documentOf, type Row, start } from '@tracebloc/ingestor-testing/command';

const PLUGINS = fileURLToPath(new URL('../../../../plugins', import.meta.url));
const SAMPLES = globSync('*/samples/*/train.yaml', { cwd: PLUGINS }).sort();

/** What `init` asks about the data of a sample, because the data does not answer it. For all others it asks nothing. */
const ASKED: Readonly<Record<string, string[]>> = {
  cars: ['task', 'label', 'label-policy'],
  countries: ['task', 'label', 'label-policy'],
  pumps: ['task', 'label', 'label-policy'],
  'seattle-weather': ['label', 'label-policy'],
};

/** The columns that differ from run to run. */
const OF_THE_RUN = ['created_at', 'updated_at', 'data_id', 'ingestor_id'];

interface OpenQuestions {
  error: { code: string; questions: { about: string; choices: { value: string }[] }[] };
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-init-samples-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (args: string[], env = {}) => start(args, { env, cwd: folder }).ended;

/** Ingests into a separate storage folder, and returns the rows of the table. */
async function ingest(config: string, storage: string): Promise<Row[]> {
  await mkdir(storage);
  const env = { CLIENT_ENV: 'local', STORAGE_PATH: storage, DB_NAME: 'embedded' };
  const ended = await run(['ingest', '-c', config, '--json'], env);
  expect(ended).toMatchObject({ code: 0 });
  const { table } = documentOf<{ table: string }>(ended);
  const database = new DatabaseSync(join(storage, 'embedded.sqlite'), { readOnly: true });
  const rows = database.prepare(`SELECT * FROM "${table}" ORDER BY id`).all() as Row[];
  database.close();
  return rows.map(comparable);
}

/** `init` writes DOUBLE where a sample declares FLOAT, and knows no table's name. */
function comparable(row: Row): Row {
  const kept = Object.entries(row).filter(([name]) => !OF_THE_RUN.includes(name));
  return Object.fromEntries(
    kept
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, typeof value === 'number' ? Math.fround(value) : value]),
  );
}

it.each(SAMPLES)(
  '%s: its data alone goes from init to ingested, and is asked only what it leaves open',
  async (sample) => {
    const [source, name] = [dirname(join(PLUGINS, sample)), basename(dirname(sample))];
    const place = join(folder, name);
    const data = join(source, 'train');
    await (existsSync(data) ? cp(data, place, { recursive: true }) : cp(`${data}.csv`, join(place, 'train.csv')));
    const { values } = documentOf<{ values: { field: string; value: string }[] }>(
      await run(['config', 'show', '-c', join(PLUGINS, sample), '--json']),
    );
    const valueOf = (field: string) => values.find((value) => value.field === field)?.value;
    const wanted: Record<string, string | undefined> = {
      task: valueOf('category'),
      label: valueOf('label.column'),
      'label-policy': valueOf('label.policy'),
    };

    const first = await run(['init', place, '--json']);
    const open = ASKED[name] ?? [];
    const { error } = documentOf<Partial<OpenQuestions>>(first);
    expect(error?.questions.map(({ about }) => about) ?? []).toEqual(open);
    for (const { about, choices } of error?.questions ?? []) {
      expect(choices.map(({ value }) => value)).toContain(wanted[about]);
    }
    if (open.length > 0) {
      const answers = open.flatMap((about) => [`--${about}`, wanted[about]!]);
      expect(await run(['init', place, ...answers])).toMatchObject({ code: 0 });
    }
    const config = join(place, 'ingest.yaml');
    expect(await run(['validate', '-c', config])).toMatchObject({ code: 0 });
    expect(await ingest(config, join(folder, `${name}-init`))).toEqual(
      await ingest(join(PLUGINS, sample), join(folder, `${name}-sample`)),
    );
  },
  60_000,
);

it('a series is stored with its moments in the column timestamp, whatever the file calls it', async () => {
  await writeFile(
    join(folder, 'prices.csv'),
    'created_at,Open,Close\n2024-01-02,10.1,10.4\n2024-01-03,10.4,10.2\n2024-01-04,10.2,10.9\n',
  );
  expect(
    await run(['init', 'prices.csv', '--label', 'Close', '--label-policy', 'bucket', '-o', 'prices.yaml']),
  ).toMatchObject({
    code: 0,
    stderr: 'Found a table of 3 rows in the order of its column created_at: time_series_forecasting.\n',
  });
  const rows = await ingest('prices.yaml', join(folder, 'prices'));
  expect(rows).toMatchObject([
    { timestamp: expect.stringContaining('2024-01-02') as unknown, label: '10.4' },
    { timestamp: expect.stringContaining('2024-01-03') as unknown, label: '10.2' },
    { timestamp: expect.stringContaining('2024-01-04') as unknown, label: '10.9' },
  ]);
  expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining(['Open', 'timestamp']));
});

it('files are stored under their names, whatever the file calls the column', async () => {
  const place = join(folder, 'notes');
  await mkdir(join(place, 'Texts'), { recursive: true });
  for (const name of ['é1', 'b2', 'c3', 'd4']) await writeFile(join(place, 'Texts', `${name}.txt`), name);
  await writeFile(join(place, 'topics.csv'), 'doc,topic\né1,x\nb2.txt,y\nc3.TXT,x\nd4,y\n');
  expect(await run(['init', place])).toMatchObject({ code: 0 });
  const rows = await ingest(join(place, 'ingest.yaml'), join(folder, 'notes-init'));
  expect(rows.map(({ filename, extension, label }) => [filename, extension, label])).toEqual([
    ['é1', '.txt', 'x'],
    ['b2', '.txt', 'y'],
    ['c3', '.txt', 'x'],
    ['d4', '.txt', 'y'],
  ]);
});
