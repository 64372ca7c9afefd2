import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { openDatabase } from '../../database/open.js';
import { mysqlOptions } from '../../test-support/databases.test-support.js';
import { batch, columns, newRun, record, stageAll, write } from '../../test-support/records.test-support.js';
import type { Database, Staging } from '../../database/types.js';
import type { RunRow } from '../../ledger/types.js';

const OWN = columns({ t: 'VARCHAR(100)' });
/** Longer than one buffer, so that a buffer could be used again too early. */
const long = (digit: string) => Array.from({ length: 2000 }, (_, i) => record([`${digit.repeat(90)}${i}`]));

let server: MariaDb;
let name: string;
let db: Database;
/** Another session. */
let other: Connection;

beforeAll(async () => {
  server = await startMariaDb();
});
afterAll(() => server.stop());
beforeEach(async () => {
  name = await server.createDatabase();
  const { host, port, user, password } = server;
  other = await createConnection({ host, port, user, password, database: name });
});
afterEach(async () => {
  await other.end();
  await db.close();
});

/** Opens the database in sessions that wait for another session's lock for so many seconds. */
async function open(seconds: number, bulk?: 'load-data' | 'insert'): Promise<Database> {
  await server.sql(`SET GLOBAL innodb_lock_wait_timeout = ${seconds}, GLOBAL lock_wait_timeout = ${seconds}`);
  db = await openDatabase(mysqlOptions(server, name, { bulk }));
  return db;
}

async function status(variable: string): Promise<number> {
  const [row] = await server.sql(`SHOW GLOBAL STATUS LIKE '${variable}'`);
  return Number(row!.Value);
}

async function texts(): Promise<unknown[]> {
  const rows = await server.sql(`SELECT id, t FROM ${name}._ingestor_stage_r1 ORDER BY id`);
  return rows.map(({ id, t }) => [id, t]);
}

const expectedTexts = () =>
  ['1', '2'].flatMap((digit, n) => long(digit).map(({ values: [t] }, i) => [n * 2000 + i + 1, t]));

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}

/** Whether the batch's last statement but one waits. The server has the rows by then. */
const isWaiting = async () => {
  const waits = `SELECT ID FROM INFORMATION_SCHEMA.PROCESSLIST WHERE DB = '${name}' AND INFO LIKE 'UPDATE%'`;
  return (await server.sql(waits)).length > 0;
};

/** Stages a batch, which waits for a lock of `other`, and then one more. */
async function writeTwo(staging: Staging, then: Promise<void> = Promise.resolve()): Promise<void> {
  const first = write(staging, batch(0, long('1'), 'r1'));
  first.catch(() => undefined);
  await then;
  await Promise.all([first, write(staging, batch(2000, long('2'), 'r1'))]);
}

describe.each(['load-data', 'insert'] as const)('a batch that is sent by %s', (bulk) => {
  async function stage(seconds: number): Promise<Staging> {
    return (await stageAll(await open(seconds, bulk), 'r1', 'd', OWN, [])).staging;
  }

  it('is repeated when another session has held the lock for longer than the server waits', async () => {
    const staging = await stage(1);
    const before = await status('Com_rollback');
    await other.query('BEGIN');
    await other.query('SELECT * FROM _ingestor_runs FOR UPDATE');
    const writing = writeTwo(staging, until(isWaiting));
    await until(async () => (await status('Com_rollback')) > before);
    await other.query('ROLLBACK');
    await writing;
    expect(await texts()).toEqual(expectedTexts());
    expect((await db.ledger.get('r1'))?.staged).toBe(4000);
  });

  it('is repeated when the server has rolled it back in a deadlock', async () => {
    const staging = await stage(60);
    // The server rolls back the transaction that has changed less.
    await other.query('CREATE TABLE much (n INT) ENGINE=InnoDB');
    await other.query('BEGIN');
    await other.query('INSERT INTO much SELECT seq FROM seq_1_to_20000');
    await other.query('SELECT * FROM _ingestor_runs FOR UPDATE');
    const before = await status('Innodb_deadlocks');
    const waiting = until(isWaiting);
    const writing = writeTwo(staging, waiting);
    await waiting;
    await other.query('SELECT * FROM _ingestor_stage_r1 FOR UPDATE');
    expect(await status('Innodb_deadlocks')).toBe(before + 1);
    await other.query('ROLLBACK');
    await writing;
    expect(await texts()).toEqual(expectedTexts());
    expect((await db.ledger.get('r1'))?.staged).toBe(4000);
  });

  it('fails in the end with the reason, and the run continues before it', async () => {
    const staging = await stage(0);
    await other.query('BEGIN');
    await other.query('SELECT * FROM _ingestor_runs FOR UPDATE');
    await expect(writeTwo(staging)).rejects.toMatchObject({
      code: 'database-busy',
      exitCode: 1,
      message: expect.stringMatching(/hold locks that this run needs \(ER_LOCK_WAIT_TIMEOUT\)\.$/) as unknown,
    });
    await other.query('ROLLBACK');
    await writeTwo(await db.stage((await db.ledger.get('r1'))!, { table: 'd', columns: OWN }));
    expect(await texts()).toEqual(expectedTexts());
  });

  it('is not stored twice when an earlier process of the run has committed it late', async () => {
    const earlier = await stage(60);
    const reopen = async () => db.stage((await db.ledger.get('r1'))!, { table: 'd', columns: OWN });
    const later = await reopen();
    await write(earlier, batch(0, long('1'), 'r1'));
    await expect(writeTwo(later)).rejects.toMatchObject({ code: 'already-staged', exitCode: 1 });
    expect((await db.ledger.get('r1'))?.staged).toBe(2000);
    const next = await reopen();
    expect(next.committed).toBe(2000);
    await write(next, batch(2000, long('2'), 'r1'));
    expect(await texts()).toEqual(expectedTexts());
  });

  it('of shards with the same data_ids is reported as a repetition, whichever was first', async () => {
    // Each inserts the ids in another order, and keeps the locks on its ids while it waits for the others.
    const ids = Array.from({ length: 300 }, (_, i) => `same-${i}`);
    const orders = [ids, ids.toReversed(), [...ids.slice(150), ...ids.slice(0, 150)]];
    await open(60, bulk);
    const deadlocks = await status('Innodb_deadlocks');
    // A deadlock depends on the moment, so the rounds are repeated until there was one.
    for (let round = 0; round < 2 || (await status('Innodb_deadlocks')) === deadlocks; round++) {
      const run = await db.ledger.begin({ ...newRun(`s${round}`, 'd'), shards: 3 });
      const stagings: Staging[] = [];
      for (const shard of [0, 1, 2]) stagings.push(await db.stage(run, { table: 'd', columns: OWN }, shard));
      const records = ids.map(() => record(['x']));
      const outcomes = await Promise.allSettled(
        stagings.map((one, shard) => write(one, { ...batch(shard * 300, records), dataIds: orders[shard]! })),
      );
      const failures = outcomes
        .filter((outcome) => outcome.status === 'rejected')
        .map(({ reason }) => reason as unknown);
      expect(failures).toMatchObject([{ code: 'duplicate-data-id' }, { code: 'duplicate-data-id' }]);
      expect((await db.ledger.get(run.runId))?.staged).toBe(300);
    }
  });
});

describe('a statement that waits for another session', () => {
  let run: RunRow;
  beforeEach(async () => {
    await open(1);
    await db.publish((await stageAll(db, 'r0', 'd', OWN, [record(['old'])])).run);
    ({ run } = await stageAll(db, 'r1', 'd', OWN, [record(['new'])]));
  });

  const RUNS = 'SELECT * FROM _ingestor_runs FOR UPDATE';
  it.each([
    ['a run’s state', RUNS, () => db.ledger.setState('r1', 'staged')],
    ['a call', 'SELECT * FROM _ingestor_calls FOR UPDATE', () => db.ledger.markCall('r1', 'prepare')],
    ['the removal of a shard', RUNS, () => db.dropShard('r1', 0)],
    ['publishing, which a reader of the table delays', 'SELECT * FROM d', () => db.publish(run)],
  ])('is repeated when the server no longer waits: %s', async (_, locking, act) => {
    await other.query('BEGIN');
    await other.query(locking);
    const acting = act();
    acting.catch(() => undefined);
    const waiting = `SELECT ID FROM INFORMATION_SCHEMA.PROCESSLIST WHERE DB = '${name}' AND COMMAND <> 'Sleep' AND TIME_MS > 300`;
    await until(async () => (await server.sql(waiting)).length > 0);
    // The server has given up the first attempt.
    await until(async () => (await server.sql(waiting)).length === 0);
    await other.query('ROLLBACK');
    await acting;
  });

  it('is reported while publishing, with the session that it waits for', async () => {
    await server.sql('SET GLOBAL lock_wait_timeout = 60');
    const patient = await openDatabase(mysqlOptions(server, name, { waits: { reportMs: 100 } }));
    try {
      await other.query('BEGIN');
      await other.query('SELECT * FROM d');
      const report = Promise.withResolvers<string>();
      const publishing = patient.publish(run, report.resolve);
      const [[session]] = await other.query<RowDataPacket[]>('SELECT CONNECTION_ID() AS id');
      expect(await report.promise).toMatch(
        new RegExp(
          `^Table d cannot be published yet: .*, perhaps session ${session!.id} of user ${server.user} at 127`,
        ),
      );
      await other.query('ROLLBACK');
      await publishing;
      expect(await server.sql(`SELECT t FROM ${name}.d`)).toEqual([{ t: 'new' }]);
    } finally {
      await patient.close();
    }
  });
});
