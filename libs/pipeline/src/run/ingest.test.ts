import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { deleteDataset } from '../delete-dataset.js';
import { ingest } from './ingest.js';
import { abortAfter, column, Place, remote, rowsOf } from './ingest.test-support.js';
import { validate } from '../read/validate.js';

let place: Place;
let backend: FakeBackend;

beforeAll(async () => {
  backend = await startFakeBackend();
});
afterAll(() => backend.stop());
beforeEach(async () => {
  place = await Place.make();
  backend.clearFaults();
});
afterEach(() => place.remove());

const meta = () => place.inspect((database) => database.readMeta('numbers', 0, 1000));

describe('a run', () => {
  it('publishes and registers every record, with data_ids that derive from run and ordinal', async () => {
    await place.write(rowsOf(25));
    const result = await ingest(place.config({ backend: remote(backend), title: 'Numbers' }));
    expect(result).toMatchObject({ outcome: 'ingested', found: 25, inserted: 25, sent: 25, skipped: 0, failed: 0 });

    const records = await meta();
    expect(records).toHaveLength(25);
    expect(records.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 25 }, (_, index) => index));
    const [first, last] = [records[0]!, records[24]!];
    expect(first).toMatchObject({
      label: 'even',
      dataId: expect.stringMatching(/^[0-9a-f-]{14}8[0-9a-f-]{4}8[0-9a-f-]{4}000000000000$/) as unknown,
    });
    expect(last.dataId).toBe(first.dataId.replace(/000000000000$/, '000000000018'));

    expect(backend.violations).toEqual([]);
    const registered = backend.tables.numbers!;
    expect([...registered.labels.keys()]).toEqual(records.map(({ dataId }) => dataId));
    const entry = await place.inspect((database) => database.catalog.get('numbers'));
    expect(entry).toMatchObject({ title: 'Numbers', records: 25, registeredWith: backend.url, runId: result.runId });
  });

  it('without a backend is registered with the local catalog', async () => {
    await place.write(rowsOf(3));
    const result = await ingest(place.config({ title: 'Numbers' }));
    const entry = await place.inspect((database) => database.catalog.get('numbers'));
    expect(entry).toMatchObject({ title: 'Numbers', records: 3, registeredWith: 'local', runId: result.runId });
  });

  it('that finds an error publishes nothing, checks to the end and leaves nothing to resume', async () => {
    await place.write([...rowsOf(20), ['even', 'bad'], ...rowsOf(20), ['odd', 'bad']]);
    const result = await ingest(place.config());
    expect(result).toMatchObject({ outcome: 'invalid', found: 42, inserted: 0, failed: 42, validation: { errors: 2 } });
    await place.inspect(async (database) => {
      expect(await database.columnsOf('numbers')).toBeUndefined();
      expect(await database.catalog.list()).toEqual([]);
      expect(await database.ledger.current('numbers')).toBeUndefined();
      expect(await database.ledger.list()).toMatchObject([{ state: 'dropped' }]);
      expect(await database.columnsOf(`_ingestor_stage_${result.runId}`)).toBeUndefined();
    });
    expect(await validate(place.config())).toMatchObject({ valid: false, errors: 2, found: 42 });
  });

  it('over the same dataset changes nothing', async () => {
    await place.write(rowsOf(15));
    const first = await ingest(place.config());
    const before = await meta();
    expect(await ingest(place.config())).toMatchObject({ outcome: 'unchanged', runId: first.runId, inserted: 15 });
    expect(await meta()).toEqual(before);
  });

  it('over another dataset needs --overwrite, and then replaces all of it', async () => {
    await place.write(rowsOf(15));
    const first = await ingest(place.config());
    await place.write(rowsOf(5));
    await expect(ingest(place.config())).rejects.toMatchObject({
      code: 'dataset-exists',
      message: expect.stringContaining('15 records') as unknown,
      fix: [expect.stringContaining('--overwrite')],
    });
    expect(await meta()).toHaveLength(15);

    expect(await ingest(place.config(), { overwrite: true })).toMatchObject({ outcome: 'ingested', inserted: 5 });
    await place.inspect(async (database) => {
      expect(await database.count('numbers')).toBe(5);
      expect(await database.ledger.get(first.runId)).toMatchObject({ state: 'superseded' });
      expect(await database.catalog.get('numbers')).toMatchObject({ records: 5 });
    });
  });

  it('over a table with other columns is refused with both differences, with and without --overwrite', async () => {
    await place.write(rowsOf(5));
    await ingest(place.config());
    const other = place.config({ schema: [column('m')], columns: [column('m')] });
    for (const overwrite of [false, true]) {
      await expect(ingest(other, { overwrite })).rejects.toMatchObject({
        code: 'table-has-other-columns',
        message: expect.stringMatching(/Only in the table: n\. Only in the schema: m\./) as unknown,
      });
    }
    expect(await meta()).toHaveLength(5);
  });
});

it('leaves a table alone that another program made, although it has the same columns', async () => {
  await place.write(rowsOf(5));
  await ingest(place.config());
  const database = new DatabaseSync(join(place.folder, 'db.sqlite'));
  database.exec('ALTER TABLE numbers RENAME TO strange');
  await expect(ingest(place.config({ table: 'strange' }))).rejects.toMatchObject({
    code: 'dataset-exists',
    message: "Table strange exists, and this program's catalog does not know it.",
  });
  expect(database.prepare('SELECT count(*) AS rows FROM strange').get()).toEqual({ rows: 5 });
  database.close();
});

describe('an interrupted run', () => {
  it('continues at the last committed batch and ends as an undisturbed one', async () => {
    await place.write(rowsOf(95));
    await expect(ingest(place.config(), abortAfter(50))).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
    const cut = await place.inspect((database) => database.ledger.current('numbers'));
    expect(cut).toMatchObject({ state: 'staging' });
    expect(cut!.staged).toBeGreaterThanOrEqual(40);
    expect(cut!.staged).toBeLessThan(95);
    expect(await place.inspect((database) => database.columnsOf('numbers'))).toBeUndefined();

    // With another batch size, batches do not end where the committed ones do.
    const result = await ingest(place.config({ batchSize: 7 }));
    expect(result).toMatchObject({ outcome: 'resumed', runId: cut!.runId, found: 95, inserted: 95 });
    const records = await meta();
    expect(records.map(({ label }) => label)).toEqual(rowsOf(95).map(([label]) => label));
    expect(new Set(records.map(({ dataId }) => dataId)).size).toBe(95);
    expect(records.map(({ dataId }) => parseInt(dataId.slice(-12), 16))).toEqual(rowsOf(95).map(([, n]) => n));
  });

  it('of which somebody removed staged rows publishes nothing, until it is restarted', async () => {
    await place.write(rowsOf(45));
    await expect(ingest(place.config(), abortAfter(20))).rejects.toMatchObject({ code: 'interrupted' });
    const database = new DatabaseSync(join(place.folder, 'db.sqlite'));
    database.exec('UPDATE _ingestor_runs SET staged = staged - 10');
    database.close();
    await expect(ingest(place.config())).rejects.toMatchObject({ code: 'staged-differs', exitCode: 1 });
    expect(await place.inspect((db) => db.columnsOf('numbers'))).toBeUndefined();
    await expect(ingest(place.config())).rejects.toMatchObject({ code: 'staged-differs' });
    expect(await ingest(place.config(), { restart: true })).toMatchObject({ outcome: 'ingested', inserted: 45 });
  });

  it('is not continued with another source, unless it is restarted', async () => {
    await place.write(rowsOf(95));
    await expect(ingest(place.config(), abortAfter(50))).rejects.toMatchObject({ code: 'interrupted' });
    await place.write(rowsOf(30));
    await expect(ingest(place.config())).rejects.toMatchObject({
      code: 'source-changed',
      message: expect.stringContaining('The source file changed') as unknown,
      fix: expect.arrayContaining([expect.stringContaining('--restart')]) as unknown,
    });
    expect(await ingest(place.config(), { restart: true })).toMatchObject({ outcome: 'ingested', inserted: 30 });
  });

  it('that a backend cut off sends only what is missing', async () => {
    await place.write(rowsOf(35));
    const config = place.config({ backend: remote(backend) });
    backend.fail({ match: 'POST /global_meta/numbers/', times: 1, status: 403, body: 'no' });
    await expect(ingest(config)).rejects.toMatchObject({ code: 'backend-refused' });
    expect(await place.inspect((database) => database.ledger.current('numbers'))).toMatchObject({ state: 'published' });
    backend.fail({ match: /prepare/, times: 1, status: 400, body: 'not ready' });
    await expect(ingest(config)).rejects.toMatchObject({ code: 'backend-refused' });
    const sofar = backend.calls.length;

    expect(await ingest(config)).toMatchObject({ outcome: 'resumed', inserted: 35, sent: 35 });
    expect(backend.calls.slice(sofar).map(({ name }) => name)).toEqual(['prepare', 'dataset']);
    expect(backend.tables.numbers!.repeated.size).toBe(0);
    expect(backend.violations).toEqual([]);
  });
});

describe('data_id', () => {
  it('comes from a column, and a repeated one is reported with both rows', async () => {
    await place.write([
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ]);
    const config = place.config({ dataId: { strategy: 'column', column: 'label' } });
    const result = await validate(config);
    expect(result.findings).toMatchObject([
      { code: 'duplicate-data-id', row: 4, value: 'a', message: 'The data_id is the same as in row 2.' },
    ]);
    await place.write([
      ['a', 1],
      ['b', 2],
    ]);
    await ingest(config);
    expect((await meta()).map(({ dataId }) => dataId)).toEqual(['a', 'b']);
  });

  it('comes from the content, which must differ', async () => {
    const config = place.config({ dataId: { strategy: 'content_hash' } });
    await place.write([
      ['a', 1],
      ['a', 11],
      ['a', 1],
    ]);
    expect((await validate(config)).findings).toMatchObject([{ code: 'duplicate-content', row: 4 }]);
    await place.write([
      ['a', 1],
      ['a', 11],
    ]);
    await ingest(config);
    const ids = (await meta()).map(({ dataId }) => dataId);
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });
});

it('deletes a dataset with its table, catalog entry and run', async () => {
  await place.write(rowsOf(5));
  await ingest(place.config());
  await place.inspect((_, stores) => deleteDataset(stores, 'numbers'));
  await place.inspect(async (database, stores) => {
    expect(await database.columnsOf('numbers')).toBeUndefined();
    expect(await database.catalog.list()).toEqual([]);
    await expect(deleteDataset(stores, 'numbers')).rejects.toMatchObject({ code: 'unknown-dataset' });
  });
  expect(await ingest(place.config())).toMatchObject({ outcome: 'ingested' });
});
