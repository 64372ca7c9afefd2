import { setTimeout as sleep } from 'node:timers/promises';
import { printableLine } from '@tracebloc/ingestor-core';
import { isPassing } from './kube-error.js';

/** Milliseconds between two tries. */
const INTERVAL = 1000;
/** For how long an API server that was there may be away, in milliseconds. */
const PATIENCE = 120_000;

/** Repeats what an API server that is away for a moment lets fail; `tell` hears of that once, however much it is. */
export class Patience {
  #failing = 0;

  constructor(
    private readonly tell: (text: string) => void,
    private readonly signal: AbortSignal,
  ) {}

  async repeat<T>(work: () => Promise<T>): Promise<T> {
    const until = performance.now() + PATIENCE;
    let failing = false;
    try {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!isPassing(error) || this.signal.aborted || performance.now() >= until) throw error;
          if (!failing && this.#failing++ === 0)
            this.tell(printableLine(`${(error as Error).message} The Job goes on; trying again.`));
          failing = true;
        }
        await sleep(INTERVAL, undefined, { signal: this.signal });
      }
    } finally {
      if (failing) this.#failing--;
    }
  }
}
