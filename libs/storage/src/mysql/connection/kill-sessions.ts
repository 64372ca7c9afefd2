import { setTimeout as sleep } from 'node:timers/promises';
import { QueryTypes, type Sequelize } from 'sequelize';
import { isKillDenied } from '../errors/statement-error.js';
import { markOf, MOST_SESSIONS } from './sessions.js';

/** The longest time in milliseconds that the server may need to roll back the batch of a process that has ended. */
const ROLLBACK_MS = 30_000;
const POLL_MS = 50;

/** See `LockMeans.killSessions`. */
export async function killSessions(sequelize: Sequelize, instance: string): Promise<boolean> {
  const marks = Array.from(
    { length: MOST_SESSIONS },
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
