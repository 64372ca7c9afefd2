import type { Connection } from 'mysql2/promise';
import type { TableLock } from '../database/types.js';
import { rowOf } from './connection/driver.js';
import { breakIfSilent, socketOf } from './connection/socket.js';

/** Milliseconds that the server has to take the lock back before the connection is broken off, which frees it as well. */
const RELEASE_MS = 5000;

/** Pings in the time after which either end takes the other's silence for its death. */
const PINGS = 6;

/**
 * Takes the named lock on a connection of its own, which closes with this process, and with it the lock. Returns nothing,
 * with the connection closed, when somebody else has it. The lock is lost when the connection breaks, and when the server
 * does not answer for as long as it would bear with a silent client.
 */
export async function takeLock(connection: Connection, name: string): Promise<TableLock | undefined> {
  const lost = new AbortController();
  connection.on('error', () => lost.abort());
  let patienceMs: number;
  try {
    const sql = 'SELECT GET_LOCK(?, 0) AS taken, @@wait_timeout AS patience';
    const { taken, patience } = await rowOf<{ taken: number | string | null; patience: number | string }>(
      connection,
      sql,
      [name],
    );
    if (Number(taken) !== 1) {
      connection.destroy();
      return undefined;
    }
    patienceMs = Number(patience) * 1000;
  } catch (error) {
    connection.destroy();
    throw error;
  }
  breakIfSilent(socketOf(connection), patienceMs);
  const pings = setInterval(() => {
    connection.ping().catch(() => lost.abort());
  }, patienceMs / PINGS).unref();
  return {
    lost: lost.signal,
    async release() {
      clearInterval(pings);
      breakIfSilent(socketOf(connection), RELEASE_MS);
      // A connection that is broken has released the lock already.
      await connection.query('DO RELEASE_LOCK(?)', [name]).catch(() => undefined);
      await connection.end().catch(() => undefined);
    },
  };
}
