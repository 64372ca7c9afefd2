import { setTimeout as sleep } from 'node:timers/promises';
import { guardWith, type Guard } from '../../errors/guard.js';
import { isConflict, isLost, statementError, type Target } from './statement-error.js';

const ATTEMPTS = 5;
/** The longest pause in milliseconds before the second attempt. It doubles with each further attempt. */
const FIRST_PAUSE = 100;

/**
 * Returns a guard for operations that may be repeated: one statement, or one whole transaction. An operation is repeated a
 * few times when the server rolls it back because of a deadlock or of another session's lock. `onLost` is called when the
 * connection breaks, because the server may still execute what was sent.
 */
export function guardMysql(target: Target, onLost?: () => void): Guard {
  const guard = guardWith((error) => {
    if (isLost(error)) onLost?.();
    return statementError(error, target);
  });
  return (operation) => guard(() => retryOnConflict(operation));
}

async function retryOnConflict<T>(operation: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error;
    }
    // The pause is random, so that two sessions do not collide again.
    await sleep(Math.random() * FIRST_PAUSE * 2 ** (attempt - 1));
  }
}
