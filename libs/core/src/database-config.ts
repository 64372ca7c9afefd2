import type { Secret } from './secret.js';

/** A MySQL or MariaDB server, with the database to use on it. */
export interface MysqlConfig {
  kind: 'mysql';
  host: string;
  port: number;
  user: string;
  password: Secret;
  name: string;
  /** `undefined` means an unencrypted connection. `ca` holds PEM certificates to trust in addition to those of Node. */
  tls?: { ca?: string };
  /** `auto`, the default, uses LOAD DATA if the server allows it. Tests and benchmarks force one of the others. */
  bulk?: 'auto' | 'load-data' | 'insert';
  /** Tests shorten these times. */
  waits?: Partial<ServerWaits>;
}

/** How long a process waits for a database server, in milliseconds. */
export interface ServerWaits {
  /** Until the server has accepted a connection, and for each answer while the connection is set up. Default: 10 000. */
  setUpMs: number;
  /** Until a closing process breaks the connections whose statements have not ended. Default: 5000. */
  closeMs: number;
  /** Until publishing reports which session it waits for. Default: 5000. */
  reportMs: number;
}

/** The embedded database. */
export interface SqliteConfig {
  kind: 'sqlite';
  /** The path of its file. */
  file: string;
}

export type DatabaseConfig = SqliteConfig | MysqlConfig;
