import { setTimeout as sleep } from 'node:timers/promises';
import type { Env, Running } from './command.test.support.js';
import { told } from './shards.test.support.js';
import type { World } from './world.test.support.js';

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

/** Starts to ingest, and holds the process, which lives on, while rows are being staged. */
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
  return run;
}
