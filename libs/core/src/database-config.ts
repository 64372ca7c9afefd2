import type { Secret } from './secret.js';

/** A MySQL or MariaDB server and the database to use on it. */
export interface MysqlConfig {
  kind: 'mysql';
  host: string;
  port: number;
  user: string;
  password: Secret;
  /** Name of the database. */
  name: string;
  /** The connection is not encrypted when this is absent. `ca` is PEM and trusted beside the authorities that Node trusts. */
  tls?: { ca?: string };
  /** `auto` (the default) uses LOAD DATA where the server allows it; tests and benchmarks force one of the others. */
  bulk?: 'auto' | 'load-data' | 'insert';
}

/** The embedded database. */
export interface SqliteConfig {
  kind: 'sqlite';
  /** Path of its file. */
  file: string;
}

export type DatabaseConfig = SqliteConfig | MysqlConfig;
