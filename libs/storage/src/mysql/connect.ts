import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import mysql2 from 'mysql2';
import { createConnection, type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise';
import { Sequelize } from 'sequelize';
import { SEQUELIZE_OPTIONS } from '../models.js';
import { quote } from '../names.js';
import type { DatabaseOptions } from '../types.js';
import { connectError, isMissingDatabase } from './errors.js';
import { refuseFile } from './infile.js';
import { markSession } from './sessions.js';
import { breakIfSilent, breakSocket, socketOf } from './socket.js';
import { tlsOptions } from './tls.js';

export type MysqlOptions = Extract<DatabaseOptions, { kind: 'mysql' }>;

/** What a server says of itself. */
export interface ServerFacts {
  kind: 'mysql' | 'mariadb';
  version: string;
  localInfile: boolean;
  /** Bytes. */
  maxAllowedPacket: number;
}

const CONNECT_MS = 10_000;

function driverOptions(options: MysqlOptions) {
  return {
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MS,
    // A server whose machine is gone says nothing, and the system would ask after it in two hours only.
    keepAliveInitialDelay: 30_000,
    infileStreamFactory: refuseFile,
    ...tlsOptions(options),
  } satisfies ConnectionOptions;
}

/**
 * Seconds without a sign of life after which the server forgets a session of this process, as when its machine is gone:
 * it lets go of its locks, and rolls back what it had not committed. Less where the server's own setting is less.
 */
export const FORGET_SILENT = 'wait_timeout = CAST(LEAST(@@wait_timeout, 120) AS UNSIGNED)';

/** In which a session shows a TIMESTAMP. */
export const UTC = "time_zone = '+00:00'";

/**
 * Whatever the server's defaults are: UTC, no silent change of a value, backslash escapes, warnings that are kept, and no
 * waiting for days (`lock_wait_timeout`) until somebody else's statement lets a table be renamed.
 */
const SESSION =
  `SET SESSION ${UTC}, ` +
  "sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', " +
  `sql_notes = 1, ${FORGET_SILENT}, lock_wait_timeout = CAST(LEAST(@@lock_wait_timeout, 120) AS UNSIGNED)`;
/** MySQL lets only administrators set this; its default keeps more. */
const KEEP_WARNINGS = 'SET SESSION max_error_count = 64';
const NOT_ADMINISTRATOR = 1227;

export async function connect(options: MysqlOptions, database: string | undefined): Promise<Connection> {
  const { host, port, user, password } = options;
  const connection: ConnectionOptions = {
    ...{ host, port, user, password: password.reveal(), database },
    ...driverOptions(options),
    // No rows travel here.
    flags: ['-LOCAL_FILES'],
  };
  try {
    return await createConnection(connection);
  } catch (error) {
    throw isMissingDatabase(error) ? error : connectError(error, options);
  }
}

/** Proves that the server answers, creates the database where it is missing, and asks the server about itself. */
export async function prepareServer(options: MysqlOptions): Promise<ServerFacts> {
  const facts = await askServer(options);
  if (facts) return facts;
  await createDatabase(options);
  return (await askServer(options))!;
}

/** Asks the server about itself; undefined where it does not have the database. */
export async function askServer(options: MysqlOptions): Promise<ServerFacts | undefined> {
  const connection = await connect(options, options.name).catch((error: unknown) => {
    if (!isMissingDatabase(error)) throw error;
  });
  if (!connection) return undefined;
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT VERSION() AS version, @@local_infile AS localInfile, @@max_allowed_packet AS maxAllowedPacket',
    );
    const { version, localInfile, maxAllowedPacket } = rows[0] as {
      version: string;
      localInfile: number;
      maxAllowedPacket: number;
    };
    return {
      kind: version.includes('MariaDB') ? 'mariadb' : 'mysql',
      version: version.split('-')[0]!,
      localInfile: localInfile === 1,
      maxAllowedPacket,
    };
  } catch (error) {
    throw connectError(error, options);
  } finally {
    connection.destroy();
  }
}

async function createDatabase(options: MysqlOptions): Promise<void> {
  const connection = await connect(options, undefined);
  try {
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${quote(options.name)} CHARACTER SET utf8mb4`);
  } catch (error) {
    throw connectError(error, options);
  } finally {
    connection.destroy();
  }
}

/** The server answers each statement in time, or the connection is broken off. */
async function prepareSession(session: Connection, instance: string): Promise<void> {
  const socket = socketOf(session);
  breakIfSilent(socket, CONNECT_MS);
  try {
    await session.query(SESSION);
    await session.query(KEEP_WARNINGS).catch((error: unknown) => {
      if ((error as { errno?: number }).errno !== NOT_ADMINISTRATOR) throw error;
    });
    await markSession(session, instance);
  } catch (error) {
    session.destroy();
    throw error;
  }
  socket.setTimeout(0);
}

/** Connections, each with this package's session settings. */
export interface Pool {
  sequelize: Sequelize;
  /** See `LockMeans.instance`. */
  instance: string;
  /** Adds a connection beside Sequelize's, which is broken off with them. */
  include(connection: object): void;
  /** Breaks the connections that there are, and with them the statements under way; later ones get new connections. */
  breakOff(): void;
}

export function createPool(options: MysqlOptions): Pool {
  const sockets = new Set<Socket>();
  const instance = randomUUID();
  const include = (connection: object) => {
    const socket = socketOf(connection);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const sequelize = new Sequelize({
    ...SEQUELIZE_OPTIONS,
    dialect: 'mysql',
    dialectModule: mysql2,
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
        await prepareSession((connection as mysql2.Connection).promise(), instance);
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
