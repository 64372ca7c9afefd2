import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Env, Running, World } from '@tracebloc/ingestor-testing/command';
import { told } from './shards.test-support.js';

/** The records that the table's run has staged, as the ledger tells it past the code under test. */
async function stagedOf(world: World, table: string, env: Env): Promise<number> {
  const sql = (runs: string) => `SELECT staged FROM ${runs} WHERE table_name = '${table}'`;
  if (env.MYSQL_HOST) {
    const [row] = await world.mariaDb.sql(sql(`${world.database}._ingestor_runs`));
    return Number(row?.staged ?? 0);
  }
  const database = world.openEmbedded();
  const row = database.prepare(sql('_ingestor_runs')).get();
  database.close();
  return Number(row?.staged ?? 0);
}

/** Whether the held process has the embedded database locked, as it has while it writes a batch. */
async function isWriting(world: World, { pid }: Running): Promise<boolean> {
  while (!/\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await sleep(1);
  const database = new DatabaseSync(join(world.storage, 'embedded.sqlite'), { timeout: 0 });
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
}

/** Starts to ingest, and holds the process, which lives on, while rows are being staged and between two batches. */
export async function stopWhileStaging(
  world: World,
  config: string,
  table: string,
  env: Env,
  more: readonly string[] = [],
): Promise<Running> {
  const run = world.start(['ingest', '-c', config, ...more], env);
  const state = { over: false };
  void run.ended.then(() => (state.over = true));
  while ((await stagedOf(world, table, env)) === 0) {
    if (state.over) throw new Error(told(await run.ended));
    await sleep(2);
  }
  run.kill('SIGSTOP');
  while (!env.MYSQL_HOST && (await isWriting(world, run))) {
    run.kill('SIGCONT');
    await sleep(1);
    run.kill('SIGSTOP');
  }
  return run;
}
