import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestorError, MysqlConfig } from '@tracebloc/ingestor-core';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { shareMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { createConnection } from 'mysql2/promise';
import { openDatabase } from '../../database/open.js';
import { mysqlOptions } from '../../test-support/databases.test-support.js';
import { startFileThief, type FileThief } from '../../test-support/file-thief.test-support.js';
import { batch, columns, newRun, record, write } from '../../test-support/records.test-support.js';

const CANARY = 'what nobody else may know';

let server: MariaDb;
let thief: FileThief;
let folder: string;
let file: string;

beforeAll(async () => {
  server = await shareMariaDb();
  thief = await startFileThief(server);
  folder = await mkdtemp(join(tmpdir(), 'ingestor-infile-'));
  file = join(folder, 'secret');
  await writeFile(file, CANARY);
});
afterAll(async () => {
  await thief.stop();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Statements of every kind, from each connection: the first one, the lock's and the pool's. */
async function useDatabase(options: MysqlConfig, name = 'r'): Promise<number> {
  const db = await openDatabase(options);
  try {
    const lock = await db.lock(name, name);
    try {
      const own = columns({ a: 'INT' });
      const run = await db.ledger.begin(newRun(name, name));
      const staging = await db.stage(run, { table: name, columns: own });
      await write(staging, batch(0, [record(['1']), record(['2'])], name));
      await staging.close();
      await db.publish(run);
      await db.columnsOf(name);
      await db.labelCounts(name);
      await db.readMeta(name, 0, 10);
      await db.countForeign(name, name);
      const count = await db.count(name);
      await db.drop(name);
      return count;
    } finally {
      await lock.release();
    }
  } finally {
    await db.close();
  }
}

/** The byte of the command that prepares a statement. The driver sends nothing for the request, and then waits forever. */
const EXECUTE = '23';

/** Matches a command by its byte in the protocol and its first words. */
const kindOf = (command: string) => /^(3|22) \w+ [^ (']+|^\d+/.exec(command)![0];

it('a server that asks for a file in answer to another statement than LOAD DATA gets nothing and is reported', async () => {
  const options = mysqlOptions(server, await server.createDatabase(), { port: thief.port, bulk: 'insert' });
  const kinds = new Set<string>();
  let runs = 0;
  // The first time, the tables are created.
  for (const time of ['first', 'second']) {
    void thief.ask(file);
    expect(await useDatabase(options, time)).toBe(2);
    for (const command of thief.commands) kinds.add(kindOf(command));
  }
  expect(kinds.size).toBeGreaterThan(20);
  for (const kind of kinds) {
    if (kind.startsWith('3 CREATE TABLE')) await server.sql(`DROP TABLE ${options.name}._ingestor_calls`);
    const answered = thief.ask(file, (command) => kindOf(command) === kind);
    const used = useDatabase(options, `run ${++runs}`).then(String, codeOf);
    const outcome = await (kind === EXECUTE ? Promise.race([used, answered]) : used);
    expect([kind, thief.asked, Buffer.concat(thief.sent).toString()]).toEqual([kind, 1, '']);
    if (kind !== EXECUTE) expect([kind, outcome]).toEqual([kind, expectedAfter(kind)]);
  }
});

const codeOf = (error: unknown) => (error as IngestorError).code;

/** A lock that cannot be released ends with its connection. */
function expectedAfter(kind: string): string {
  if (kind.startsWith('22 ')) return 'database-lost';
  return /^3 DO RELEASE_LOCK/.test(kind) ? '2' : 'database-asks-for-file';
}

it('a server that asks for another file than the one in LOAD DATA gets only the batch', async () => {
  const options = mysqlOptions(server, await server.createDatabase(), { port: thief.port, bulk: 'load-data' });
  void thief.ask(file);
  expect(await useDatabase(options)).toBe(2);
  expect(thief.asked).toBe(1);
  expect(Buffer.concat(thief.sent).toString()).toBe('1\ta\tr-0\t\\N\t\\N\t\\N\t1\n2\ta\tr-1\t\\N\t\\N\t\\N\t2\n');
});

it('the test’s server gets the file from a client without this protection', async () => {
  const connection = await createConnection({
    ...{ host: thief.host, port: thief.port, user: server.user, password: server.password },
    infileStreamFactory: (path) => createReadStream(path),
  });
  void thief.ask(file, () => true);
  await connection.query('SELECT 1');
  expect(Buffer.concat(thief.sent).toString()).toBe(CANARY);
  connection.destroy();
});
