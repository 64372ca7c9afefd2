import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { MysqlConfig, ServerWaits } from '@tracebloc/ingestor-core';
import type mysql2 from 'mysql2';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import { Sequelize } from 'sequelize';
import { SEQUELIZE_OPTIONS } from '../../ledger/models.js';
import { quote } from '../../tables/names.js';
import { dialectModule, logIn, rowOf } from './driver.js';
import { isMissingDatabase } from '../errors/statement-error.js';
import { refuseFile } from '../load/infile.js';
import { connectError } from '../errors/refusals.js';
import { stateSession } from './session.js';
import { markSession } from './sessions.js';
import { breakIfSilent, breakSocket, socketOf } from './socket.js';
import { tlsOptions } from './tls.js';

const WAITS: ServerWaits = { setUpMs: 10_000, closeMs: 5000, reportMs: 5000 };

export function waitsOf({ waits }: MysqlConfig): ServerWaits {
  return { ...WAITS, ...waits };
}

/** Properties of a server. */
export interface ServerFacts {
  kind: 'mysql' | 'mariadb';
  version: string;
  localInfile: boolean;
  /** Bytes. */
  maxAllowedPacket: number;
  /** Whether the server ignores case in names of tables (`lower_case_table_names` is not 0). */
  foldsCase: boolean;
}

function driverOptions(options: MysqlConfig) {
  return {
    charset: 'utf8mb4',
    connectTimeout: waitsOf(options).setUpMs,
    // Without this the system would look for a server whose machine is gone after two hours only.
    keepAliveInitialDelay: 30_000,
    infileStreamFactory: refuseFile,
    ...tlsOptions(options),
  } satisfies ConnectionOptions;
}

/** Logs in. The connection is closed if the server does not answer a statement in time; see `breakIfSilent`. */
async function open(options: MysqlConfig, database: string | undefined): Promise<Connection> {
  const { host, port, user, password } = options;
  try {
    const connection = await logIn({
      ...{ host, port, user, password: password.reveal(), database },
      ...driverOptions(options),
      // No rows are sent on this connection.
      flags: ['-LOCAL_FILES'],
    });
    breakIfSilent(socketOf(connection), waitsOf(options).setUpMs);
    return connection;
  } catch (error) {
    throw isMissingDatabase(error) ? error : connectError(error, options);
  }
}

/** Opens a connection outside of Sequelize's pool, with this package's session settings. */
export async function connect(options: MysqlConfig, facts: ServerFacts): Promise<Connection> {
  const connection = await open(options, options.name);
  try {
    await stateSession(connection, facts, options, options.name);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Connects to the server, creates the database if it is missing, and returns the server's properties. */
export async function prepareServer(options: MysqlConfig): Promise<ServerFacts> {
  const facts = await findServer(options);
  if (facts) return facts;
  await askServer(options, undefined, async (connection) => {
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${quote(options.name)} CHARACTER SET utf8mb4`);
  });
  return askServer(options, options.name);
}

/** Returns the server's properties, or undefined if the database is missing. */
export async function findServer(options: MysqlConfig): Promise<ServerFacts | undefined> {
  try {
    return await askServer(options, options.name);
  } catch (error) {
    if (isMissingDatabase(error)) return undefined;
    throw error;
  }
}

async function askServer(
  options: MysqlConfig,
  database: string | undefined,
  act?: (connection: Connection) => Promise<void>,
): Promise<ServerFacts> {
  const connection = await open(options, database);
  try {
    const facts = await factsOf(connection);
    // The answer above depends on no setting of the session.
    if (act) {
      await stateSession(connection, facts, options, database);
      await act(connection);
    }
    return facts;
  } catch (error) {
    throw connectError(error, options);
  } finally {
    connection.destroy();
  }
}

async function factsOf(connection: Connection): Promise<ServerFacts> {
  const { version, ...numbers } = await rowOf<{ version: string } & Record<string, number>>(
    connection,
    'SELECT VERSION() AS version, @@local_infile AS localInfile, @@max_allowed_packet AS maxAllowedPacket, ' +
      '@@lower_case_table_names AS tableNames',
  );
  return {
    kind: version.includes('MariaDB') ? 'mariadb' : 'mysql',
    version: version.split('-')[0]!,
    localInfile: Number(numbers.localInfile) === 1,
    maxAllowedPacket: Number(numbers.maxAllowedPacket),
    foldsCase: Number(numbers.tableNames) !== 0,
  };
}

/** A pool of connections with this package's session settings. */
export interface Pool {
  sequelize: Sequelize;
  /** See `LockMeans.instance`. */
  instance: string;
  /** Adds a connection that is not Sequelize's, so that `breakOff` closes it too. */
  include(connection: object): void;
  /** Closes all open connections and thereby ends their statements. Later statements get new connections. */
  breakOff(): void;
}

interface UntypedOptions {
  /** Without it Sequelize opens another connection to ask for it. */
  databaseVersion: string;
  /** Keeps Sequelize from setting the time zone itself. */
  keepDefaultTimezone: true;
}

export function createPool(options: MysqlConfig, facts: ServerFacts): Pool {
  const sockets = new Set<Socket>();
  const instance = randomUUID();
  const include = (connection: object) => {
    const socket = socketOf(connection);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  let opened = 0;
  const prepareSession = async (session: Connection) => {
    const socket = socketOf(session);
    breakIfSilent(socket, waitsOf(options).setUpMs);
    try {
      await stateSession(session, facts, options, options.name);
      await markSession(session, instance, opened++);
    } catch (error) {
      session.destroy();
      throw error;
    }
    socket.setTimeout(0);
  };
  const sequelize = new Sequelize({
    ...SEQUELIZE_OPTIONS,
    dialect: 'mysql',
    dialectModule,
    ...({ databaseVersion: facts.version, keepDefaultTimezone: true } satisfies UntypedOptions),
    host: options.host,
    port: options.port,
    username: options.user,
    password: options.password.reveal(),
    database: options.name,
    dialectOptions: driverOptions(options),
    pool: { max: 4 },
    hooks: {
      afterConnect: async (connection) => {
        include(connection as object);
        await prepareSession((connection as mysql2.Connection).promise());
      },
    },
  });
  return {
    sequelize,
    instance,
    include,
    breakOff() {
      for (const socket of sockets) breakSocket(socket);
    },
  };
}
