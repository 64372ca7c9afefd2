import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { ingest } from './ingest.js';
import { Place, remote, rowsOf } from './ingest.test-support.js';

let place: Place;
let z: FakeBackend;
let y: FakeBackend;

beforeAll(async () => {
  [z, y] = await Promise.all([startFakeBackend(), startFakeBackend()]);
});
afterAll(() => Promise.all([z.stop(), y.stop()]));
beforeEach(async () => {
  place = await Place.make();
  await place.write(rowsOf(35));
  for (const backend of [z, y]) {
    backend.clearFaults();
    delete backend.tables.numbers;
  }
});
afterEach(() => place.remove());

const withZ = () => place.config({ backend: remote(z) });
const withY = () => place.config({ backend: remote(y) });
const current = () => place.inspect((database) => database.ledger.current('numbers'));
const registeredWith = () => place.inspect(async ({ catalog }) => (await catalog.get('numbers'))?.registeredWith);

/** Leaves a run of which `z` knows only the records. */
async function registerHalf(): Promise<void> {
  z.fail({ match: 'POST /global_meta/numbers/', times: 1, status: 403, body: 'no' });
  await expect(ingest(withZ())).rejects.toMatchObject({ code: 'backend-refused' });
}

const ELSEWHERE = { code: 'registered-elsewhere', exitCode: 1 };

it('a run that is partly registered with one backend is not continued with another, and each fix in the error works', async () => {
  await registerHalf();
  const sofar = y.calls.length;
  await expect(ingest(withY())).rejects.toMatchObject({
    ...ELSEWHERE,
    message: expect.stringMatching(new RegExp(`${z.url}.*${y.url}`)) as unknown,
    fix: [expect.stringContaining(`BACKEND_URL=${z.url}`), expect.stringContaining('--restart --overwrite')] as unknown,
  });
  expect(y.calls.length).toBe(sofar);
  expect(await ingest(withZ())).toMatchObject({ outcome: 'resumed', sent: 35 });
  expect(z.tables.numbers!.repeated.size).toBe(0);

  await expect(ingest(withY())).rejects.toMatchObject(ELSEWHERE);
  expect(await ingest(withY(), { restart: true, overwrite: true })).toMatchObject({ outcome: 'ingested', sent: 35 });
  expect(y.tables.numbers).toMatchObject({ labels: { size: 35 }, dataset: expect.anything() as unknown });
  expect([...z.violations, ...y.violations]).toEqual([]);
});

it('a run that a backend knows is not registered with the local catalog', async () => {
  await registerHalf();
  await expect(ingest(place.config())).rejects.toMatchObject({
    ...ELSEWHERE,
    fix: expect.arrayContaining([expect.stringContaining('without CLIENT_ENV=local')]) as unknown,
  });
  expect(await current()).toMatchObject({ state: 'published', registry: z.url });
});

it('a dataset of the local catalog is registered with a backend from the start', async () => {
  const { runId } = await ingest(place.config());
  y.fail({ match: 'POST /global_meta/numbers/', times: 1, status: 403, body: 'no' });
  await expect(ingest(withY())).rejects.toMatchObject({ code: 'backend-refused' });
  expect(await current()).toMatchObject({ state: 'published', registry: y.url });
  await expect(ingest(withZ())).rejects.toMatchObject(ELSEWHERE);
  expect(await ingest(withY())).toMatchObject({ outcome: 'resumed', runId, inserted: 35, sent: 35, registry: y.url });
  expect(y.tables.numbers).toMatchObject({ labels: { size: 35 }, dataset: expect.anything() as unknown });
  expect(y.tables.numbers!.repeated.size).toBe(0);
  expect(y.violations).toEqual([]);
  expect(await registeredWith()).toBe(y.url);
  expect(await ingest(withY())).toMatchObject({ outcome: 'unchanged', sent: 35 });
});

it('a run of an earlier version, which stored no address, is continued with the given backend', async () => {
  await registerHalf();
  const database = new DatabaseSync(join(place.folder, 'db.sqlite'));
  database.exec('ALTER TABLE _ingestor_runs DROP COLUMN registry');
  database.close();
  expect(await ingest(withZ())).toMatchObject({ outcome: 'resumed', sent: 35 });
  expect(z.tables.numbers!.repeated.size).toBe(0);
});
