import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '@tracebloc/ingestor-testing';
import type { Env, Running, World } from '@tracebloc/ingestor-testing/command';
import { hold, until, type Held } from './faults.test-support.js';

/** The number of batches that a run on a server has committed when it is stopped. */
const BATCHES = 2;

/** The longest that a process runs before it is stopped again, in milliseconds. */
const MOST_PAUSE = 16;

/** The processes that were stopped and have not ended. A stopped process of a failed test would keep the test run alive. */
const stopped = new Set<Running>();
afterEach(() => {
  for (const run of stopped) run.kill('SIGKILL');
});

/** Makes the proxy hold the answer to the COMMIT of the nth batch: the server has it, and the run does not know. */
export function holdAfterBatch(proxy: TcpProxy, nth = BATCHES): Held {
  let batches = 0;
  let writer: number | undefined;
  let isCommitted = false;
  return hold(proxy, ({ direction, connection }, text) => {
    if (direction === 'to-client') return isCommitted && connection === writer;
    if (text.includes('INSERT INTO `_ingestor_batches`') && ++batches === nth) writer = connection;
    if (connection === writer && text.endsWith('COMMIT')) isCommitted = true;
    return false;
  });
}

/**
 * Starts to ingest, and stops the process, which stays alive, while rows are staged and between two batches. In the
 * embedded database this needs so many batches that the process can be stopped before the last one.
 */
export async function stopWhileStaging(
  world: World,
  config: string,
  table: string,
  env: Env,
  more: readonly string[] = [],
): Promise<Running> {
  const start = (changes: Env = {}) => world.start(['ingest', '-c', config, ...more], { ...env, ...changes });
  const run = await (env.MYSQL_HOST ? stopOnServer(world, start) : stopInFile(world, table, start()));
  stopped.add(run);
  void run.ended.finally(() => stopped.delete(run));
  return run;
}

async function stopOnServer(world: World, start: (changes: Env) => Running): Promise<Running> {
  const proxy = await startTcpProxy(world.mariaDb);
  const held = holdAfterBatch(proxy);
  const run = start({ MYSQL_PORT: String(proxy.port) });
  void run.ended.finally(() => proxy.stop());
  await until(run, () => held.reached);
  run.kill('SIGSTOP');
  held.release();
  return run;
}

async function stopInFile(world: World, table: string, run: Running): Promise<Running> {
  await until(run, () => stagedOf(world, table) > 0);
  run.kill('SIGSTOP');
  // On a busy machine a process may not run at all within a millisecond.
  for (let pause = 1; await isWriting(world, run); pause = Math.min(2 * pause, MOST_PAUSE)) {
    run.kill('SIGCONT');
    await sleep(pause);
    run.kill('SIGSTOP');
  }
  return run;
}

/** Returns how many records the table's run has staged, as the ledger in the embedded database says. */
function stagedOf(world: World, table: string): number {
  const database = world.openEmbedded();
  const row = database.prepare('SELECT staged FROM _ingestor_runs WHERE table_name = ?').get(table);
  database.close();
  return Number(row?.staged ?? 0);
}

/** Returns whether the stopped process has the embedded database locked, as it has while it writes a batch. */
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
