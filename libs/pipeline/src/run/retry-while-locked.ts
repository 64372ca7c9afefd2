import { setTimeout as sleep } from 'node:timers/promises';
import { IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import type { RunObserver } from '../observer.js';

/** An attempt opens a connection to the server, so not too often. */
const POLL_MS = 500;
const TAKEN: readonly string[] = ['table-locked', 'shard-locked'];

/**
 * Makes the attempt; where a lock that it needs is taken and `wait` is set, says who holds it and tries again until it is
 * free. Throws `InterruptedError` when the signal aborts meanwhile.
 */
export async function retryWhileLocked<T>(
  { wait = false, signal, observer }: { wait?: boolean; signal: AbortSignal; observer: RunObserver },
  attempt: () => Promise<T>,
): Promise<T> {
  let told = '';
  for (;;) {
    if (signal.aborted) throw new InterruptedError();
    try {
      return await attempt();
    } catch (error) {
      if (!wait || !(error instanceof IngestorError) || !TAKEN.includes(error.code)) throw error;
      if (error.message !== told) observer.warn(`${error.message} Waiting until that has ended.`);
      told = error.message;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
