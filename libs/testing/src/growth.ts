/** Processor time for four times the input, over that for the input: 4 where it is linear, 16 where it is quadratic. */
const MOST_GROWTH = 8;
/** Milliseconds as which shorter ones count, since they tell of compiling and of the garbage of others. */
const FLOOR_MS = 20;
/** Other work of the machine makes single measurements longer, never shorter. */
const MEASUREMENTS = 3;
const TRIES = 3;

export interface Growth<T> {
  /** A size at which work that grows with the square would take a second or more. */
  size: number;
  /** Makes the input of a size; its time does not count. */
  input: (size: number) => T;
  work: (input: T) => unknown;
}

/**
 * Throws where the processor time of `work` grows much faster than its input. Measures the process's own time, several
 * times, so that a busy machine does not matter.
 */
export async function expectLinear<T>({ size, input, work }: Growth<T>): Promise<void> {
  const [small, large] = [input(size), input(4 * size)];
  const seen: string[] = [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const least = Math.max(FLOOR_MS, await leastTime(() => work(small)));
    const most = await leastTime(() => work(large), MOST_GROWTH * least);
    if (most <= MOST_GROWTH * least) return;
    seen.push(`${Math.round(least)} ms became ${Math.round(most)} ms`);
  }
  throw new Error(`The time grows faster than its input: for 4 times as much, ${seen.join(', ')}.`);
}

/** Milliseconds of the fastest of several runs; no more of them once one was fast enough. */
async function leastTime(work: () => unknown, enough = 0): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < MEASUREMENTS && least > enough; run++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
