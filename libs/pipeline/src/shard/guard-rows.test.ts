import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { TaskType } from '@tracebloc/ingestor-contract';
import type { MysqlConfig } from '@tracebloc/ingestor-core';
import { openDatabase, stagingTable, type Database, type RunRow } from '@tracebloc/ingestor-storage';
import { shareMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { ingest } from '../run/ingest.js';
import { lines, newDatabase, Place, rowsOf } from '../run/ingest.test-support.js';
import { silentObserver } from '../observer.js';
import type { IngestResult } from '../result.js';

/** So many that each of two shards reads its rows back. */
const ROWS = 110_000;

let server: MariaDb;
let place: Place;
let database: MysqlConfig;
let db: Database;

beforeAll(async () => {
  server = await shareMariaDb();
  place = await Place.make();
  await place.write(rowsOf(ROWS));
});
afterAll(async () => {
  await place.remove();
  await server.stop();
});
beforeEach(async () => {
  database = await newDatabase(server);
  db = await openDatabase(database);
});
afterEach(() => db.close());

/** Ends the sessions that lock rows of the database, and runs the statement, while this process waits. */
function executeUnlocked(statement: string): void {
  const { host, port, user, password, name } = database;
  const account = JSON.stringify({ host, port, user, password: password.reveal(), database: name });
  const script = `
    import { createConnection } from 'mysql2/promise';
    const connection = await createConnection(${account});
    const [sessions] = await connection.query(
      "SELECT t.trx_mysql_thread_id AS id FROM INFORMATION_SCHEMA.INNODB_TRX AS t " +
      "JOIN INFORMATION_SCHEMA.PROCESSLIST AS p ON p.ID = t.trx_mysql_thread_id WHERE p.DB = '${name}'");
    for (const { id } of sessions) await connection.query('KILL ' + id);
    await connection.query(${JSON.stringify(statement)});
    await connection.end();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

/** Two shards side by side, of which the second is not done before `mayEnd` is called. */
interface Shards {
  run: RunRow;
  mayEnd: () => void;
  results: Promise<PromiseSettledResult<IngestResult>[]>;
  /** The second shard's messages. */
  messages: string[];
  /** Asks the first shard to stop. */
  stop: () => void;
}

/** Returns when the first shard is done and guards its rows. `meddle` receives each message of the second shard. */
async function untilOneIsDone(meddle: (message: string, run: RunRow) => void = () => undefined): Promise<Shards> {
  const { promise, resolve: mayEnd } = Promise.withResolvers<undefined>();
  const ownRows: TaskType = { ...lines, shards: { rows: 'own' } };
  const late: TaskType = {
    ...ownRows,
    async *records(context) {
      yield* ownRows.records(context);
      await promise;
    },
  };
  const messages: string[] = [];
  const first = new AbortController();
  let run: RunRow | undefined;
  const debug = (message: string) => {
    messages.push(message);
    if (run) meddle(message, run);
  };
  const shard = (index: number, task: TaskType) =>
    place.config({ database, task, batchSize: 4000, shard: { index, count: 2 } });
  const results = Promise.allSettled([
    ingest(shard(0, ownRows), { signal: first.signal }),
    ingest(shard(1, late), { observer: { ...silentObserver, debug } }),
  ]);
  for (;;) {
    run = await db.ledger.current('numbers');
    const states = run && (await db.ledger.shardStates(run.runId));
    if (run && states?.size === 2 && states.get(0) === 'staged') break;
    await sleep(20);
  }
  return { run, mayEnd: () => mayEnd(undefined), results, messages, stop: () => first.abort() };
}

const changeOf = ({ runId }: RunRow) => `UPDATE \`${stagingTable(runId)}\` SET n = -1 WHERE id = 3`;
const published = [{ value: { outcome: 'staged' } }, { value: { outcome: 'ingested', inserted: ROWS } }];
const refused = [{ value: { outcome: 'staged' } }, { reason: { code: 'staged-differs' } }];

it('a shard that is done keeps others from changing its rows until they are published, and nobody reads them again', async () => {
  const { run, mayEnd, results, messages } = await untilOneIsDone();
  expect(await db.shardLocks(run)).toMatchObject({ alive: new Set([0, 1]), isTableLocked: false });
  await server.sql('SET SESSION innodb_lock_wait_timeout = 1');
  const change = server.sql(changeOf(run).replace('`', `${database.name}.\``));
  await expect(change).rejects.toThrow(/Lock wait timeout/);
  await server.sql('SET SESSION innodb_lock_wait_timeout = DEFAULT');
  mayEnd();
  expect(await results).toMatchObject(published);
  expect(messages).toContain('2 of 2 shards have read their rows back; reading the others.');
  expect(await db.ledger.get(run.runId)).toMatchObject({ state: 'registered', verified: true });
  const { labels } = (await db.ledger.labels(run.runId))!;
  expect(labels.map(({ records }) => records)).toEqual([ROWS / 2, ROWS / 2]);
  expect(await db.ledger.readBacks(run.runId)).toEqual(new Map());
  const [own] = await server.sql(`SELECT COUNT(*) AS n, MAX(id) AS last FROM ${database.name}.numbers`);
  expect([Number(own!.n), Number(own!.last)]).toEqual([ROWS, ROWS]);
});

it('rows that could be changed before they were compared are read again, by the shard that publishes', async () => {
  const { run, mayEnd, results, messages } = await untilOneIsDone();
  executeUnlocked(changeOf(run));
  mayEnd();
  expect(await results).toMatchObject(refused);
  expect(messages).not.toContain('2 of 2 shards have read their rows back; reading the others.');
  expect(await db.columnsOf('numbers')).toBeUndefined();
});

it('rows that could be changed after they were compared are compared again', async () => {
  const { mayEnd, results, messages } = await untilOneIsDone((message, run) => {
    if (message.startsWith('Comparing the source')) executeUnlocked(changeOf(run));
  });
  mayEnd();
  expect(await results).toMatchObject(refused);
  expect(messages).toContain('2 of 2 shards have read their rows back; reading the others.');
  expect(await db.columnsOf('numbers')).toBeUndefined();
});

it.each([
  ['after the last', 200_000],
  ['before the first', -5],
])('a row that somebody added %s is found, though each shard has read its own', async (_where, id) => {
  const { run, mayEnd, results } = await untilOneIsDone();
  const table = `${database.name}.\`${stagingTable(run.runId)}\``;
  await server.sql(`INSERT INTO ${table} (id, data_id) VALUES (200001, 'other')`);
  await server.sql(`UPDATE ${table} SET id = ${id} WHERE id = 200001`);
  mayEnd();
  expect(await results).toMatchObject(refused);
});

it('a shard that is asked to stop while it guards its rows is done, and they are read by the one that publishes', async () => {
  const { run, mayEnd, results, messages, stop } = await untilOneIsDone();
  stop();
  while ((await db.shardLocks(run)).guarding.has(0)) await sleep(20);
  expect((await db.ledger.get(run.runId))!.state).toBe('staging');
  mayEnd();
  expect(await results).toMatchObject(published);
  expect(messages).toContain('1 of 2 shards have read their rows back; reading the others.');
});

it('a shard does not wait for one that was not started', async () => {
  const task: TaskType = { ...lines, shards: { rows: 'own' } };
  const shard = (index: number) => place.config({ database, task, batchSize: 4000, shard: { index, count: 2 } });
  expect(await ingest(shard(0))).toMatchObject({ outcome: 'staged' });
  const run = (await db.ledger.current('numbers'))!;
  expect(await db.shardLocks(run)).toEqual({ isTableLocked: false, alive: new Set(), guarding: new Set() });
  expect(await ingest(shard(1))).toMatchObject({ outcome: 'ingested', inserted: ROWS });
});
