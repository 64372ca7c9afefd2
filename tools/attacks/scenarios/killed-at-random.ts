import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import type { World } from '../world.ts';

export const attack =
  'an ingest of 300,000 rows that is killed up to five times at random moments, on MariaDB, keeps every row once';

const ROWS = 300_000;

export async function run(world: World): Promise<object> {
  const { server, database, env } = await world.mariaDb();
  const csv = createWriteStream(join(world.folder, 'rows.csv'));
  csv.write('a,b,label\n');
  for (let row = 0; row < ROWS; row++) {
    if (!csv.write(`${row},text ${row},${row % 7}\n`)) await once(csv, 'drain');
  }
  csv.end();
  await once(csv, 'finish');
  const schema = 'a: INT, b: VARCHAR(40), label: INT';
  const args = [
    ...['ingest', '--task', 'tabular_classification', '--table', 'killed', '--intent', 'train'],
    ...['--label-file', 'rows.csv', '--label', 'label', '--schema', schema],
  ];
  let kills = 0;
  for (let round = 0; round < 5; round++) {
    const { child, ended } = world.start(args, { env });
    await sleep(500 + world.random() * 3000);
    kills += child.kill('SIGKILL') ? 1 : 0;
    await ended;
  }
  const last = await world.run(args, { env });
  assert.equal(last.code, 0, last.stderr);
  const [counted] = await server.sql(`SELECT COUNT(*) AS n, COUNT(DISTINCT a) AS \`distinct\` FROM ${database}.killed`);
  assert.deepEqual({ ...counted }, { n: ROWS, distinct: ROWS });
  return { kills, rss_mb: Math.round(last.rssMb) };
}
