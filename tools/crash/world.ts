import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startFakeBackend } from '@tracebloc/ingestor-testing';
import { Ingest } from './ingest.ts';
import { TABLE } from './scenarios.ts';

/** So that registration lasts: milliseconds that the backend takes for each call. */
export const BACKEND_MS = 15;

/** What tells one run of the same dataset from another. */
const OF_THE_RUN = ['created_at', 'updated_at', 'ingestor_id', 'data_id'];

/** A database, a storage folder and a backend of one point's own. */
export class World {
  static async create(scenario, mariaDb, folder) {
    const [backend, database] = [
      await startFakeBackend(),
      scenario.onServer ? await mariaDb.createDatabase() : 'crash',
    ];
    backend.fail({ match: /./, delayMs: BACKEND_MS, times: Infinity });
    return new World(scenario, mariaDb, mkdtempSync(join(folder, 'point-')), backend, database);
  }

  constructor(scenario, mariaDb, folder, backend, database) {
    Object.assign(this, { scenario, mariaDb, folder, backend, database, storage: join(folder, 'storage') });
    mkdirSync(this.storage);
  }

  async remove() {
    await this.backend.stop();
    if (this.scenario.onServer) await this.mariaDb.sql(`DROP DATABASE ${this.database}`);
    rmSync(this.folder, { recursive: true });
  }

  /** Starts a process that ingests `config`, or one shard of it. */
  ingest(config, { shard, overwrite, onPhase } = {}) {
    const { shards } = this.scenario;
    const args = ['--config', config, '--table', TABLE];
    if (overwrite) args.push('--overwrite');
    if (shard !== undefined) args.push('--shards', `${shards}`, '--shard-index', `${shard}`);
    return new Ingest(args, { env: this.#env, cwd: this.folder, onPhase });
  }

  get #env() {
    const { host, port, user, password } = this.mariaDb;
    const server = { MYSQL_HOST: host, MYSQL_PORT: `${port}`, DB_USER: user, DB_PASSWORD: password };
    return {
      ...(this.scenario.onServer ? server : {}),
      DB_NAME: this.database,
      STORAGE_PATH: this.storage,
      CLIENT_ENV: 'prod',
      BACKEND_URL: this.backend.url,
      BACKEND_TOKEN: this.backend.token,
      BACKEND_RETRY_SECONDS: '0',
      // Compiled once for all the processes.
      NODE_COMPILE_CACHE: join(this.folder, '..', 'compiled'),
      BATCH_SIZE: `${this.scenario.batchSize}`,
    };
  }

  /** The result of `sql`, in which `{name}` stands for a table; nothing where there is no such table or database. */
  async select(sql) {
    const quoted = (before) => sql.replaceAll(/\{(\w+)\}/g, (_, name) => `${before}\`${name}\``);
    if (this.scenario.onServer) return this.mariaDb.sql(quoted(`${this.database}.`)).catch(ifMissing);
    const file = join(this.storage, `${this.database}.sqlite`);
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

  /** Of runs that are registered, those that were not compared with what was loaded. */
  async unverified() {
    return (await this.runs()).filter(({ state, verified }) => state === 'registered' && !verified);
  }

  /** The table's runs that left something or are under way, oldest first. */
  async runs() {
    return this.select('SELECT * FROM {_ingestor_runs} ORDER BY seq');
  }

  /** Everything that the dataset is but what tells one run from another: rows, files, catalog, what the backend knows. */
  async dataset() {
    const rows = await this.select(`SELECT * FROM {${TABLE}} ORDER BY id`);
    const { run_id: runId } = (await this.runs()).at(-1);
    const [entry] = await this.select('SELECT * FROM {_ingestor_datasets}');
    const known = this.backend.tables[TABLE];
    const text = JSON.stringify({
      runs: [...new Set(rows.map((row) => row.ingestor_id))],
      prefixes: new Set(rows.map((row) => row.data_id.slice(0, -12))).size,
      definition: await this.#definition(),
      rows: rows.map((row) => ({ ...without(row, OF_THE_RUN), ordinal: ordinalOf(row.data_id) })),
      files: this.#files(),
      catalog: without(entry, OF_THE_RUN),
      labels: [...known.labels].map(([dataId, label]) => [ordinalOf(dataId), label]),
      known: { ...known, labels: 0, repeated: 0, dataset: { ...known.dataset, id: 0 } },
    });
    return JSON.parse(text.replaceAll(runId, 'RUN').replaceAll(this.backend.url, 'BACKEND'));
  }

  /** Names of what a run keeps only while it lasts. */
  async leftovers() {
    const tables = (await this.#tables()).filter((name) => /^_ingestor_(stage|old)_/.test(name));
    const last = (await this.runs()).at(-1).run_id;
    const hashes = globSync('.ingestor/hashes/*', { cwd: this.storage }).filter((path) => !path.endsWith(last));
    return [...tables, ...hashes, ...globSync('.ingestor/{staging/*,partial/*,retired-*}', { cwd: this.storage })];
  }

  async #tables() {
    if (!this.scenario.onServer) {
      return (await this.select("SELECT name FROM sqlite_schema WHERE type = 'table'")).map(({ name }) => name);
    }
    return (await this.mariaDb.sql(`SHOW TABLES FROM ${this.database}`)).map((row) => Object.values(row)[0]);
  }

  async #definition() {
    if (!this.scenario.onServer) return this.select(`SELECT sql FROM sqlite_schema WHERE tbl_name = '${TABLE}'`);
    return this.select(`SHOW CREATE TABLE {${TABLE}}`);
  }

  #files() {
    const folder = join(this.storage, TABLE);
    if (!existsSync(folder)) return [];
    const hash = (name) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
    return readdirSync(folder)
      .sort()
      .map((name) => [name, hash(name)]);
  }
}

/** A record's place in its run, which its data_id ends with. */
export function ordinalOf(dataId) {
  return parseInt(dataId.slice(-12), 16);
}

function without(row, names) {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

function ifMissing(error) {
  if (error.code === 'ER_NO_SUCH_TABLE' || /no such table/.test(error.message)) return [];
  throw error;
}
