import { setImmediate } from 'node:timers/promises';

/** The longest time, in milliseconds, for which a loop may keep timers and signals waiting. */
const LONGEST = 100;

/** Lets timers and signals run during a loop whose length depends on the input: `if (pause.isDue) await pause.take();`. */
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
