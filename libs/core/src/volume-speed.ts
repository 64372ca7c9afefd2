/** The calls whose mean time decides. */
const CALLS = 64;
/** A volume on which a file takes longer in the mean, in milliseconds, is slow. */
const SLOW_MS = 0.5;
/** The files of a slow volume that pass before it is tried again. */
const PASSED = 2048;

/**
 * Decides whether the small files of a volume are read and written by synchronous calls. An asynchronous call costs ten times
 * the processor time of the call itself. But it lets several files be on their way at once, which a slow volume needs.
 */
export class VolumeSpeed {
  #calls = 0;
  #spent = 0;
  #toPass = 0;

  /** Runs the synchronous calls for one file. Does nothing, and returns `undefined`, if the volume is slow. */
  run<T>(calls: () => T): T | undefined {
    if (this.#toPass > 0) {
      this.#toPass--;
      return undefined;
    }
    const started = performance.now();
    try {
      return calls();
    } finally {
      this.#spent += performance.now() - started;
      this.#calls++;
      // A slow volume is known before all calls of a round were made.
      const isSlow = this.#spent > CALLS * SLOW_MS;
      if (isSlow) this.#toPass = PASSED;
      if (isSlow || this.#calls === CALLS) this.#calls = this.#spent = 0;
    }
  }
}
