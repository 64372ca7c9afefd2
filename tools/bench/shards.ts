/**
 * `npm run bench -- shards` compares an ingest by one process with the same ingest by two processes that run side by side,
 * `--shards 2`. A ratio of 2 means that two are twice as fast. The database server and all processes share the machine's cores.
 * - `images`: 5,000 JPEGs of 256x256, with MariaDB
 * - `mariadb`, `mysql`: 1 million rows with 12 columns; MySQL comes from Debian, as for `npm run test:mysql`
 *
 * Flags: --only <images,mariadb,mysql>  --rows <1000000>  --rounds <2>
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { fetchMysql } from '../mysql/fetch.ts';
import { makePhotos } from './files/photos.ts';
import { makeTable, SCHEMA } from './files/tables.ts';
import { best, measureTogether, round, type Measurement } from './measure.ts';
import { describe, folder, ingestCommand, log, readFlags, writeConfig, type Fields } from './support.ts';

const PARTS = ['images', 'mariadb', 'mysql'] as const;
type Part = (typeof PARTS)[number];

export async function run(args: string[]): Promise<object> {
  const { only, rows, rounds } = readFlags(args, PARTS, { rows: 1_000_000, rounds: 2 });
  const result: Record<string, number> = {};
  for (const part of only as Part[]) {
    const source = part === 'images' ? await photos() : await table(rows);
    const server = await startServer(part);
    try {
      Object.assign(result, await compare(part, server, source, rounds));
    } finally {
      await server.stop();
    }
  }
  return result;
}

/** The folder of a configuration, and what it says beside the table's name. */
interface Source {
  base: string;
  fields: Omit<Fields, 'table'>;
}

async function photos(): Promise<Source> {
  const set = await makePhotos('small', 5000, 256, 256);
  const spec = { file_options: { extension: '.jpg' } };
  return {
    base: set.root,
    fields: { category: 'image_classification', csv: 'labels.csv', target_size: [256, 256], spec },
  };
}

async function table(rows: number): Promise<Source> {
  const csv = await makeTable('plain', rows);
  return { base: folder, fields: { category: 'tabular_classification', csv, schema: SCHEMA } };
}

export async function startServer(part: Part): Promise<MariaDb> {
  const mysqlFolder = part === 'mysql' ? await getMysql() : undefined;
  return startMariaDb({ localInfile: true, bufferPool: '128M', onDisk: true, mysqlFolder });
}

/** Returns the folder of a MySQL, which it downloads unless that was done before. */
async function getMysql(): Promise<string> {
  const mysql = join(folder, 'mysql');
  if (existsSync(mysql)) return mysql;
  const part = `${mysql}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  log(`MySQL ${await fetchMysql(part)}`);
  renameSync(part, mysql);
  return mysql;
}

async function compare(part: Part, server: MariaDb, source: Source, rounds: number): Promise<Record<string, number>> {
  const single: Measurement[] = [];
  const double: Measurement[] = [];
  for (let index = 0; index < rounds; index++) {
    single.push(await ingest(server, source, `one_${index}`, 1));
    double.push(await ingest(server, source, `two_${index}`, 2));
    log(`round ${index + 1}: ${part} one ${describe(single.at(-1)!)}; two ${describe(double.at(-1)!)}`);
  }
  const [one, two] = [best(single), best(double)];
  return {
    [`shards_${part}_ratio`]: round(one.seconds / two.seconds),
    [`shards_${part}_1_s`]: round(one.seconds),
    [`shards_${part}_2_s`]: round(two.seconds),
    [`shards_${part}_1_processor_s`]: round(one.processorSeconds),
    [`shards_${part}_2_processor_s`]: round(two.processorSeconds),
    [`shards_${part}_rss_mb`]: round(two.rssMb, 0),
  };
}

/** Ingests into a new table with one process or several, and drops the table and its files. */
async function ingest(server: MariaDb, { base, fields }: Source, name: string, shards: number): Promise<Measurement> {
  const storage = join(folder, 'shards', name);
  mkdirSync(storage, { recursive: true });
  const config = writeConfig(base, { ...fields, table: name } as Fields);
  const commands = Array.from({ length: shards }, (_, index) => {
    const flags = shards === 1 ? [] : ['--shards', String(shards), '--shard-index', String(index)];
    return ingestCommand(config, { storage, server }, flags);
  });
  try {
    const measured = await measureTogether(commands);
    // The table exists only if all shards are done.
    await server.sql(`DROP TABLE training_test_datasets.${name}`);
    return measured;
  } finally {
    rmSync(config);
    rmSync(storage, { recursive: true });
  }
}
