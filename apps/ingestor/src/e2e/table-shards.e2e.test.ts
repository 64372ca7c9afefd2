import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { World, yamlOf } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import { datasetOf, expectNothingStaged, inSmallBatches, outcomeOf, shardFlags } from './shards.test-support.js';

const RECORDS = 6000;
const HEADER = 'a,b,x,y';

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  await session.run(['runs', 'clean', '--yes'], world.local);
  mkdirSync(join(world.folder, 'parts'));
  const rows = Array.from(
    { length: RECORDS },
    (_, i) => `${i},${i % 7 === 0 ? `"é, ${i}"` : `w${i}`},${i / 8},${i % 3}`,
  );
  const write = (name: string, some: readonly string[]) =>
    writeFileSync(join(world.folder, name), gzipSync(`${HEADER}\n${some.join('\n')}\n`));
  write('large.csv.gz', rows);
  // The parts are of unequal length, and none ends where a share of a shard does.
  write('parts/1.csv.gz', rows.slice(0, 700));
  write('parts/2.csv.gz', rows.slice(700, 4100));
  write('parts/3.csv.gz', rows.slice(4100));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT i AS a, CASE WHEN i % 7 = 0 THEN 'é, ' || i ELSE 'w' || i END AS b, i / 8 AS x, i % 3 AS y FROM range(${RECORDS}) r(i))
     TO '${join(world.folder, 'large.parquet')}' (format parquet, row_group_size 2048)`,
  );
  connection.closeSync();
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

const ingest = (config: string, ...flags: string[]) =>
  session.run(['ingest', '-c', config, ...flags], inSmallBatches(world.remote));

it.each([
  ['a gzipped CSV', 'packed', 'csv', 'large.csv.gz'],
  ['gzipped parts of a CSV', 'parted', 'csv', 'parts/*.csv.gz'],
  ['a Parquet file', 'columnar', 'parquet', 'large.parquet'],
])('%s in 2 and in 3 shards is what it is in one run', async (_, table, format, path) => {
  const schema = { a: 'INT', b: 'VARCHAR(20)', x: 'DOUBLE' };
  const yaml = yamlOf({ table, schema, csv: path }).replace(/^csv:/m, `${format}:`);
  const config = await world.write(`${table}.yaml`, yaml);
  expect(outcomeOf(await ingest(config))).toMatch(/^0:/);
  const whole = await datasetOf(world, table);
  expect(whole).toMatchObject({ rows: { length: RECORDS }, labels: { length: RECORDS } });

  for (const order of [
    [1, 0],
    [2, 0, 1],
  ]) {
    expect(await session.run(['datasets', 'delete', table, '--yes'], world.remote)).toMatchObject({ code: 0 });
    for (const index of order)
      expect(outcomeOf(await ingest(config, ...shardFlags(index, order.length)))).toMatch(/^0:/);
    expect(await datasetOf(world, table)).toEqual(whole);
  }
  expect(world.backend.violations).toEqual([]);
  await expectNothingStaged(world);
});
