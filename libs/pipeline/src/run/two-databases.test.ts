import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase } from '@tracebloc/ingestor-storage';
import { deleteDataset } from '../delete-dataset.js';
import { ingest } from './ingest.js';
import { abortAfter, Place, rowsOf, withFiles } from './ingest.test-support.js';
import { silentObserver } from '../observer.js';
import type { Stores } from '../stores.js';
import { listLeftovers } from '../runs/leftovers.js';
import { cleanRuns } from '../runs/clean.js';
import { verifyDataset } from '../verify/verify-dataset.js';

let place: Place;
let texts: string;
const published = () => readdirSync(join(place.folder, 'numbers')).sort();

beforeEach(async () => {
  place = await Place.make();
  texts = await place.writeTexts('even', 'odd');
  await place.write(rowsOf(25));
});
afterEach(() => place.remove());

function config(changes: Partial<RunConfig> = {}): RunConfig {
  const base = place.config();
  return { ...base, task: withFiles, source: { ...base.source, sidecars: { texts } }, ...changes };
}

const other = (changes: Partial<RunConfig> = {}) =>
  config({ database: { kind: 'sqlite', file: join(place.folder, 'other.sqlite') }, ...changes });
const inspectOther = async <T>(look: (stores: Stores) => Promise<T>): Promise<T> => {
  const database = await openDatabase(other().database);
  try {
    return await look({ database, folders: new DatasetFolders(place.folder, database) });
  } finally {
    await database.close();
  }
};
const layoutOf = () => withFiles.layout;
const verify = (stores: Stores) => verifyDataset(stores, 'numbers', layoutOf, new AbortController().signal);

it('a run that stages reserves its name on the volume: a run of another database is refused immediately', async () => {
  let refused: unknown;
  const observer = {
    ...silentObserver,
    // The first database's run has begun and has published nothing.
    debug: async (message: string) => {
      if (message.startsWith('Committing')) refused ??= ingest(other()).catch((error: unknown) => error);
    },
  };
  await expect(ingest(config(), { observer })).resolves.toMatchObject({ outcome: 'ingested' });
  expect(await refused).toMatchObject({
    code: 'folder-exists',
    message: expect.stringMatching(/(reserved by|holds) run .* of another database: SQLite file .*db\.sqlite/),
  });
  await expect(ingest(other(), { overwrite: true, restart: true })).rejects.toMatchObject({ code: 'folder-exists' });
  expect(await place.inspect((_, stores) => verify(stores))).toMatchObject({ whole: true, files: 2 });
  await place.inspect((_, stores) => deleteDataset(stores, 'numbers'));
  await expect(ingest(other())).resolves.toMatchObject({ outcome: 'ingested' });
  expect(await inspectOther(verify)).toMatchObject({ whole: true, files: 2 });
});

it('two databases on one volume may have datasets of the same name if one of them has no files', async () => {
  await ingest(config());
  const rows = place.config({ database: other().database });
  await ingest(rows);
  await ingest({ ...rows, title: 'again' }, { overwrite: true, restart: true });
  expect(published()).toEqual(['even.txt', 'odd.txt']);
  await inspectOther((stores) => deleteDataset(stores, 'numbers'));
  expect(await place.inspect((_, stores) => verify(stores))).toMatchObject({ whole: true, files: 2 });
});

it('a database frees the name of a folder when its run is invalid, restarted or cleaned', async () => {
  await place.write([...rowsOf(25), ['odd', 'bad']]);
  expect(await ingest(config())).toMatchObject({ outcome: 'invalid' });
  await place.write(rowsOf(25));
  await expect(ingest(other(), abortAfter(10))).rejects.toMatchObject({ code: 'interrupted' });
  const claim = join(place.folder, '.ingestor', 'folders', 'numbers');
  const refused = { code: 'folder-exists', fix: expect.arrayContaining([expect.stringContaining('--foreign')]) };
  await expect(ingest(config())).rejects.toMatchObject(refused);
  const [{ runId, folders } = { runId: '', folders: [] as string[] }] = await inspectOther(listLeftovers);
  expect(folders).toContain(claim);

  await place.inspect((_, stores) => cleanRuns(stores, { foreign: true, runId }));
  expect(existsSync(claim)).toBe(false);
  await expect(ingest(config())).resolves.toMatchObject({ outcome: 'ingested' });
  await expect(ingest(other())).rejects.toMatchObject({ code: 'folder-exists' });
  await inspectOther((stores) => cleanRuns(stores, { unfinished: true }));
  expect(await place.inspect((_, stores) => verify(stores))).toMatchObject({ whole: true, files: 2 });
});
