import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { TableLock } from '../types.js';

/** Seconds without a sign of life after which the server lets go of the lock, as when the holder's machine is gone. */
const SILENCE_S = 120;
const PING_MS = 20_000;

/**
 * Takes the named lock on a connection of its own, which closes with this process, and with it the lock. Returns nothing,
 * with the connection closed, when somebody else has it.
 */
export async function takeLock(connection: Connection, name: string): Promise<TableLock | undefined> {
  const lost = new AbortController();
  connection.on('error', () => lost.abort());
  try {
    await connection.query(`SET SESSION wait_timeout = ${SILENCE_S}`);
    const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, 0) AS taken', [name]);
    if (Number(rows[0]!.taken) !== 1) {
      connection.destroy();
      return undefined;
    }
  } catch (error) {
    connection.destroy();
    throw error;
  }
  const pings = setInterval(() => {
    connection.ping().catch(() => lost.abort());
  }, PING_MS).unref();
  return {
    lost: lost.signal,
    async release() {
      clearInterval(pings);
      // A connection that is broken has released the lock already.
      await connection.query('DO RELEASE_LOCK(?)', [name]).catch(() => undefined);
      await connection.end().catch(() => undefined);
    },
  };
}
