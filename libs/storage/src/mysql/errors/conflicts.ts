import { setTimeout as sleep } from 'node:timers/promises';
import { guardWith, type Guard } from '../../errors/guard.js';
import { isConflict, isLost, statementError, type Target } from './statement-error.js';

const ATTEMPTS = 5;
/** Milliseconds, at most, before the second attempt; twice as many before each further one. */
const FIRST_PAUSE = 100;

/**
 * Runs operations of which each may be done again: one statement, or one transaction from its start. What the server undoes
 * in a deadlock, or since it waited too long for another session's lock, is done again a few times. `onLost` is told where
 * the server may still carry out what an operation has sent, though nobody waits for its answer.
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
    // At random, so that two that met do not meet again.
    await sleep(Math.random() * FIRST_PAUSE * 2 ** (attempt - 1));
  }
}
