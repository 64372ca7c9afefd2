/**
 * `npm run bench -- tabular` measures whole ingests, with validation, of 1 million rows with 12 columns into MariaDB, from
 * CSV, CSV with quotes around every cell, Parquet and JSON lines. The baseline of each is a bare LOAD DATA LOCAL INFILE into an
 * identical table of the same server. It loads the same file; for Parquet and JSON lines, the plain CSV of the same rows.
 *
 * Beside the ratio of the times there is that of the processor times that client and server take together, `…cpu_ratio`. It hardly
 * changes when other programs use the disk or the processor. The client of the baseline is this process.
 *
 * Flags: --only <plain,quoted,parquet,json,growth>  --rows <1000000>  --rounds <2>
 * `growth`, which is not measured without the flag, ingests ten times as many plain rows.
 */
import { createReadStream, readFileSync, rmSync } from 'node:fs';
import mysql, { type Connection } from 'mysql2/promise';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { CONFIG_KEYS, FEATURES, KINDS, makeTable, SCHEMA, type Kind } from './files/tables.ts';
import { best, measure, processorOf, round, type Measurement } from './measure.ts';
import { describe, folder, log, measureIngest, readFlags, shortNumber } from './support.ts';

const SMALL = 100_000;
/** The prefix of a part's names in the result. */
const PREFIXES: Readonly<Record<Kind, string>> = { plain: '', quoted: 'quoted_', parquet: 'parquet_', json: 'json_' };

export async function run(args: string[]): Promise<object> {
  const { only, rows, rounds } = readFlags(args, [...KINDS, 'growth'], { only: KINDS, rows: 1_000_000, rounds: 2 });
  const kinds = KINDS.filter((kind) => only.includes(kind));
  const server = await startMariaDb({ localInfile: true, bufferPool: '128M', onDisk: true });
  try {
    const { host, port, user, password } = server;
    const connection = await mysql.createConnection({ host, port, user, password, multipleStatements: true });
    try {
      const bench = new TabularBench(server, connection);
      const small = await bench.createBare();
      return {
        ...(kinds.length > 0 && (await bench.measureKinds(kinds, rows, rounds))),
        [`rss_${shortNumber(SMALL)}_mb`]: round(small.rssMb, 0),
        ...(only.includes('growth') && (await bench.measureGrowth(rows))),
      };
    } finally {
      await connection.end();
    }
  } finally {
    await server.stop();
  }
}

interface Work {
  seconds: number;
  /** Processor time of the client. */
  processorSeconds: number;
  /** Processor time of the server meanwhile. */
  serverSeconds: number;
}

type Ingest = Measurement & Work;

class TabularBench {
  private readonly server: MariaDb;
  private readonly connection: Connection;
  #ingests = 0;

  constructor(server: MariaDb, connection: Connection) {
    this.server = server;
    this.connection = connection;
  }

  /** Ingests a small table, whose empty copy the baseline loads into. */
  async createBare(): Promise<Measurement> {
    const file = await makeTable('plain', SMALL);
    const measured = await this.ingest('plain', file, 'bench_small');
    await this.connection.query('USE training_test_datasets; CREATE TABLE bare LIKE bench_small');
    return measured;
  }

  async measureKinds(kinds: readonly Kind[], rows: number, rounds: number): Promise<object> {
    const files = new Map<Kind, string>();
    for (const kind of new Set<Kind>(['plain', ...kinds])) files.set(kind, await makeTable(kind, rows));
    const loads: Record<'plain' | 'quoted', Work[]> = { plain: [], quoted: [] };
    const ingests = new Map<Kind, Ingest[]>(kinds.map((kind) => [kind, []]));
    for (let index = 0; index < rounds; index++) {
      for (const kind of ['plain', 'quoted'] as const) {
        const isBaseline = kinds.some((wanted) => (wanted === 'quoted' ? 'quoted' : 'plain') === kind);
        if (!isBaseline) continue;
        const load = await this.bareLoad(kind, files.get(kind)!);
        log(`round ${index + 1}: ${kind.padEnd(8)} LOAD DATA ${describeWork(load)}`);
        loads[kind].push(load);
      }
      for (const kind of kinds) {
        const measured = await this.ingest(kind, files.get(kind)!);
        log(`round ${index + 1}: ${kind.padEnd(8)} ingest ${describeWork(measured)}, ${measured.rssMb.toFixed(0)} MB`);
        ingests.get(kind)!.push(measured);
      }
    }
    return Object.assign(
      {},
      ...kinds.map((kind) => {
        return figures(kind, loads[kind === 'quoted' ? 'quoted' : 'plain'], ingests.get(kind)!, rows);
      }),
    ) as object;
  }

  /** Compares the ingest of ten times as many rows with that of the rows. */
  async measureGrowth(rows: number): Promise<object> {
    const few = await this.ingest('plain', await makeTable('plain', rows));
    log(`${shortNumber(rows)} rows: ${describe(few)}`);
    const large = await makeTable('plain', rows * 10);
    const many = await this.ingest('plain', large);
    log(`${shortNumber(rows * 10)} rows: ${describe(many)}`);
    rmSync(large);
    const [fewer, more] = [shortNumber(rows), shortNumber(rows * 10)];
    return {
      [`growth_${more}`]: round(many.seconds / few.seconds),
      [`growth_${more}_processor`]: round(many.processorSeconds / few.processorSeconds),
      [`growth_${fewer}_s`]: round(few.seconds),
      [`growth_${more}_s`]: round(many.seconds),
      [`growth_${fewer}_rss_mb`]: round(few.rssMb, 0),
      [`growth_${more}_rss_mb`]: round(many.rssMb, 0),
    };
  }

  /** Loads the file into an empty copy of an ingest's table, with the file's id as data_id: the least work for the server. */
  async bareLoad(kind: 'plain' | 'quoted', file: string): Promise<Work> {
    await this.connection.query('DROP TABLE bare; CREATE TABLE bare LIKE bench_small');
    const enclosed = kind === 'quoted' ? ` ENCLOSED BY '"'` : '';
    const cpu = process.cpuUsage();
    const server = await this.serverProcessor();
    const seconds = await measure(() =>
      this.connection.query({
        sql:
          `LOAD DATA LOCAL INFILE 'stream' INTO TABLE bare FIELDS TERMINATED BY ','${enclosed} IGNORE 1 LINES ` +
          `(data_id, ${FEATURES.join(', ')}, label) SET data_intent = 'train'`,
        infileStreamFactory: () => createReadStream(file, { highWaterMark: 1 << 20 }),
      }),
    );
    const { user, system } = process.cpuUsage(cpu);
    const serverSeconds = (await this.serverProcessor()) - server;
    await this.connection.query('TRUNCATE TABLE bare');
    return { seconds, processorSeconds: (user + system) / 1e6, serverSeconds };
  }

  /** Ingests into a new table, and drops that again unless it has a name. */
  async ingest(kind: Kind, file: string, name?: string): Promise<Ingest> {
    const table = name ?? `bench_${this.#ingests++}`;
    const fields = { category: 'tabular_classification', table, [CONFIG_KEYS[kind]]: file, schema: SCHEMA };
    const server = await this.serverProcessor();
    const measured = await measureIngest(folder, fields, { storage: folder, server: this.server });
    const serverSeconds = (await this.serverProcessor()) - server;
    if (name === undefined) await this.connection.query(`DROP TABLE ${table}`);
    return { ...measured, serverSeconds };
  }

  /** Returns the processor time of the server since its start, in seconds. */
  private async serverProcessor(): Promise<number> {
    const [row] = await this.server.sql('SELECT @@pid_file AS path');
    return processorOf(Number(readFileSync(String(row!.path), 'utf8')));
  }
}

function describeWork({ seconds, processorSeconds, serverSeconds }: Work): string {
  return `${seconds.toFixed(2)} s; processor ${processorSeconds.toFixed(2)} s, of the server ${serverSeconds.toFixed(2)} s`;
}

function figures(kind: Kind, loads: readonly Work[], ingests: readonly Ingest[], rows: number): object {
  const prefix = PREFIXES[kind];
  const load = Math.min(...loads.map(({ seconds }) => seconds));
  const ingest = best(ingests);
  return {
    ...(kind === 'plain' || kind === 'quoted' ? { [`${prefix}load_data_s`]: round(load) } : {}),
    [`${prefix}ingest_s`]: round(ingest.seconds),
    [`${prefix}ratio`]: round(ingest.seconds / load),
    [`${prefix}processor_s`]: round(ingest.processorSeconds),
    [`${prefix}server_s`]: round(leastServer(ingests)),
    [`${prefix}load_data_server_s`]: round(leastServer(loads)),
    [`${prefix}cpu_ratio`]: round(leastProcessor(ingests) / leastProcessor(loads)),
    [`${prefix}rss_${shortNumber(rows)}_mb`]: round(ingest.rssMb, 0),
  };
}

function leastServer(works: readonly Work[]): number {
  return Math.min(...works.map(({ serverSeconds }) => serverSeconds));
}

function leastProcessor(works: readonly Work[]): number {
  return Math.min(...works.map(({ processorSeconds, serverSeconds }) => processorSeconds + serverSeconds));
}
