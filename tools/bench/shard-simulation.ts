/**
 * `npm run bench -- shard-simulation` computes how long 1 to 64 shards take for a CSV. Each has a core, and all share one
 * database server. The costs are measured in processor time, with 1 million rows of 12 columns: what a process needs to ingest
 * them, to read them back, to cut what stands before its share and to compare the file, and what the server needs.
 *
 * A shard starts, cuts the rows before its share, and then loads its rows and reads them back, while the server divides itself
 * among all. The last one compares the file, publishes and registers. Memory, the network and the disks are no limit.
 *
 * Flags: --rows <10000000>  --only <mariadb,mysql>  --kind <plain|quoted>  --start <0.6>  --end <0.5>
 * `start` and `end` are the seconds of a process, and those of publishing and registering.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, Secret } from '@tracebloc/ingestor-core';
import { changeSince, createReport, openReader } from '@tracebloc/ingestor-dataset';
import { openDatabase } from '@tracebloc/ingestor-storage';
import type { MariaDb } from '@tracebloc/ingestor-testing';
import { makeTable, SCHEMA, type Kind } from './files/tables.ts';
import { processorOf, round } from './measure.ts';
import { startServer } from './shards.ts';
import { folder, log, measureIngest } from './support.ts';

const MEASURED_ROWS = 1_000_000;
const SHARDS = [1, 2, 4, 8, 16, 32, 64];
/** Seconds of a step. */
const STEP = 0.01;
const TABLE = 'simulated';
const signal = new AbortController().signal;

/** Seconds of processor time for 1 million rows. */
interface Work {
  process: number;
  server: number;
}

interface Costs {
  /** All of an ingest but reading back. */
  load: Work;
  readBack: Work;
  /** Of a process: cutting rows into records, and hashing the file. */
  cut: number;
  hash: number;
  /** Seconds of each process, and of the last one when all are done. */
  start: number;
  end: number;
}

/** What limits a server: its cores, and how many connections may load one table at the same time. */
interface Limits {
  cores: number;
  loads: number;
}

const SERVERS = {
  mariadb: { '4 cores': { cores: 4, loads: 1 }, '16 cores': { cores: 16, loads: 1 } },
  mysql: { '4 cores': { cores: 4, loads: Infinity }, '16 cores': { cores: 16, loads: Infinity } },
} as const;
const NO_LIMIT: Limits = { cores: Infinity, loads: Infinity };

/** `one` process verifies all at the end; each of the `shards` does; they do, and cut nothing, as with a perfect index. */
const WAYS = ['one', 'shards', 'index'] as const;
type Way = (typeof WAYS)[number];

export async function run(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '10000000' },
      only: { type: 'string', default: 'mariadb,mysql' },
      kind: { type: 'string', default: 'plain' },
      start: { type: 'string', default: '0.6' },
      end: { type: 'string', default: '0.5' },
    },
  });
  const millions = Number(values.rows) / 1e6;
  const file = await makeTable(values.kind as Kind, MEASURED_ROWS);
  const [start, end] = [Number(values.start), Number(values.end)];
  const reading = await measureReading(file);
  const result: Record<string, number> = {};
  for (const product of values.only.split(',') as (keyof typeof SERVERS)[]) {
    const costs = { ...(await measureServer(product, file, start)), ...reading, start, end };
    log(`${product}, seconds for 1 million rows: ${JSON.stringify(costs)}`);
    const servers = Object.entries<Limits>({ ...SERVERS[product], 'no limit': NO_LIMIT });
    log(`| shards | ${servers.flatMap(([name]) => WAYS.map((way) => `${name}, ${way}`)).join(' | ')} |`);
    for (const shards of SHARDS) {
      const cells = servers.flatMap(([name, limits]) =>
        WAYS.map((way) => {
          const seconds = simulate(costs, millions, shards, limits, way);
          result[`${product}_${name.replace(' ', '_')}_${way}_${shards}_s`] = round(seconds, 1);
          return seconds.toFixed(1);
        }),
      );
      log(`| ${shards} | ${cells.join(' | ')} |`);
    }
  }
  return result;
}

/** Returns the seconds from the start of all shards to the registered dataset. One process reads back while it loads. */
function simulate(costs: Costs, millions: number, shards: number, limits: Limits, way: Way): number {
  const { load, readBack, cut, hash, start, end } = costs;
  const isBeside = shards === 1 || way !== 'one';
  const work = isBeside ? load.process + readBack.process : load.process;
  const served = isBeside ? load.server + readBack.server : load.server;
  const share = millions / shards;
  const begins = Array.from({ length: shards }, (_, shard) => start + (way === 'index' ? 0 : share * shard * cut));
  const left = begins.map(() => share);
  let time = 0;
  for (; left.some((rows) => rows > 0); time += STEP) {
    const active = left.flatMap((rows, shard) => (rows > 0 && begins[shard]! <= time ? [shard] : []));
    // The rows of a shard are loaded by one connection and read back by another.
    const mostOfAll = Math.min(limits.cores / served, limits.loads / load.server);
    const mostOfOne = Math.min(1 / work, 1 / Math.max(load.server, isBeside ? readBack.server : 0));
    for (const shard of active) left[shard]! -= Math.min(mostOfOne, mostOfAll / active.length) * STEP;
  }
  const verify = isBeside ? 0 : millions * Math.max(readBack.process, readBack.server);
  return time + verify + millions * hash + end;
}

/** Ingests the file, and reads it back once more. */
async function measureServer(
  product: 'mariadb' | 'mysql',
  csv: string,
  start: number,
): Promise<Pick<Costs, 'load' | 'readBack'>> {
  const server = await startServer(product);
  const storage = join(folder, 'simulation');
  mkdirSync(storage, { recursive: true });
  try {
    const pid = await pidOf(server);
    const before = processorOf(pid);
    const fields = { category: 'tabular_classification', table: TABLE, csv, schema: SCHEMA };
    const { processorSeconds } = await measureIngest(folder, fields, { storage, server });
    const all = { process: processorSeconds - start, server: processorOf(pid) - before };
    const readBack = await measureReadBack(server, pid);
    const load = { process: all.process - readBack.process, server: all.server - readBack.server };
    return { load: rounded(load), readBack: rounded(readBack) };
  } finally {
    await server.stop();
    rmSync(storage, { recursive: true });
  }
}

async function measureReadBack({ host, port, user, password }: MariaDb, pid: number): Promise<Work> {
  const name = 'training_test_datasets';
  const database = await openDatabase({ kind: 'mysql', host, port, user, password: new Secret(password), name });
  const columns = Object.entries(SCHEMA).map(([column, sql]) => ({ name: column, type: parseSqlType(sql) }));
  try {
    const [before, own] = [processorOf(pid), process.cpuUsage()];
    await database.readChecksums(TABLE, columns);
    const { user: inUser, system } = process.cpuUsage(own);
    return { process: (inUser + system) / 1e6, server: processorOf(pid) - before };
  } finally {
    await database.close();
  }
}

async function pidOf(server: MariaDb): Promise<number> {
  const [row] = await server.sql('SELECT @@pid_file AS path');
  return Number(readFileSync(String(row!.path), 'utf8'));
}

/** Measures what a process needs for the rows before its share, and to compare the file. The best of three rounds counts. */
async function measureReading(path: string): Promise<Pick<Costs, 'cut' | 'hash'>> {
  const csv = { ...CSV_DEFAULTS, chunkSize: 1 << 20 };
  const cut = async () => {
    const shard = { index: 63, count: 64, rows: 'own' } as const;
    const reader = openReader({ format: 'csv', path, file: path, csv, missing: 'tokens', shard });
    const manifest = await reader.open(createReport(), signal);
    for await (const { rows } of manifest!.batches) if (rows.length === 0) break;
    return reader.reading;
  };
  const reading = await cut();
  const best = { cut: Infinity, hash: Infinity };
  for (let turn = 0; turn < 3; turn++) {
    for (const [name, act] of Object.entries({ cut, hash: () => changeSince(path, [reading], signal) })) {
      const before = process.cpuUsage();
      await act();
      const { user, system } = process.cpuUsage(before);
      best[name as keyof typeof best] = Math.min(best[name as keyof typeof best], (user + system) / 1e6);
    }
  }
  return { cut: round(best.cut), hash: round(best.hash) };
}

function rounded({ process: own, server }: Work): Work {
  return { process: round(own), server: round(server) };
}
