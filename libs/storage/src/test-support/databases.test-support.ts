import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DatabaseConfig, type MysqlConfig, Secret } from '@tracebloc/ingestor-core';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { serverProduct, shareMariaDb, startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { openDatabase } from '../database/open.js';
import type { Database } from '../database/types.js';

export function mysqlOptions(server: MariaDb, name: string, more: Partial<MysqlConfig> = {}): MysqlConfig {
  const { host, port, user } = server;
  return { kind: 'mysql', host, port, user, password: new Secret(server.password), name, ...more };
}

/** Opens the database for the work, and closes it also if the work fails. */
export async function withDatabase<T>(options: DatabaseConfig, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(options);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/**
 * Creates a new database for each test of the file, on the project's shared server, or on a separate one for tests that
 * change settings of the server or kill it.
 */
export function useServer({ separate = false } = {}): { server: MariaDb; options: MysqlConfig } {
  const place = {} as { server: MariaDb; options: MysqlConfig };
  beforeAll(async () => {
    place.server = separate ? await startMariaDb() : await shareMariaDb();
  });
  afterAll(() => place.server.stop());
  beforeEach(async () => {
    place.options = mysqlOptions(place.server, await place.server.createDatabase());
  });
  return place;
}

/** A database for one test, with direct access that does not use the code under test. */
export interface Bench {
  db: Database;
  options: DatabaseConfig;
  /** Returns rows as the database has them. The query must cast numbers beyond 2^53. */
  look: (sql: string) => Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export interface Kind {
  name: string;
  open: () => Promise<Bench>;
}

/** Every method of sending rows. */
export function kinds(): Kind[] {
  const start = useOneServer();
  return [
    onServer(`${serverProduct}, LOAD DATA`, 'auto', start),
    onServer(`${serverProduct}, INSERT`, 'insert', start),
    SQLITE,
  ];
}

/** One of each database, for tests that do not depend on the method of sending rows. */
export function databases(): Kind[] {
  return [onServer(serverProduct, 'auto', useOneServer()), SQLITE];
}

export const SQLITE: Kind = {
  name: 'SQLite',
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'ingestor-storage-'));
    const options: DatabaseConfig = { kind: 'sqlite', file: join(folder, 'datasets.sqlite') };
    const db = await openDatabase(options);
    const other = new DatabaseSync(options.file);
    return {
      db,
      options,
      look: async (sql) =>
        other
          .prepare(sql)
          .all()
          .map((row) => ({ ...row })),
      async close() {
        other.close();
        await db.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

/** Opens a database of each kind for all tests of the block. The list is filled before the first test. */
export function useBenches(): readonly Bench[] {
  const all = kinds();
  const benches: Bench[] = [];
  beforeAll(async () => {
    for (const kind of all) {
      benches.push(await kind.open());
    }
  });
  afterAll(async () => {
    for (const bench of benches) await bench.close();
  });
  return benches;
}

/** Returns a function that starts the server at its first call. The server is stopped after the tests of the block. */
function useOneServer(): () => Promise<MariaDb> {
  let server: Promise<MariaDb> | undefined;
  afterAll(async () => (await server)?.stop());
  return () => (server ??= shareMariaDb());
}

function onServer(name: string, bulk: 'auto' | 'insert', start: () => Promise<MariaDb>): Kind {
  return {
    name,
    async open() {
      const server = await start();
      const database = await server.createDatabase();
      const options = mysqlOptions(server, database, { bulk });
      const db = await openDatabase(options);
      return {
        db,
        options,
        async look(sql) {
          await server.sql(`USE ${database}`);
          return server.sql(sql);
        },
        close: () => db.close(),
      };
    },
  };
}
