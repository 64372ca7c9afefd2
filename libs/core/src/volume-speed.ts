import { readFileSync } from 'node:fs';

/** The files of a round, after which their mean time decides. */
const ROUND = 64;
/** If the calls for a file wait longer for the volume in the mean, in milliseconds, it is slow. */
const SLOW_MS = 0.5;
/** The files of a slow volume that pass before it is tried again. */
const PASSED = 2048;

/**
 * Decides whether the small files of a volume are read and written by synchronous calls. An asynchronous call costs ten times
 * the processor time of the call itself. But it lets several files be on their way together, which a slow volume needs.
 */
export class VolumeSpeed {
  #files = 0;
  #spent = 0;
  /** The milliseconds in which the thread could not have waited for the volume, when the round began. */
  #busy = 0;
  #toPass = 0;

  /** Runs the synchronous calls for one file. Does nothing, and returns `undefined`, if the volume is slow. */
  run<T>(calls: () => T): T | undefined {
    if (this.#toPass > 0) {
      this.#toPass--;
      return undefined;
    }
    if (this.#files === 0) this.#begin();
    const started = performance.now();
    try {
      return calls();
    } finally {
      this.#spent += performance.now() - started;
      this.#files++;
      // A slow volume is known before all files of a round have passed.
      if (this.#files === ROUND || this.#spent > ROUND * SLOW_MS) this.#end();
    }
  }

  #begin(): void {
    this.#spent = 0;
    this.#busy = busyMs();
  }

  #end(): void {
    if (this.#spent > ROUND * SLOW_MS) {
      const waited = this.#spent - (busyMs() - this.#busy);
      if (waited > ROUND * SLOW_MS) this.#toPass = PASSED;
    }
    this.#files = 0;
  }
}

/**
 * Returns the milliseconds for which this thread has run, or has waited for a processor: other processes do not make a volume
 * slow. Returns 0 on systems that do not tell.
 */
function busyMs(): number {
  try {
    const [ran = 0, waited = 0] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ').map(Number);
    return (ran + waited) / 1e6;
  } catch {
    return 0;
  }
}
