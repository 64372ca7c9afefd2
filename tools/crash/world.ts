import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startFakeBackend, type FakeBackend, type MariaDb } from '@tracebloc/ingestor-testing';
import { Ingest, type IngestOptions } from './ingest.ts';
import { TABLE, type Scenario } from './scenarios.ts';

/** The milliseconds that the backend needs for each call, so that registration takes some time. */
export const BACKEND_MS = 15;

/** The columns that differ between two runs of the same dataset. */
const OF_THE_RUN = ['created_at', 'updated_at', 'ingestor_id', 'data_id'];

type Row = Record<string, unknown>;

/** A run in the ledger. */
export interface LedgerRun {
  run_id: string;
  state: string;
  staged: number;
  sent: number;
  verified: number | boolean | null;
}

/** The parts of a dataset that are the same in each run, as plain JSON. */
export type Dataset = Readonly<Record<string, unknown>>;

/** The database, the storage folder and the backend of one point. */
export class World {
  static async create(scenario: Scenario, mariaDb: MariaDb, folder: string): Promise<World> {
    const [backend, database] = [
      await startFakeBackend(),
      scenario.onServer ? await mariaDb.createDatabase() : 'crash',
    ];
    backend.fail({ match: /./, delayMs: BACKEND_MS, times: Infinity });
    return new World(scenario, mariaDb, mkdtempSync(join(folder, 'point-')), backend, database);
  }

  readonly scenario: Scenario;
  readonly backend: FakeBackend;
  readonly #mariaDb: MariaDb;
  readonly #folder: string;
  readonly #database: string;
  readonly #storage: string;

  constructor(scenario: Scenario, mariaDb: MariaDb, folder: string, backend: FakeBackend, database: string) {
    this.scenario = scenario;
    this.backend = backend;
    this.#mariaDb = mariaDb;
    this.#folder = folder;
    this.#database = database;
    this.#storage = join(folder, 'storage');
    mkdirSync(this.#storage);
  }

  async remove(): Promise<void> {
    await this.backend.stop();
    if (this.scenario.onServer) await this.#mariaDb.sql(`DROP DATABASE ${this.#database}`);
    rmSync(this.#folder, { recursive: true });
  }

  /** Starts a process that ingests the configuration, or one shard of it. */
  ingest(
    config: string,
    { shard, overwrite, onPhase }: { shard?: number; overwrite?: boolean; onPhase?: IngestOptions['onPhase'] } = {},
  ): Ingest {
    const { shards } = this.scenario;
    const args = ['--config', config, '--table', TABLE];
    if (overwrite) args.push('--overwrite');
    if (shard !== undefined) args.push('--shards', `${shards}`, '--shard-index', `${shard}`);
    return new Ingest(args, { env: this.#env, cwd: this.#folder, onPhase });
  }

  get #env(): NodeJS.ProcessEnv {
    const { host, port, user, password } = this.#mariaDb;
    const server = { MYSQL_HOST: host, MYSQL_PORT: `${port}`, DB_USER: user, DB_PASSWORD: password };
    return {
      ...(this.scenario.onServer ? server : {}),
      DB_NAME: this.#database,
      STORAGE_PATH: this.#storage,
      CLIENT_ENV: 'prod',
      BACKEND_URL: this.backend.url,
      BACKEND_TOKEN: this.backend.token,
      BACKEND_RETRY_SECONDS: '0',
      // The first process compiles the program for all of them.
      NODE_COMPILE_CACHE: join(this.#folder, '..', 'compiled'),
      BATCH_SIZE: `${this.scenario.batchSize}`,
    };
  }

  /** Returns the rows of `sql`, in which `{name}` is replaced with a table. A missing table or database has no rows. */
  async select<T = Row>(sql: string): Promise<T[]> {
    return (await this.#select(sql)) as T[];
  }

  async #select(sql: string): Promise<Row[]> {
    const quoted = (before: string) => sql.replaceAll(/\{(\w+)\}/g, (_, name: string) => `${before}\`${name}\``);
    if (this.scenario.onServer) return this.#mariaDb.sql(quoted(`${this.#database}.`)).catch(ifMissing);
    const file = join(this.#storage, `${this.#database}.sqlite`);
    if (!existsSync(file)) return [];
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    try {
      return database.prepare(quoted('')).all();
    } catch (error) {
      return ifMissing(error);
    } finally {
      database.close();
    }
  }

  /** Returns the registered runs that were not compared with what was loaded. */
  async unverified(): Promise<LedgerRun[]> {
    return (await this.runs()).filter(({ state, verified }) => state === 'registered' && !verified);
  }

  /** Returns the runs in the ledger, the oldest first. */
  async runs(): Promise<LedgerRun[]> {
    return this.select<LedgerRun>('SELECT * FROM {_ingestor_runs} ORDER BY seq');
  }

  /** Returns the rows, files, catalog entry and registration of the dataset, without what differs between runs. */
  async dataset(): Promise<Dataset> {
    const rows = await this.select<Row & { data_id: string; ingestor_id: string }>(
      `SELECT * FROM {${TABLE}} ORDER BY id`,
    );
    const { run_id: runId } = (await this.runs()).at(-1)!;
    const [entry] = await this.select('SELECT * FROM {_ingestor_datasets}');
    const known = this.backend.tables[TABLE]!;
    const text = JSON.stringify({
      runs: [...new Set(rows.map((row) => row.ingestor_id))],
      prefixes: new Set(rows.map((row) => row.data_id.slice(0, -12))).size,
      definition: await this.#definition(),
      rows: rows.map((row) => ({ ...without(row, OF_THE_RUN), ordinal: ordinalOf(row.data_id) })),
      files: this.#files(),
      catalog: without(entry!, OF_THE_RUN),
      labels: [...known.labels].map(([dataId, label]) => [ordinalOf(dataId), label]),
      known: { ...known, labels: 0, repeated: 0, dataset: { ...known.dataset, id: 0 } },
    });
    return JSON.parse(text.replaceAll(runId, 'RUN').replaceAll(this.backend.url, 'BACKEND')) as Dataset;
  }

  /** Returns the names of tables and files that a run keeps only while it lasts. */
  async leftovers(): Promise<string[]> {
    const tables = (await this.#tables()).filter((name) => /^_ingestor_(stage|old)_/.test(name));
    const last = (await this.runs()).at(-1)!.run_id;
    const hashes = globSync('.ingestor/hashes/*', { cwd: this.#storage }).filter((path) => !path.endsWith(last));
    return [...tables, ...hashes, ...globSync('.ingestor/{staging/*,partial/*,retired-*}', { cwd: this.#storage })];
  }

  async #tables(): Promise<string[]> {
    if (!this.scenario.onServer) {
      const tables = await this.select<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
      return tables.map(({ name }) => name);
    }
    return (await this.#mariaDb.sql(`SHOW TABLES FROM ${this.#database}`)).map((row) => String(Object.values(row)[0]));
  }

  async #definition(): Promise<Row[]> {
    if (!this.scenario.onServer) return this.select(`SELECT sql FROM sqlite_schema WHERE tbl_name = '${TABLE}'`);
    return this.select(`SHOW CREATE TABLE {${TABLE}}`);
  }

  #files(): [name: string, hash: string][] {
    const folder = join(this.#storage, TABLE);
    if (!existsSync(folder)) return [];
    const hash = (name: string) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
    return readdirSync(folder)
      .sort()
      .map((name) => [name, hash(name)]);
  }
}

/** Returns the position of a record in its run, which its data_id ends with. */
export function ordinalOf(dataId: string): number {
  return parseInt(dataId.slice(-12), 16);
}

function without(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

function ifMissing(error: unknown): Row[] {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ER_NO_SUCH_TABLE' || message.includes('no such table')) return [];
  throw error;
}
