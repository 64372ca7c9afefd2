import mysql2 from 'mysql2';
import { createConnection, type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise';
import { Sequelize } from 'sequelize';
import { SEQUELIZE_OPTIONS } from '../models.js';
import { quote } from '../names.js';
import type { DatabaseOptions } from '../types.js';
import { connectError, isMissingDatabase } from './errors.js';
import { refuseFile } from './infile.js';
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

const CONNECT_TIMEOUT_MS = 10_000;

/** Whatever the server's defaults are: UTC, no silent change of a value, backslash escapes, and warnings that are kept. */
const SESSION =
  "SET SESSION time_zone = '+00:00', " +
  "sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', " +
  'sql_notes = 1, max_error_count = 64';

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

function driverOptions(options: MysqlOptions) {
  return {
    charset: 'utf8mb4',
    connectTimeout: CONNECT_TIMEOUT_MS,
    infileStreamFactory: refuseFile,
    ...tlsOptions(options),
  } satisfies ConnectionOptions;
}

/** Proves that the server answers, creates the database where it is missing, and asks the server about itself. */
export async function prepareServer(options: MysqlOptions): Promise<ServerFacts> {
  const connection = await connect(options, options.name).catch(async (error: unknown) => {
    if (!isMissingDatabase(error)) throw error;
    await createDatabase(options);
    return connect(options, options.name);
  });
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

/** A pool of connections, each with this package's session settings. */
export function createPool(options: MysqlOptions): Sequelize {
  return new Sequelize({
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
        await (connection as mysql2.Connection).promise().query(SESSION);
      },
    },
  });
}
