/** The ratio of the processor times for four times the input and for the input. It is 4 if linear and 16 if quadratic. */
const MAX_GROWTH = 8;
/** Shorter times count as this one, since compilation and garbage collection dominate them. */
const FLOOR_MS = 20;
/** Other work on the machine makes a measurement longer and never shorter, so the shortest one counts. */
const MEASUREMENTS = 3;
const TRIES = 3;

export interface Growth<T> {
  /** A size for which quadratic work would need a second or more. */
  size: number;
  /** Makes the input of a size. Its time does not count. */
  input: (size: number) => T;
  work: (input: T) => unknown;
}

/**
 * Throws if the processor time of `work` grows much faster than its input. It measures the time of this process several
 * times, so that a busy machine does not matter.
 */
export async function expectLinear<T>({ size, input, work }: Growth<T>): Promise<void> {
  const [small, large] = [input(size), input(4 * size)];
  const seen: string[] = [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const least = Math.max(FLOOR_MS, await leastTime(() => work(small)));
    const most = await leastTime(() => work(large), MAX_GROWTH * least);
    if (most <= MAX_GROWTH * least) return;
    seen.push(`${Math.round(least)} ms became ${Math.round(most)} ms`);
  }
  throw new Error(`The time grows faster than its input: for 4 times as much, ${seen.join(', ')}.`);
}

/** Returns the milliseconds of the fastest of several runs. It stops after a run within `enough`. */
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
