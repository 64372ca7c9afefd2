/**
 * `npm run bench -- tabular` measures a whole `ingestor ingest`, with validation, of 1 million rows with 12 columns. The
 * baseline is a bare LOAD DATA LOCAL INFILE of the same file into an identical table of the same MariaDB.
 */
import { createReadStream, createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import mysql, { type Connection } from 'mysql2/promise';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { measure, measureProcess, round, type Measurement } from './measure.ts';
import { seededRandom } from '../random.ts';

const ROUNDS = 2;
const FEATURES = Array.from({ length: 10 }, (_, index) => `f${index}`);

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.bench');
const bin = join(root, 'apps/ingestor/bin/run.js');

export async function run(): Promise<object> {
  mkdirSync(folder, { recursive: true });
  const small = await makeCsv(100_000);
  const large = await makeCsv(1_000_000);
  const server = await startMariaDb({ localInfile: true, bufferPool: '128M', onDisk: true });
  try {
    const connection = await mysql.createConnection({
      host: server.host,
      port: server.port,
      user: server.user,
      password: server.password,
      multipleStatements: true,
    });
    try {
      const rss100k = await ingest(server, small, 'bench_small');
      const loads: number[] = [];
      const ingests: Measurement[] = [];
      for (let index = 0; index < ROUNDS; index++) {
        const loaded = await bareLoad(connection, large);
        const ingested = await ingest(server, large, `bench_${index}`);
        process.stderr.write(
          `round ${index + 1}: LOAD DATA ${loaded.toFixed(2)} s, ingest ${ingested.seconds.toFixed(2)} s, ` +
            `${ingested.rssMb.toFixed(0)} MB\n`,
        );
        loads.push(loaded);
        ingests.push(ingested);
      }
      const load = Math.min(...loads);
      const best = Math.min(...ingests.map(({ seconds }) => seconds));
      return {
        load_data_s: round(load),
        ingest_s: round(best),
        ratio: round(best / load),
        rss_100k_mb: round(rss100k.rssMb, 0),
        rss_1m_mb: round(Math.max(...ingests.map(({ rssMb }) => rssMb)), 0),
      };
    } finally {
      await connection.end();
    }
  } finally {
    await server.stop();
  }
}

/** Loads the file into an empty copy of an ingest's table, with the file's id as data_id: the least work for the server. */
async function bareLoad(connection: Connection, file: string): Promise<number> {
  await connection.query('USE training_test_datasets; DROP TABLE IF EXISTS bare; CREATE TABLE bare LIKE bench_small');
  return measure(() =>
    connection.query({
      sql:
        "LOAD DATA LOCAL INFILE 'stream' INTO TABLE bare FIELDS TERMINATED BY ',' IGNORE 1 LINES " +
        `(data_id, ${FEATURES.join(', ')}, label) SET data_intent = 'train'`,
      infileStreamFactory: () => createReadStream(file, { highWaterMark: 1 << 20 }),
    }),
  );
}

function ingest(server: MariaDb, file: string, table: string): Promise<Measurement> {
  const config = join(folder, `${table}.yaml`);
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'tracebloc.io/v1',
      kind: 'IngestConfig',
      category: 'tabular_classification',
      table,
      intent: 'train',
      csv: file,
      label: 'label',
      schema: Object.fromEntries(FEATURES.map((name) => [name, 'DOUBLE'])),
    }),
  );
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    CLIENT_ENV: 'local',
    MYSQL_HOST: server.host,
    MYSQL_PORT: String(server.port),
    DB_USER: server.user,
    DB_PASSWORD: server.password,
    STORAGE_PATH: folder,
  };
  return measureProcess(bin, ['ingest', '--config', config], env);
}

/** Writes rows of an id, ten floats with six digits after the point, and a label. The file is always the same. */
async function makeCsv(rows: number): Promise<string> {
  const file = join(folder, `tabular-${rows}.csv`);
  if (existsSync(file)) return file;
  const stream = createWriteStream(file);
  const random = seededRandom(42);
  stream.write(`id,${FEATURES.join(',')},label\n`);
  for (let start = 0; start < rows; start += 1000) {
    let text = '';
    for (let row = start; row < start + 1000; row++) {
      text += String(row);
      for (let cell = 0; cell < FEATURES.length; cell++) text += `,${((random() * 2 - 1) * 1000).toFixed(6)}`;
      text += random() > 0.5 ? ',yes\n' : ',no\n';
    }
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return file;
}
