import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MariaDb } from '@tracebloc/ingestor-testing';
import { round, type Command } from './measure.ts';
import { log } from './support.ts';

/** The share of the rows after which the process is killed. */
const SHARE = 0.9;

/**
 * Kills an ingest when 90 % of its rows are committed to the staging table, starts it again, and returns the seconds until the
 * first new row is committed, and until the end. The ledger must exist.
 */
export async function measureResume(server: MariaDb, table: string, rows: number, command: Command): Promise<object> {
  const staged = () => countStaged(server, table);
  const first = start(command);
  while ((await staged()) < rows * SHARE) await pause(first);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const before = await staged();
  if (before >= rows) throw new Error('All rows were staged before the process was killed; take more rows');
  log(`killed after ${before} of ${rows} rows`);

  const started = performance.now();
  const seconds = () => round((performance.now() - started) / 1000);
  const second = start(command);
  const ended = once(second, 'exit');
  while ((await staged()) <= before) await pause(second);
  const firstRow = seconds();
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`The resumed ingest exited with ${code}`);
  return { rows, staged_at_kill: before, first_new_row_s: firstRow, rest_s: seconds() };
}

function start({ command, args, env }: Command): ChildProcess {
  return spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Waits a moment. Throws if the process has ended, because then nothing changes any more. */
async function pause(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`The ingest ended too early, with ${child.exitCode}`);
  await sleep(20);
}

async function countStaged(server: MariaDb, table: string): Promise<number> {
  const ledger = 'training_test_datasets._ingestor';
  const [row] = await server.sql(
    `SELECT COALESCE(SUM(b.records), 0) AS staged FROM ${ledger}_batches b ` +
      `JOIN ${ledger}_runs r ON r.run_id = b.run_id WHERE r.table_name = '${table}'`,
  );
  return Number(row!.staged);
}
