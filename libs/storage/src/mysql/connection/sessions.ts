import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { QueryTypes, type Sequelize } from 'sequelize';
import { digest } from '../../tables/names.js';
import { rowOf } from './driver.js';
import { isKillDenied } from '../errors/statement-error.js';

/**
 * Each session of a process holds a lock at the server, whose name follows from the process and a number. Another process
 * can thereby find the sessions that outlive their process, whose statements the server may still execute. This is the
 * largest number of sessions, far more than a process opens at the same time.
 */
const MOST = 64;

/** The longest time in milliseconds that the server may need to roll back the batch of a process that has ended. */
const ROLLBACK_MS = 30_000;
const POLL_MS = 50;

/** Marks the connection as one of the process's sessions until it closes. `first` is the number that is tried first. */
export async function markSession(connection: Connection, instance: string, first: number): Promise<void> {
  for (let number = first; number < first + MOST; number++) {
    const mark = [markOf(instance, number % MOST)];
    const { taken } = await rowOf<{ taken: number | string | null }>(
      connection,
      'SELECT GET_LOCK(?, 0) AS taken',
      mark,
    );
    // Another connection has the number, perhaps one that this process has closed and the server has not.
    if (Number(taken) === 1) return;
  }
  throw new Error(`The server still has ${MOST} connections of this process.`);
}

/** See `LockMeans.killSessions`. */
export async function killSessions(sequelize: Sequelize, instance: string): Promise<boolean> {
  const marks = Array.from(
    { length: MOST },
    (_, number) => `IS_USED_LOCK('${markOf(instance, number)}') AS s${number}`,
  );
  const query = `SELECT ${marks.join(', ')}`;
  const until = performance.now() + ROLLBACK_MS;
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
