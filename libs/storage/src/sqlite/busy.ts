import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { isBusy } from './errors.js';

/** The longest time in milliseconds that a statement waits for another process's transaction. */
const BUSY_MS = 30_000;
/** The longest time in milliseconds that it waits after the signal aborts: a short transaction may still end. */
const STOP_MS = 500;
/** The longest time in milliseconds between two attempts. */
const PAUSE_MS = 20;

/**
 * Repeats the attempt while another process has locked the database, for half a minute at most. SQLite's own wait would
 * block everything else in this process. Throws `InterruptedError` soon after the signal aborts.
 */
export async function retryWhileLocked<T>(attempt: () => T, signal?: AbortSignal): Promise<T> {
  const started = performance.now();
  let stoppedAt: number | undefined;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const now = performance.now();
      if (signal?.aborted) stoppedAt ??= now;
      if (stoppedAt !== undefined && now - stoppedAt > STOP_MS) throw new InterruptedError();
      if (now - started > BUSY_MS) throw error;
    }
    // The pause is random, so that no waiting process is always the last to try.
    await sleep(1 + Math.random() * PAUSE_MS);
  }
}
