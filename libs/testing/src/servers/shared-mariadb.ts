import type { Connection } from 'mysql2/promise';
import { connect, createDatabase, createUser, startMariaDb, type Address, type MariaDb } from './mariadb.js';

/** The environment variable that tells the test files of a project where their shared server is. */
const VARIABLE = 'INGESTOR_TEST_SERVER';
/** Statements whose effect the other tests on the server would notice. */
const AFFECTS_ALL = /\b(GLOBAL|FLUSH|SHUTDOWN)\b/i;

/** Starts the server that `shareMariaDb` connects to, and returns a function that stops it. Jest's `globalSetup` calls it. */
export async function startSharedMariaDb(): Promise<() => Promise<void>> {
  const server = await startMariaDb();
  const { host, port, user, password } = server;
  process.env[VARIABLE] = JSON.stringify({ host, port, user, password } satisfies Address);
  return () => server.stop();
}

/**
 * Connects to the server that all test files of a project share. Each test creates its own databases and accounts on
 * it. It refuses to be killed and to change for all; tests that do so need a separate server from `startMariaDb`.
 * In a project without the `globalSetup` of jest.mariadb.mjs this starts a separate server.
 */
export async function shareMariaDb(): Promise<MariaDb> {
  const address = process.env[VARIABLE];
  if (address === undefined) return startMariaDb();
  const server = JSON.parse(address) as Address;
  return new SharedMariaDb(server, await connect(server));
}

class SharedMariaDb implements MariaDb {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;

  constructor(
    { host, port, user, password }: Address,
    private readonly admin: Connection,
  ) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
  }

  async sql(statement: string): Promise<Record<string, unknown>[]> {
    if (AFFECTS_ALL.test(statement)) refuse();
    const [result] = await this.admin.query(statement);
    return result as unknown as Record<string, unknown>[];
  }

  createDatabase(): Promise<string> {
    return createDatabase(this);
  }

  createUser(grants?: string): Promise<{ user: string; password: string }> {
    return createUser(this, grants);
  }

  useCertificate(): Promise<void> {
    return refuse();
  }

  kill(): Promise<void> {
    return refuse();
  }

  restart(): Promise<void> {
    return refuse();
  }

  stop(): Promise<void> {
    this.admin.destroy();
    return Promise.resolve();
  }
}

function refuse(): never {
  throw new Error('Other tests use this server at the same time. Start a separate one with startMariaDb.');
}
