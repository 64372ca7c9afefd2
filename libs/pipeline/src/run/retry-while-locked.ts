import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { ShardLockedError, TableLockedError } from '@tracebloc/ingestor-storage';
import type { RunObserver } from '../observer.js';

/** An attempt opens a connection to the server, so it must not be made often. */
const POLL_MS = 500;

/**
 * Makes the attempt. If a lock that it needs is taken and `wait` is set, warns who holds the lock and repeats the attempt
 * until the lock is free. Throws an `InterruptedError` when the signal aborts.
 */
export async function retryWhileLocked<T>(
  { wait = false, signal, observer }: { wait?: boolean; signal: AbortSignal; observer: RunObserver },
  attempt: () => Promise<T>,
): Promise<T> {
  let shown = '';
  for (;;) {
    if (signal.aborted) throw new InterruptedError();
    try {
      return await attempt();
    } catch (error) {
      const isLocked = error instanceof TableLockedError || error instanceof ShardLockedError;
      if (!wait || !isLocked) throw error;
      if (error.message !== shown) observer.warn(`${error.message} Waiting until it is free.`);
      shown = error.message;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
