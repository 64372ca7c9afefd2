import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { World } from '../world.ts';

export const attack =
  'lists of 20,000 runs and their cleaning take time in proportion to the runs, and memory that does not grow';

const RUNS = 20_000;
const TABLES = 2000;

export async function run(world: World): Promise<object> {
  writeFileSync(join(world.folder, 'rows.csv'), 'a,label\n1,x\n2,y\n');
  const ingest = [
    ...['ingest', '--task', 'tabular_classification', '--table', 'one', '--intent', 'train'],
    ...['--label-file', 'rows.csv', '--label', 'label', '--schema', 'a: INT, label: VARCHAR(8)'],
  ];
  assert.equal((await world.run(ingest)).code, 0);
  addRuns(join(world.storage, 'training_test_datasets.sqlite'));
  const figures: Record<string, number> = {};
  const timed = async (name: string, args: readonly string[], mostSeconds: number) => {
    const ended = await world.run(args);
    assert.equal(ended.code, 0, ended.stderr);
    figures[name] = Number(ended.seconds.toFixed(1));
    assert.ok(ended.seconds < mostSeconds, `${name} took ${ended.seconds} s`);
    assert.ok(ended.rssMb < 500, `${name} took ${ended.rssMb} MB`);
    return ended;
  };
  const page = await timed('list', ['runs', 'list'], 15);
  assert.equal(page.stdout.trimEnd().split('\n').length, 101);
  assert.match(page.stderr, /100 of 20,001 runs\. The next ones: --offset 100\n/);
  const all = await timed('json', ['runs', 'list', '--json', '--limit', '30000'], 30);
  assert.equal(all.stdout.length > 0, true);
  await timed('abandoned', ['runs', 'list', '--abandoned'], 30);
  await timed('clean', ['runs', 'clean', '--yes'], 300);
  const left = await world.run(['runs', 'list', '--abandoned']);
  assert.equal(left.stdout, 'Nothing is abandoned.\n');
  return figures;
}

/** Adds dropped runs, each of which has left a row in the ledger. */
function addRuns(file: string): void {
  const database = new DatabaseSync(file);
  const { seq: _seq, ...row } = database.prepare('SELECT * FROM _ingestor_runs LIMIT 1').get()!;
  const names = Object.keys(row);
  const run = database.prepare(`INSERT INTO _ingestor_runs (${names.join()}) VALUES (${names.map(() => '?').join()})`);
  const batch = database.prepare('INSERT INTO _ingestor_batches (run_id, first_ordinal, records) VALUES (?, 0, 2)');
  database.exec('BEGIN');
  for (let index = 0; index < RUNS; index++) {
    const dropped: typeof row & { run_id: string } = {
      ...row,
      run_id: randomUUID(),
      table_name: `table_${index % TABLES}`,
      state: 'dropped',
    };
    run.run(...names.map((name) => dropped[name]!));
    batch.run(dropped.run_id);
  }
  database.exec('COMMIT');
  database.close();
}
