import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, type DatabaseConfig } from '@tracebloc/ingestor-core';
import type { Shard } from '@tracebloc/ingestor-config';
import {
  shareMariaDb,
  startFakeBackend,
  startMariaDb,
  startTcpProxy,
  type FakeBackend,
  type Interceptor,
  type MariaDb,
  type MariaDbOptions,
  type Passage,
  type TcpProxy,
} from '@tracebloc/ingestor-testing';
import { ingest, type IngestOptions } from './ingest.js';
import { Place, remote, rowsOf } from './ingest.test-support.js';
import type { IngestResult } from '../result.js';

/** The records of every run. Each of its batches has `BATCH` records, except the last. */
const RECORDS = 250;
export const BATCH = 100;

/** The statement that takes the lock of a table or shard, and no other. */
export const TAKES_LOCK = /GET_LOCK.* AS patience/;

type State = Record<'rows' | 'runs' | 'batches' | 'calls' | 'catalog' | 'leftovers' | 'known', unknown>;

/** A server behind a proxy, a backend, and a source to ingest into tables of one database. */
export class Bench {
  private constructor(
    readonly server: MariaDb,
    readonly proxy: TcpProxy,
    readonly backend: FakeBackend,
    private readonly place: Place,
    private readonly database: string,
  ) {}

  /** Uses the project's shared server, or a separate one if options for it are given. */
  static async start(options?: MariaDbOptions): Promise<Bench> {
    const [server, backend, place] = await Promise.all([
      options ? startMariaDb(options) : shareMariaDb(),
      startFakeBackend(),
      Place.make(),
    ]);
    await place.write(rowsOf(RECORDS));
    return new Bench(server, await startTcpProxy(server), backend, place, await server.createDatabase());
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await Promise.all([this.server.stop(), this.backend.stop(), this.place.remove()]);
  }

  /** Ingests through the proxy. */
  ingest(
    table: string,
    { shard, bulk, ...options }: IngestOptions & { shard?: Shard; bulk?: 'insert' } = {},
  ): Promise<IngestResult> {
    const { proxy, database: name } = this;
    const { user, password } = this.server;
    const { host, port } = proxy;
    const database: DatabaseConfig = { kind: 'mysql', host, port, user, password: new Secret(password), name, bulk };
    const config = this.place.config({
      database,
      backend: remote(this.backend),
      batchSize: BATCH,
      ...{ table, shard, title: 'Numbers' },
    });
    return ingest(config, options);
  }

  select(sql: string): Promise<Record<string, unknown>[]> {
    return this.server.sql(sql.replaceAll('FROM ', `FROM ${this.database}.`));
  }

  /** Returns how many records the table's run has committed. */
  async staged(table: string): Promise<number> {
    const [run] = await this.select(`SELECT staged FROM _ingestor_runs WHERE table_name = '${table}'`);
    return Number(run?.staged ?? 0);
  }

  /** Returns everything about a table's dataset, without ids and times that differ between runs. */
  async stateOf(table: string): Promise<State> {
    const runs = await this.select(`SELECT * FROM _ingestor_runs WHERE table_name = '${table}'`);
    const runId = runs.at(-1)!.run_id as string;
    const ofRun = (sql: string) => this.select(`${sql} WHERE run_id = '${runId}' ORDER BY 1, 2`);
    const { labels, repeated: _, dataset, ...known } = this.backend.tables[table]!;
    const rows = await this.select(`SELECT id, data_id, label, n, data_intent, ingestor_id FROM ${table} ORDER BY id`);
    const state: State = {
      rows: rows.map((row) => Object.values(row).join()),
      runs: runs.map(({ state, staged, sent, shards }) => ({ state, staged, sent, shards })),
      batches: await ofRun('SELECT first_ordinal, records FROM _ingestor_batches'),
      calls: await ofRun('SELECT `call`, 0 FROM _ingestor_calls'),
      catalog: await this.select(`SELECT * FROM _ingestor_datasets WHERE table_name = '${table}'`),
      leftovers: await this.server.sql(`SHOW TABLES FROM ${this.database} LIKE '%\\_${runId}'`),
      known: { ...known, labels: [...labels].map((label) => label.join()), dataset: { ...dataset, id: 0 } },
    };
    // All data_ids of a run have the same prefix.
    const prefix = (rows[0]!.data_id as string).slice(0, -12);
    const text = JSON.stringify(state)
      .replaceAll(runId, 'RUN')
      .replaceAll(prefix, 'DERIVED-')
      .replaceAll(this.backend.url, 'BACKEND')
      .replaceAll(`"${table}"`, '"TABLE"')
      .replaceAll(/"created_at":"[^"]*"/g, '"created_at":0');
    return JSON.parse(text) as State;
  }

  /** Returns the calls that the backend has accepted since the given one: `records 0`, `prepare`, ... */
  callsSince(since: number): string[] {
    return this.backend.calls
      .slice(since)
      .map((call) =>
        call.name === 'records' ? `records ${parseInt(call.records[0]!.dataId.slice(-12), 16)}` : call.name,
      );
  }
}

/** Returns the calls that were made before. */
export function repeats(calls: readonly string[]): string[] {
  return calls.filter((call, index) => calls.indexOf(call) !== index);
}

/** The verdict for a chunk that never arrives, as in a network that has lost the other end. */
export const never = new Promise<never>(() => undefined);

/** Holds everything in the given directions from the first matching chunk on, including that chunk. */
export function silenceFrom(statement: RegExp, ...directions: Passage['direction'][]): Interceptor {
  let silent = false;
  return ({ direction, chunk }) => {
    silent ||= direction === 'to-server' && statement.test(chunk.toString('latin1'));
    return silent && directions.includes(direction) ? never : 'pass';
  };
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}
