import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startFakeBackend, type FakeBackend, type FakeBackendOptions } from '../backend/backend.js';
import { startMariaDb, type MariaDb, type MariaDbOptions } from '../servers/mariadb.js';
import { shareMariaDb } from '../servers/shared-mariadb.js';
import { start, type Ended, type Env, type Running } from './command.js';

export type Row = Record<string, unknown>;

/** Everything that a run can change: the definition and rows of each table, and the files of the storage folder. */
export interface Traces {
  tables: Record<string, { definition: unknown; rows: Row[] }>;
  files: Record<string, string>;
}

/** The ledger keeps a row of every run and shard, also of one that was dropped, and SQLite keeps that row's number. */
const NOT_TRACES = ['_ingestor_runs', '_ingestor_shards', 'sqlite_sequence'];
/** Files beside the embedded database that exist only while it is open. */
const SCRATCH = /\.sqlite(-wal|-shm)?$|\.lock$/;
const EMBEDDED = 'embedded.sqlite';

/** A working folder with a storage folder in it, a database server and a backend for the commands of one test file. */
export class World {
  readonly storage: string;
  database = '';

  private constructor(
    readonly folder: string,
    readonly mariaDb: MariaDb,
    readonly backend: FakeBackend,
  ) {
    this.storage = join(folder, 'storage');
  }

  /** Uses the project's shared server, or a separate one if options for it are given. */
  static async start(options: { mariaDb?: MariaDbOptions; backend?: FakeBackendOptions } = {}): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'ingestor-e2e-'));
    const [mariaDb, backend] = await Promise.all([
      options.mariaDb ? startMariaDb(options.mariaDb) : shareMariaDb(),
      startFakeBackend(options.backend),
    ]);
    const world = new World(folder, mariaDb, backend);
    await mkdir(world.storage);
    await writeFile(join(world.storage, 'kept.txt'), 'kept');
    world.database = await mariaDb.createDatabase();
    return world;
  }

  /** Returns a world with the same folder and database, and another backend. */
  withBackend(backend: FakeBackend): World {
    const world = new World(this.folder, this.mariaDb, backend);
    world.database = this.database;
    return world;
  }

  async stop(): Promise<void> {
    await Promise.all([this.mariaDb.stop(), this.backend.stop()]);
    await rm(this.folder, { recursive: true });
  }

  /** MariaDB and the local catalog. */
  get local(): Env {
    const { host, port, user, password } = this.mariaDb;
    return {
      CLIENT_ENV: 'local',
      STORAGE_PATH: this.storage,
      MYSQL_HOST: host,
      MYSQL_PORT: String(port),
      DB_USER: user,
      DB_PASSWORD: password,
      DB_NAME: this.database,
    };
  }

  /** The embedded database and the local catalog. */
  get embedded(): Env {
    return { CLIENT_ENV: 'local', STORAGE_PATH: this.storage, DB_NAME: 'embedded' };
  }

  /** MariaDB and the backend, without repeated attempts. */
  get remote(): Env {
    const { url, token } = this.backend;
    return { ...this.local, CLIENT_ENV: 'prod', BACKEND_URL: url, BACKEND_TOKEN: token, BACKEND_RETRY_SECONDS: '0' };
  }

  start(args: readonly string[], env: Env = this.local): Running {
    return start(args, { env, cwd: this.folder });
  }

  run(args: readonly string[], env: Env = this.local): Promise<Ended> {
    return this.start(args, env).ended;
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(join(this.folder, name), content);
    return name;
  }

  /** Returns the current state. It is equal before and after a command that changed nothing. */
  async traces(): Promise<Traces> {
    const embedded = Object.entries(this.embeddedTables()).map(([name, table]) => [`embedded ${name}`, table] as const);
    const tables = { ...(await this.#mariaDbTables()), ...Object.fromEntries(embedded) };
    return { tables, files: await this.#files() };
  }

  async rows(table: string): Promise<Row[]> {
    return this.mariaDb.sql(`SELECT * FROM ${this.database}.\`${table}\` ORDER BY 1`);
  }

  /** Returns what runs have staged: tables in MariaDB and files on the volume. It is empty when no run is unfinished. */
  async staged(): Promise<string[]> {
    const tables = await this.mariaDb.sql(`SHOW TABLES FROM ${this.database} LIKE '\\_ingestor\\_stage%'`);
    const folders = ['staging', 'partial'].map((name) => join(this.storage, '.ingestor', name));
    const files = await Promise.all(folders.filter((folder) => existsSync(folder)).map((folder) => readdir(folder)));
    return [...tables.map((row) => String(Object.values(row)[0])), ...files.flat()];
  }

  async #mariaDbTables(): Promise<Traces['tables']> {
    const found = await this.mariaDb.sql(`SHOW TABLES FROM ${this.database}`);
    const names = found.map((row) => Object.values(row)[0] as string).filter((name) => !NOT_TRACES.includes(name));
    const tables: Traces['tables'] = {};
    for (const name of names) {
      const [definition] = await this.mariaDb.sql(`SHOW CREATE TABLE ${this.database}.\`${name}\``);
      tables[name] = { definition, rows: await this.rows(name) };
    }
    return tables;
  }

  /** Opens the embedded database of a storage folder for reading. It waits while a run writes. */
  openEmbedded(storage = this.storage): DatabaseSync {
    return new DatabaseSync(join(storage, EMBEDDED), { readOnly: true, timeout: 5000 });
  }

  /** Returns the tables of the embedded database in a storage folder. */
  embeddedTables(storage = this.storage): Traces['tables'] {
    if (!existsSync(join(storage, EMBEDDED))) return {};
    const database = this.openEmbedded(storage);
    const found = database.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'table'`).all() as Row[];
    const tables = found.filter(({ name }) => !NOT_TRACES.includes(name as string));
    const traces = tables.map(({ name, sql }) => {
      const rows = database.prepare(`SELECT * FROM \`${name as string}\` ORDER BY 1`).all() as Row[];
      return [name as string, { definition: sql, rows }] as const;
    });
    database.close();
    return Object.fromEntries(traces);
  }

  async #files(): Promise<Record<string, string>> {
    const found = await readdir(this.storage, { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const kept = paths.filter((path) => !SCRATCH.test(path)).sort();
    const hashed = kept.map(async (path) => [
      path,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ]);
    return Object.fromEntries(await Promise.all(hashed)) as Record<string, string>;
  }
}
