import { readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { TaskType } from '@tracebloc/ingestor-contract';
import type { MysqlConfig } from '@tracebloc/ingestor-core';
import { DatasetFolders, openDatabase, type Database } from '@tracebloc/ingestor-storage';
import { shareMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { ingest } from '../run/ingest.js';
import { newDatabase, Place, withFiles } from '../run/ingest.test-support.js';
import { stateOf } from './shard-files.js';

const NAMES = Array.from({ length: 20 }, (_, index) => `text${index + 10}`);
const ownFiles: TaskType = { ...withFiles, shards: { rows: 'own' } };

let server: MariaDb;
let place: Place;
let texts: string;
let database: MysqlConfig;
let db: Database;

beforeAll(async () => {
  server = await shareMariaDb();
});
afterAll(() => server.stop());
beforeEach(async () => {
  place = await Place.make();
  await place.write(NAMES.map((name, index) => [name, index]));
  texts = await place.writeTexts(...NAMES);
  database = await newDatabase(server);
  db = await openDatabase(database);
});
afterEach(async () => {
  await db.close();
  await place.remove();
});

/** Ingests one of two shards. The first one has the first half of the names. */
const ingestShard = (index: number) => {
  const source = { ...place.config().source, sidecars: { texts } };
  return ingest(place.config({ database, source, task: ownFiles, shard: { index, count: 2 } }));
};
const staging = () => {
  const folder = join(place.folder, '.ingestor', 'staging');
  return join(folder, readdirSync(folder)[0]!);
};
/** Gives a file of the first shard another content of the same length, and its times of before. */
function change(): string {
  const path = join(staging(), 'text10.txt');
  const { atime, mtime } = statSync(path);
  writeFileSync(path, 'text99');
  utimesSync(path, atime, mtime);
  return path;
}

it('files that each shard has compared are published', async () => {
  await ingestShard(0);
  const { runId } = (await db.ledger.current('numbers'))!;
  expect((await db.ledger.readBacks(runId)).get(0)).toEqual({ files: [10, expect.any(Number)] });
  expect(await ingestShard(1)).toMatchObject({ outcome: 'ingested', inserted: NAMES.length });
  expect(readdirSync(join(place.folder, 'numbers')).sort()).toEqual(NAMES.map((name) => `${name}.txt`));
});

it.each<[string, () => void]>([
  ['has another content, with the same length and time', () => void change()],
  ['is gone', () => rmSync(join(staging(), 'text10.txt'))],
  ['was replaced by another', () => renameSync(join(staging(), 'text11.txt'), join(staging(), 'text10.txt'))],
])('a file that %s after its shard compared it is found by the shard that publishes', async (_how, damage) => {
  await ingestShard(0);
  damage();
  await expect(ingestShard(1)).rejects.toMatchObject({
    code: 'staged-differs',
    message: expect.stringContaining('text10.txt') as unknown,
  });
  expect(await db.columnsOf('numbers')).toBeUndefined();
});

it('files whose state is that of before are not read again', async () => {
  await ingestShard(0);
  change();
  const { runId } = (await db.ledger.current('numbers'))!;
  const folders = new DatasetFolders(place.folder, db);
  async function* own() {
    for (const name of NAMES.slice(0, 10)) yield [{ name: `${name}.txt`, digest: '' }];
  }
  // The note is true of the changed file, so that only reading it could reveal the change.
  const files = await stateOf(folders.stagingOf(runId), own(), new AbortController().signal);
  await db.keepReadBack({ runId, index: 0, count: 2 }, { files });
  expect(await ingestShard(1)).toMatchObject({ outcome: 'ingested' });
});
