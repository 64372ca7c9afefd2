import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeBackend, startMariaDb, type FakeBackend, type MariaDb } from '@tracebloc/ingestor-testing';

/** A row of a dataset's table: columns by their names. */
export type Row = Readonly<Record<string, string | number | null>>;

/** The database server and the backend that the pods use. */
export class World {
  static async start(folder: string): Promise<World> {
    const [mariaDb, backend] = await Promise.all([startMariaDb(), startFakeBackend()]);
    return new World(folder, mariaDb, backend, await mariaDb.createDatabase());
  }

  readonly folder: string;
  readonly backend: FakeBackend;
  readonly #mariaDb: MariaDb;
  readonly #database: string;

  constructor(folder: string, mariaDb: MariaDb, backend: FakeBackend, database: string) {
    this.folder = folder;
    this.backend = backend;
    this.#mariaDb = mariaDb;
    this.#database = database;
  }

  /** The variables of a pod that replace the addresses of the cluster. */
  get env(): Record<string, string> {
    const { host, port, user } = this.#mariaDb;
    const { url: BACKEND_URL } = this.backend;
    return { MYSQL_HOST: host, MYSQL_PORT: String(port), DB_USER: user, DB_NAME: this.#database, BACKEND_URL };
  }

  get secrets(): Record<string, string> {
    return { DB_PASSWORD: this.#mariaDb.password, BACKEND_TOKEN: this.backend.token };
  }

  /** Makes a folder that replaces the claim. Group 0 may write into it, as into a volume that Kubernetes prepared. */
  claim(name: string): string {
    const path = join(this.folder, 'claims', name);
    mkdirSync(path, { recursive: true, mode: 0o775 });
    return path;
  }

  /** Returns the rows of the table, or `undefined` when the table does not exist. */
  async rows(table: string): Promise<Row[] | undefined> {
    const found = await this.#mariaDb.sql(`SHOW TABLES FROM ${this.#database} LIKE '${table}'`);
    if (found.length === 0) return undefined;
    return this.#mariaDb.sql(`SELECT * FROM ${this.#database}.${table} ORDER BY id`) as Promise<Row[]>;
  }

  /** Returns how many records of the table's run are staged. */
  async staged(table: string): Promise<number> {
    const runs = await this.#mariaDb
      .sql(`SELECT staged FROM ${this.#database}._ingestor_runs WHERE table_name = '${table}'`)
      .catch(() => []);
    return Number(runs[0]?.staged ?? 0);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#mariaDb.stop(), this.backend.stop()]);
  }
}
