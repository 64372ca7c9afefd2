import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { lines, Place, remote, rowsOf } from './ingest.test-support.js';
import { ingest } from './ingest.js';

let place: Place;
let backend: FakeBackend;

beforeEach(async () => {
  place = await Place.make();
  backend = await startFakeBackend();
  await place.write(rowsOf(35));
});
afterEach(async () => {
  await backend.stop();
  await place.remove();
});

function removeRows(condition: string): void {
  const database = new DatabaseSync(join(place.folder, 'db.sqlite'));
  database.exec(`DELETE FROM numbers WHERE ${condition}`);
  database.close();
}

it.each([
  ['all that are still to be sent', 'id > 10'],
  ['some of the next batch', 'id IN (13, 14)'],
  ['the last one', 'id = 35'],
])('rows that go away while they are registered end the run: %s', async (_what, condition) => {
  const gate = Promise.withResolvers<undefined>();
  backend.fail({ match: /numbers/, until: gate.promise });
  const run = ingest(place.config({ backend: remote(backend) }));
  run.catch(() => undefined);
  while (backend.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  removeRows(condition);
  gate.resolve(undefined);
  await expect(run).rejects.toMatchObject({
    code: 'rows-missing',
    message: expect.stringContaining(
      'had 35 rows when its registration began, and now lacks some: somebody',
    ) as unknown,
    fix: [expect.stringContaining('--overwrite --restart')],
  });
  expect(backend.tables.numbers!.dataset).toBeUndefined();
  // The same command does not register the remaining rows either.
  await expect(ingest(place.config({ backend: remote(backend) }))).rejects.toMatchObject({ code: 'rows-missing' });
  expect(backend.tables.numbers!.dataset).toBeUndefined();
  expect(backend.tables.numbers!.repeated.size).toBe(0);
  const anew = await ingest(place.config({ backend: remote(backend) }), { overwrite: true, restart: true });
  expect(anew).toMatchObject({ outcome: 'ingested', inserted: 35, sent: 35 });
  expect(backend.violations).toEqual([]);
});

it('the backend gets the number of groups, if rows belong together', async () => {
  await place.write([
    ['a', 1],
    ['b', 1],
    ['a', 2],
  ]);
  const groups = { name: 'sequence', column: () => place.config().columns[0] };
  await ingest(place.config({ backend: remote(backend), task: { ...lines, groups } }));
  const counted = { number_of_columns: 1, number_of_sequences: 2 };
  expect(backend.tables.numbers!.metadata).toMatchObject(counted);
  expect(await place.inspect(async ({ catalog }) => (await catalog.get('numbers'))!.metadata)).toEqual(counted);
  expect(backend.violations).toEqual([]);
});
