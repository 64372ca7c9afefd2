import type { Connection } from 'mysql2/promise';
import { digest } from '../../tables/names.js';
import { rowOf } from './driver.js';

/**
 * Each session of a process holds a lock at the server, whose name follows from the process and a number. Another process
 * can thereby find the sessions that outlive their process, whose statements the server may still execute. This is the
 * largest number of sessions, far more than a process opens at the same time.
 */
export const MOST_SESSIONS = 64;

/** Marks the connection as one of the process's sessions until it closes. `first` is the number that is tried first. */
export async function markSession(connection: Connection, instance: string, first: number): Promise<void> {
  for (let number = first; number < first + MOST_SESSIONS; number++) {
    // Another connection may have the number, perhaps one that this process has closed and the server has not.
    if (await tryLock(connection, markOf(instance, number % MOST_SESSIONS))) return;
  }
  throw new Error(`The server still has ${MOST_SESSIONS} connections of this process.`);
}

/** Takes the named lock for as long as the connection is open. Throws if another session has it. */
export async function holdLock(connection: Connection, name: string): Promise<void> {
  if (!(await tryLock(connection, name))) throw new Error('Another session has the lock.');
}

async function tryLock(connection: Connection, name: string): Promise<boolean> {
  const sql = 'SELECT GET_LOCK(?, 0) AS taken';
  const { taken } = await rowOf<{ taken: number | string | null }>(connection, sql, [name]);
  return Number(taken) === 1;
}

/** Returns the name of the lock that marks the process's session of this number. */
export function markOf(instance: string, number: number): string {
  return `ingestor:${digest(instance)}:${number}`;
}
