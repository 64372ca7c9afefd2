import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MysqlConfig, Secret } from '@tracebloc/ingestor-core';
import { describe, expect, it, jest } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { addConstants } from './constant-columns.js';
import { useServer, withDatabase } from '../test-support/databases.test-support.js';
import { batch, write, columns, newRun, record, stageAll } from '../test-support/records.test-support.js';

const OWN = columns({ n: 'INT' });
const one = [record(['1'])];

const place = useServer({ separate: true });

describe('opening', () => {
  const failure = async (as: MysqlConfig) => {
    const error = (await withDatabase(as, async () => 'opened').catch((e: unknown) => e)) as Error & { fix: string[] };
    // No part of the error may contain the password.
    expect(JSON.stringify([error.message, error.stack, error.fix, error])).not.toContain(as.password.reveal());
    return error;
  };

  it('creates the database if it is missing', async () => {
    const fresh = { ...place.options, name: `${place.options.name}-ne\`w` };
    expect(await withDatabase(fresh, (db) => db.ledger.list())).toEqual([]);
    await place.server.sql(`DROP DATABASE \`${place.options.name}-ne\`\`w\``);
  });

  it('reports that the login was refused', async () => {
    const error = await failure({ ...place.options, password: new Secret('wr0ng-passw0rd') });
    expect(error).toMatchObject({ code: 'database-login-refused', exitCode: 1 });
    expect(error.message).toContain(`"${place.server.user}"`);
    expect(error.fix.join()).toContain('DB_PASSWORD');
    expect(await failure({ ...place.options, user: 'nobody' })).toMatchObject({ code: 'database-login-refused' });
  });

  it('reports that nothing answers', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    const error = await failure({ ...place.options, port });
    expect(error).toMatchObject({ code: 'database-unreachable' });
    expect(error.message).toContain(`127.0.0.1:${port} cannot be reached (ECONNREFUSED)`);
    expect(await failure({ ...place.options, host: 'no-such-host.invalid' })).toMatchObject({
      code: 'database-unreachable',
    });
  });

  it('reports that the server is not a database server', async () => {
    const http = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as { port: number };
    expect(await failure({ ...place.options, port })).toMatchObject({ code: 'database-unreachable' });
    http.close();
  });

  it('reports what an administrator must do for a user who may not create the database', async () => {
    const login = await place.server.createUser(`ALL ON ${place.options.name}.*`);
    const limited = { ...place.options, ...login, password: new Secret(login.password), name: 'forbidden' };
    const error = await failure(limited);
    expect(error).toMatchObject({ code: 'database-not-permitted' });
    expect(error.message).toContain(`User "${login.user}" may not use the database "forbidden", or may not create it`);
    expect(error.fix).toContain('CREATE DATABASE IF NOT EXISTS `forbidden` CHARACTER SET utf8mb4;');
    expect(await place.server.sql("SHOW DATABASES LIKE 'forbidden'")).toEqual([]);
  });

  it('reports which rights a user lacks who may not create tables', async () => {
    const login = await place.server.createUser(`SELECT ON ${place.options.name}.*`);
    const error = await failure({ ...place.options, ...login, password: new Secret(login.password) });
    expect(error).toMatchObject({ code: 'database-not-permitted' });
    expect(error.message).toContain('may not CREATE in the database');
    expect(error.fix.join()).toContain(
      `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER ON \`${place.options.name}\``,
    );
  });
});

it('needs no more rights than its advice grants', async () => {
  const login = await place.server.createUser(
    `SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER ON ${place.options.name}.*`,
  );
  const limited = { ...place.options, ...login, password: new Secret(login.password) };
  await withDatabase(limited, async (db) => {
    const lock = await db.lock('d', 'r1');
    for (const runId of ['r1', 'r2']) {
      const { run, staging } = await stageAll(db, runId, 'd', OWN, one);
      expect(staging.method).toBe('LOAD DATA');
      await db.publish(run);
    }
    await lock.release();
    await db.drop('d');
    expect((await db.ledger.list()).map(({ state }) => state)).toEqual(['superseded', 'superseded']);
  });
});

describe('LOAD DATA', () => {
  it('is replaced by INSERT when the server refuses it', async () => {
    await withDatabase(place.options, async (db) => {
      const { staging } = await stageAll(db, 'r1', 'd', OWN, []);
      expect(staging.method).toBe('LOAD DATA');
      await place.server.sql('SET GLOBAL local_infile = 0');
      try {
        // Both are prepared before the first is refused.
        await Promise.all([0, 1].map((n) => write(staging, batch(n, one, 'r1'))));
      } finally {
        await place.server.sql('SET GLOBAL local_infile = 1');
      }
      expect(staging.method).toBe('INSERT');
      await write(staging, batch(2, one, 'r1'));
      expect(await place.server.sql(`SELECT id FROM ${place.options.name}._ingestor_stage_r1`)).toHaveLength(3);
    });
  });

  it('ends the run when it is refused in the middle, and the next process of the run continues it', async () => {
    await withDatabase(place.options, async (db) => {
      const { run, staging } = await stageAll(db, 'r1', 'd', OWN, one);
      await place.server.sql('SET GLOBAL local_infile = 0');
      try {
        const writes = [1, 2].map((n) => write(staging, batch(n, one, 'r1')));
        for (const write of writes) await expect(write).rejects.toMatchObject({ name: 'IngestorError' });
        await withDatabase(place.options, async (next) => {
          const reopened = await next.stage(run, { table: 'd', columns: OWN });
          expect(reopened).toMatchObject({ method: 'INSERT', committed: 1 });
          await write(reopened, batch(1, one, 'r1'));
        });
      } finally {
        await place.server.sql('SET GLOBAL local_infile = 1');
      }
      expect(await place.server.sql(`SELECT id FROM ${place.options.name}._ingestor_stage_r1`)).toHaveLength(2);
    });
  });

  it('sends no file that a server asks for: a connection’s other statements refuse', async () => {
    await place.server.sql(`CREATE TABLE ${place.options.name}.leak (line TEXT)`);
    const { host, port, user } = place.options;
    const connection = await createConnection({
      host,
      port,
      user,
      password: place.server.password,
      database: place.options.name,
    });
    await expect(connection.query(`LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE leak`)).rejects.toThrow(
      /streamFactory/,
    );
    await connection.end();
    expect(await place.server.sql(`SELECT * FROM ${place.options.name}.leak`)).toEqual([]);
  });
});

describe('a lost connection', () => {
  const table = '/proc/net/tcp';
  (existsSync(table) ? it : it.skip)('is looked for by the system after half a minute of silence', async () => {
    await withDatabase(place.options, async (db) => {
      const lock = await db.lock('d', 'r1');
      const port = place.server.port.toString(16).toUpperCase().padStart(4, '0');
      const lines = readFileSync(table, 'utf8').split('\n');
      // The fields are the remote port, the state (established) and the timer (keepalive, in hundredths of a second).
      const found = lines
        .map((line) => line.trim().split(/\s+/))
        .filter((f) => f[2]?.endsWith(`:${port}`) && f[3] === '01');
      const timers = found.map(([, , , , , timer]) => timer!.split(':')).filter(([kind]) => kind === '02');
      const soon = timers.filter(([, left]) => parseInt(left!, 16) <= 3000);
      // These are the lock's connection and one of the pool; the test's own connection has the system's default.
      expect(soon).toHaveLength(2);
      await lock.release();
    });
  });

  it('during a batch is reported, and the run continues after the last committed batch', async () => {
    const warn = jest.spyOn(console, 'warn');
    await withDatabase(place.options, async (db) => {
      const { run, staging } = await stageAll(db, 'r1', 'd', OWN, one);
      await place.server.kill();
      const error: unknown = await write(staging, batch(1, one, 'r1')).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'database-lost' });
      await place.server.restart();
      const reopened = await db.stage(run, { table: 'd', columns: OWN });
      expect(reopened.committed).toBe(1);
      await write(reopened, batch(1, one, 'r1'));
      expect(await place.server.sql(`SELECT id FROM ${place.options.name}._ingestor_stage_r1`)).toHaveLength(2);
    });
    expect(warn).not.toHaveBeenCalled();
  });

  it('in the middle of a batch leaves nothing of it', async () => {
    await withDatabase(place.options, async (db) => {
      const { run, staging } = await stageAll(db, 'r1', 'd', OWN, one);
      // Another session's lock on the row that the batch updates last holds the transaction open.
      await place.server.sql(`USE ${place.options.name}`);
      await place.server.sql('BEGIN');
      await place.server.sql(`SELECT * FROM _ingestor_runs FOR UPDATE`);
      const writing = write(staging, batch(1, one, 'r1')).catch((e: unknown) => e);
      let writers: Record<string, unknown>[] = [];
      while (writers.length === 0) {
        await sleep(10);
        writers = await place.server.sql(
          `SELECT ID AS id FROM INFORMATION_SCHEMA.PROCESSLIST WHERE INFO LIKE 'UPDATE%' AND COMMAND <> 'Sleep'`,
        );
      }
      await place.server.sql(`KILL ${Number(writers[0]!.id)}`);
      expect(await writing).toMatchObject({ code: 'database-lost' });
      await place.server.sql('ROLLBACK');
      const reopened = await db.stage(run, { table: 'd', columns: OWN });
      expect(reopened.committed).toBe(1);
      expect(await place.server.sql(`SELECT id FROM ${place.options.name}._ingestor_stage_r1`)).toHaveLength(1);
    });
  });
});

/** The statements that complete the table of run r2, which has all but its constant columns. */
const CONSTANTS = addConstants('_ingestor_stage_r2', [], { intent: 'train', runId: 'r2' });

describe('publish', () => {
  it('shows readers the old rows or the new, never none', async () => {
    await withDatabase(place.options, async (db) => {
      let reading = true;
      const seen = new Set<string>();
      const { run } = await stageAll(db, 'r0', 'd', OWN, one);
      await db.publish(run);
      const readers = Array.from({ length: 2 }, async () => {
        const { host, port, user } = place.options;
        const reader = await createConnection({
          host,
          port,
          user,
          password: place.server.password,
          database: place.options.name,
        });
        while (reading) {
          const [rows] = await reader.query('SELECT COUNT(*) AS n, MIN(ingestor_id) AS run FROM d');
          const [{ n, run: of }] = rows as unknown as [{ n: number; run: string }];
          expect(n).toBe(1);
          seen.add(of);
        }
        await reader.end();
      });
      for (let i = 1; i <= 10; i++) await db.publish((await stageAll(db, `r${i}`, 'd', OWN, one)).run);
      reading = false;
      await Promise.all(readers);
      expect(seen.size).toBeGreaterThan(2);
    });
  });

  // These are the states that a crash leaves behind, after each statement of `publish`.
  it.each([
    ['before the rename', []],
    ['after half of a rename that was not atomic', ['RENAME TABLE d TO _ingestor_old_r2']],
    ['after columns were added', CONSTANTS.slice(0, 1)],
    ['after the rename', [...CONSTANTS, 'RENAME TABLE d TO _ingestor_old_r2, _ingestor_stage_r2 TO d']],
    [
      'after the old table went',
      [...CONSTANTS, 'RENAME TABLE d TO _ingestor_old_r2, _ingestor_stage_r2 TO d', 'DROP TABLE _ingestor_old_r2'],
    ],
  ])('is finished by a repetition %s', async (_, statements) => {
    await withDatabase(place.options, async (db) => {
      await db.publish((await stageAll(db, 'r1', 'd', OWN, one)).run);
      const { run } = await stageAll(db, 'r2', 'd', OWN, [record(['2'])]);
      await db.ledger.setState('r2', 'publishing');
      await place.server.sql(`USE ${place.options.name}`);
      for (const statement of statements) await place.server.sql(statement);
      await db.publish(run);
      expect(await place.server.sql('SELECT n, ingestor_id FROM d')).toEqual([{ n: 2, ingestor_id: 'r2' }]);
      await place.server.sql(`INSERT INTO d (id, data_id) VALUES (2, 'other')`);
      expect(await place.server.sql('SELECT data_intent, ingestor_id FROM d WHERE id = 2')).toEqual([
        { data_intent: null, ingestor_id: null },
      ]);
      expect(await place.server.sql(`SHOW TABLES LIKE '%\\_r_'`)).toEqual([]);
      expect((await db.ledger.list()).map(({ state }) => state)).toEqual(['superseded', 'published']);
    });
  });

  it('leaves nothing after a deletion if it was interrupted', async () => {
    await withDatabase(place.options, async (db) => {
      await db.ledger.begin(newRun('r0', 'other'));
      await db.publish((await stageAll(db, 'r1', 'd', OWN, one)).run);
      await stageAll(db, 'r2', 'd', OWN, one);
      await db.ledger.setState('r2', 'publishing');
      await db.drop('d');
      await place.server.sql(`USE ${place.options.name}`);
      expect(await place.server.sql(`SHOW TABLES LIKE '%\\_r_'`)).toEqual([]);
      expect(await db.ledger.current('d')).toBeUndefined();
      expect((await db.ledger.get('r0'))?.state).toBe('staging');
    });
  });
});
