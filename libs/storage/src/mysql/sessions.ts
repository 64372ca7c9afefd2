import type { Connection, RowDataPacket } from 'mysql2/promise';
import { digest } from '../names.js';
import { socketOf } from './socket.js';

/** Sessions of one process that can be told apart: far more than it opens at once. */
const MOST = 64;

/**
 * The sessions of one process at the server. Each holds a lock whose name follows from the process and a number, so that
 * another process finds those that the server still has: what was sent on them may be carried out long after the process
 * is gone.
 */
export class Sessions {
  readonly #numbers = new Set<number>();

  constructor(private readonly instance: string) {}

  /** Counts the connection in, for as long as the server has it. */
  async mark(connection: Connection): Promise<void> {
    for (let number = 0; number < MOST; number++) {
      if (this.#numbers.has(number)) continue;
      this.#numbers.add(number);
      socketOf(connection).once('close', () => this.#numbers.delete(number));
      const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, 0) AS taken', [
        markOf(this.instance, number),
      ]);
      // The server may still have an earlier connection of the number, which this end has given up.
      if (Number(rows[0]!.taken) === 1) return;
    }
    throw new Error(`The server still has ${MOST} connections of this process.`);
  }
}

/** A query of one row, whose cells are the connection ids of the process's sessions, or NULL. */
export function sessionsQuery(instance: string): string {
  const marks = Array.from(
    { length: MOST },
    (_, number) => `IS_USED_LOCK('${markOf(instance, number)}') AS s${number}`,
  );
  return `SELECT ${marks.join(', ')}`;
}

function markOf(instance: string, number: number): string {
  return `ingestor:${digest(instance)}:${number}`;
}
