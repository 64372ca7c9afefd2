import { setTimeout as sleep } from 'node:timers/promises';
import { QueryTypes, type Sequelize } from 'sequelize';
import { isKillDenied } from '../errors/statement-error.js';
import { markOf, MOST_SESSIONS } from './sessions.js';

/** The longest time in milliseconds that the server may need to roll back the batch of a process that has ended. */
const ROLLBACK_MS = 30_000;
const POLL_MS = 50;

/** Returns the ids of the sessions that hold these locks of the server, in order, and null for each lock that nobody holds. */
export async function holdersOf(sequelize: Sequelize, names: readonly string[]): Promise<(number | null)[]> {
  const users = names.map((name, index) => `IS_USED_LOCK('${name}') AS s${index}`);
  const query = `SELECT ${users.join(', ')}`;
  const [row] = await sequelize.query<Record<string, number | null>>(query, { type: QueryTypes.SELECT });
  return names.map((_, index) => row![`s${index}`]!);
}

/** See `LockMeans.killSessions`. */
export async function killSessions(sequelize: Sequelize, instance: string): Promise<boolean> {
  const marks = Array.from({ length: MOST_SESSIONS }, (_, number) => markOf(instance, number));
  const until = performance.now() + ROLLBACK_MS;
  for (;;) {
    const ids = (await holdersOf(sequelize, marks)).filter((id) => id !== null);
    if (ids.length === 0) return true;
    if (performance.now() > until) return false;
    for (const id of ids) {
      const error = await sequelize.query(`KILL ${id}`).catch((reason: unknown) => reason);
      if (isKillDenied(error)) return false;
    }
    await sleep(POLL_MS);
  }
}
