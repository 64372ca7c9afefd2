import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type InstalledTask, loadTasks } from '@tracebloc/ingestor-cli';
import { silentObserver } from '@tracebloc/ingestor-pipeline';
import { loadHost } from '../../plugins/host.js';
import { ingestCommand } from '../ingest.js';
import { withStores } from '../stores.js';
import { showDataset } from './show.js';

const HOST = fileURLToPath(new URL('../../..', import.meta.url));
const VARIABLES = { CLIENT_ENV: 'local', MYSQL_HOST: '', DB_NAME: 'datasets' };

let folder: string;
let installed: InstalledTask[];
const before: Record<string, string | undefined> = {};

/** Two datasets in an embedded database, of which one has files. */
beforeAll(async () => {
  for (const [name, value] of Object.entries(VARIABLES)) {
    before[name] = process.env[name];
    process.env[name] = value;
  }
  folder = await mkdtemp(join(tmpdir(), 'datasets-show-'));
  installed = await loadTasks(await loadHost(HOST));
  await mkdir(join(folder, 'texts'));
  for (const name of ['a', 'b', 'c']) await writeFile(join(folder, `texts/${name}.txt`), `Text ${name}.`);
  await writeFile(join(folder, 'rows.csv'), 'filename,label,n\na,p,1\nb,q,2\nc,q,3\n');
  await ingest({ task: 'text_classification', table: 'letters' });
  await ingest({ task: 'tabular_classification', table: 'numbers', schema: 'n: INT' });
});
afterAll(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  await rm(folder, { recursive: true });
});

async function ingest(flags: { task: string; table: string; schema?: string }): Promise<void> {
  const source = { labelFile: join(folder, 'rows.csv'), label: 'label', intent: 'train', storage: folder };
  const result = await ingestCommand({
    tasks: installed.map(({ task }) => task),
    flags: { ...source, ...flags },
    ...{ overwrite: false, restart: false, wait: false },
    createObserver: () => ({ ...silentObserver, stop: () => undefined }),
  });
  expect(result).toMatchObject({ outcome: 'ingested', inserted: 3 });
}

const show = (table: string) => withStores({ storage: folder }, (stores) => showDataset(stores, table));

it('a dataset is shown with its database, its folder and the number of each label', async () => {
  expect(await show('letters')).toMatchObject({
    ...{ table: 'letters', task: 'text_classification', records: 3, folder: join(folder, 'letters') },
    labels: [
      { label: 'q', records: 2 },
      { label: 'p', records: 1 },
    ],
    ...{ distinctLabels: 2, moreDistinctLabels: false },
    database: expect.stringMatching(/^SQLite file /) as unknown,
  });
});

it('a dataset without files has no folder', async () => {
  expect(await show('numbers')).toMatchObject({ table: 'numbers', folder: undefined, distinctLabels: 2 });
});

it('a dataset that the catalog does not know is an error, which suggests a similar name', async () => {
  await expect(show('leters')).rejects.toMatchObject({
    code: 'unknown-dataset',
    exitCode: 1,
    fix: expect.arrayContaining([expect.stringContaining('letters')]) as unknown,
  });
});
