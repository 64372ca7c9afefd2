import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { QueryTypes, type Sequelize } from 'sequelize';
import { digest } from '../../tables/names.js';
import { rowOf } from './driver.js';
import { isKillDenied } from '../errors/statement-error.js';

/**
 * The sessions of one process at the server each hold a lock whose name follows from the process and a number, so that
 * another process finds those that the server still has: what was sent on them may be carried out long after the process
 * is gone. This is how many can be told apart, far more than it opens at once.
 */
const MOST = 64;

/** For how long the server may take to undo what a process that is gone has under way: a batch at most. */
const PATIENCE_MS = 30_000;
const POLL_MS = 50;

/** Counts the connection among the process's sessions, for as long as the server has it; `first` is the number tried first. */
export async function markSession(connection: Connection, instance: string, first: number): Promise<void> {
  for (let number = first; number < first + MOST; number++) {
    const mark = [markOf(instance, number % MOST)];
    const { taken } = await rowOf<{ taken: number | string | null }>(
      connection,
      'SELECT GET_LOCK(?, 0) AS taken',
      mark,
    );
    // Another connection has the number, or the server still has one that this end has given up.
    if (Number(taken) === 1) return;
  }
  throw new Error(`The server still has ${MOST} connections of this process.`);
}

/** See `LockMeans.killSessions`. */
export async function endSessions(sequelize: Sequelize, instance: string): Promise<boolean> {
  const marks = Array.from(
    { length: MOST },
    (_, number) => `IS_USED_LOCK('${markOf(instance, number)}') AS s${number}`,
  );
  const query = `SELECT ${marks.join(', ')}`;
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const [row] = await sequelize.query<Record<string, number | null>>(query, { type: QueryTypes.SELECT });
    const ids = Object.values(row!).filter((id) => id !== null);
    if (ids.length === 0) return true;
    if (performance.now() > until) return false;
    for (const id of ids) {
      const error = await sequelize.query(`KILL ${id}`).catch((reason: unknown) => reason);
      if (isKillDenied(error)) return false;
    }
    await sleep(POLL_MS);
  }
}

function markOf(instance: string, number: number): string {
  return `ingestor:${digest(instance)}:${number}`;
}
