/**
 * `npm run bench -- tabular` measures whole ingests, with validation, of 1 million rows with 12 columns into MariaDB, from
 * CSV, CSV with quotes around every cell, Parquet and JSON lines. The baseline of each is a bare LOAD DATA LOCAL INFILE into an
 * identical table of the same server. It loads the same file; for Parquet and JSON lines, the plain CSV of the same rows.
 *
 * Flags: --only <plain,quoted,parquet,json,growth>  --rows <1000000>  --rounds <2>
 * `growth`, which is not measured without the flag, ingests ten times as many plain rows.
 */
import { createReadStream, rmSync } from 'node:fs';
import mysql, { type Connection } from 'mysql2/promise';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { CONFIG_KEYS, FEATURES, KINDS, makeTable, SCHEMA, type Kind } from './files/tables.ts';
import { best, measure, round, type Measurement } from './measure.ts';
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
    const loads: Record<string, number[]> = { plain: [], quoted: [] };
    const ingests = new Map<Kind, Measurement[]>(kinds.map((kind) => [kind, []]));
    for (let index = 0; index < rounds; index++) {
      for (const kind of ['plain', 'quoted'] as const) {
        const isBaseline = kinds.some((wanted) => (wanted === 'quoted' ? 'quoted' : 'plain') === kind);
        if (!isBaseline) continue;
        const seconds = await this.bareLoad(kind, files.get(kind)!);
        log(`round ${index + 1}: ${kind.padEnd(8)} LOAD DATA ${seconds.toFixed(2)} s`);
        loads[kind]!.push(seconds);
      }
      for (const kind of kinds) {
        const measured = await this.ingest(kind, files.get(kind)!);
        log(`round ${index + 1}: ${kind.padEnd(8)} ingest ${describe(measured)}`);
        ingests.get(kind)!.push(measured);
      }
    }
    return Object.assign(
      {},
      ...kinds.map((kind) => {
        const load = Math.min(...loads[kind === 'quoted' ? 'quoted' : 'plain']!);
        return figures(kind, load, best(ingests.get(kind)!), rows);
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
  async bareLoad(kind: 'plain' | 'quoted', file: string): Promise<number> {
    await this.connection.query('DROP TABLE bare; CREATE TABLE bare LIKE bench_small');
    const enclosed = kind === 'quoted' ? ` ENCLOSED BY '"'` : '';
    const seconds = await measure(() =>
      this.connection.query({
        sql:
          `LOAD DATA LOCAL INFILE 'stream' INTO TABLE bare FIELDS TERMINATED BY ','${enclosed} IGNORE 1 LINES ` +
          `(data_id, ${FEATURES.join(', ')}, label) SET data_intent = 'train'`,
        infileStreamFactory: () => createReadStream(file, { highWaterMark: 1 << 20 }),
      }),
    );
    await this.connection.query('TRUNCATE TABLE bare');
    return seconds;
  }

  /** Ingests into a new table, and drops that again unless it has a name. */
  async ingest(kind: Kind, file: string, name?: string): Promise<Measurement> {
    const table = name ?? `bench_${this.#ingests++}`;
    const fields = { category: 'tabular_classification', table, [CONFIG_KEYS[kind]]: file, schema: SCHEMA };
    const measured = await measureIngest(folder, fields, { storage: folder, server: this.server });
    if (name === undefined) await this.connection.query(`DROP TABLE ${table}`);
    return measured;
  }
}

function figures(kind: Kind, load: number, ingest: Measurement, rows: number): object {
  const prefix = PREFIXES[kind];
  return {
    ...(kind === 'plain' || kind === 'quoted' ? { [`${prefix}load_data_s`]: round(load) } : {}),
    [`${prefix}ingest_s`]: round(ingest.seconds),
    [`${prefix}ratio`]: round(ingest.seconds / load),
    [`${prefix}processor_s`]: round(ingest.processorSeconds),
    [`${prefix}rss_${shortNumber(rows)}_mb`]: round(ingest.rssMb, 0),
  };
}
