import { setImmediate } from 'node:timers/promises';

/** Milliseconds that a loop may keep timers and signals waiting. */
const LONGEST = 100;

/** Lets signals and timers in from a loop whose length the input decides: `if (pause.isDue) await pause.take();`. */
export class Pause {
  #since = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#since > LONGEST;
  }

  async take(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
