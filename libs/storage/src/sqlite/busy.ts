import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { isBusy } from './errors.js';

/** Milliseconds that a statement waits for another process's transaction. */
const BUSY_MS = 30_000;
/** Milliseconds that it waits once this process is told to stop: a short transaction's end is awaited still. */
const STOP_MS = 500;
/** Milliseconds between two attempts, at most. */
const PAUSE_MS = 20;

/**
 * Makes the attempt until no other process has the database locked, for half a minute at most. SQLite's own waiting would
 * keep everything else in this process waiting too. Throws `InterruptedError` soon after the signal aborts.
 */
export async function retryWhileLocked<T>(attempt: () => T, signal?: AbortSignal): Promise<T> {
  const started = performance.now();
  let told: number | undefined;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const now = performance.now();
      if (signal?.aborted) told ??= now;
      if (told !== undefined && now - told > STOP_MS) throw new InterruptedError();
      if (now - started > BUSY_MS) throw error;
    }
    // Of many processes that wait none is always the last to ask.
    await sleep(1 + Math.random() * PAUSE_MS);
  }
}
