import type { Connection } from 'mysql2/promise';
import type { TableLock } from '../database/types.js';
import { rowOf } from './connection/driver.js';
import { breakIfSilent, socketOf } from './connection/socket.js';

/** The number of pings in the time after which each side closes a silent connection. */
const PINGS = 6;

/**
 * Takes the named lock on this connection, which is used for nothing else and closes with this process. If somebody else
 * has the lock, it closes the connection and returns undefined. The lock is lost when the connection breaks, and when the
 * server is silent for its own `wait_timeout`. If a release takes longer than `releaseMs`, the connection is closed, which
 * releases the lock too.
 */
export async function takeLock(
  connection: Connection,
  name: string,
  releaseMs: number,
): Promise<TableLock | undefined> {
  const lost = new AbortController();
  connection.on('error', () => lost.abort());
  let timeoutMs: number;
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
    timeoutMs = Number(patience) * 1000;
  } catch (error) {
    connection.destroy();
    throw error;
  }
  breakIfSilent(socketOf(connection), timeoutMs);
  const pings = setInterval(() => {
    connection.ping().catch(() => lost.abort());
  }, timeoutMs / PINGS).unref();
  return {
    lost: lost.signal,
    async release() {
      clearInterval(pings);
      breakIfSilent(socketOf(connection), releaseMs);
      // A broken connection has released the lock already.
      await connection.query('DO RELEASE_LOCK(?)', [name]).catch(() => undefined);
      await connection.end().catch(() => undefined);
    },
  };
}
