import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeBackend, startMariaDb } from '@tracebloc/ingestor-testing';

/** The database server and the backend that the pods use. */
export class World {
  static async start(folder) {
    const [mariaDb, backend] = await Promise.all([startMariaDb(), startFakeBackend()]);
    return new World(folder, mariaDb, backend, await mariaDb.createDatabase());
  }

  constructor(folder, mariaDb, backend, database) {
    Object.assign(this, { folder, mariaDb, backend, database });
  }

  /** What a pod's environment has in place of the cluster's addresses. */
  get env() {
    const { host, port, user } = this.mariaDb;
    const { url: BACKEND_URL } = this.backend;
    return { MYSQL_HOST: host, MYSQL_PORT: String(port), DB_USER: user, DB_NAME: this.database, BACKEND_URL };
  }

  get secrets() {
    return { DB_PASSWORD: this.mariaDb.password, BACKEND_TOKEN: this.backend.token };
  }

  /** A folder that stands in for the claim: group 0 may write, as on a volume that Kubernetes prepared. */
  claim(name) {
    const path = join(this.folder, 'claims', name);
    mkdirSync(path, { recursive: true, mode: 0o775 });
    return path;
  }

  /** The table's rows, `undefined` where there is no such table. */
  async rows(table) {
    const found = await this.mariaDb.sql(`SHOW TABLES FROM ${this.database} LIKE '${table}'`);
    return found.length === 0 ? undefined : this.mariaDb.sql(`SELECT * FROM ${this.database}.${table} ORDER BY id`);
  }

  /** How many records of the table's run are staged: 0 before there is one. */
  async staged(table) {
    const runs = await this.mariaDb
      .sql(`SELECT staged FROM ${this.database}._ingestor_runs WHERE table_name = '${table}'`)
      .catch(() => []);
    return Number(runs[0]?.staged ?? 0);
  }

  async stop() {
    await Promise.all([this.mariaDb.stop(), this.backend.stop()]);
  }
}
