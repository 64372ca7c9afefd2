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
  const large = input(4 * size);
  let most = await processorTime(() => work(large));
  // In this case the smaller input cannot change the result.
  if (most <= MAX_GROWTH * FLOOR_MS) return;
  const small = input(size);
  const seen: string[] = [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    let least = Infinity;
    for (let run = 0; run < MEASUREMENTS; run++) least = Math.min(least, await processorTime(() => work(small)));
    least = Math.max(least, FLOOR_MS);
    for (let run = 0; run < MEASUREMENTS && most > MAX_GROWTH * least; run++) {
      most = Math.min(most, await processorTime(() => work(large)));
    }
    if (most <= MAX_GROWTH * least) return;
    seen.push(`${Math.round(least)} ms became ${Math.round(most)} ms`);
  }
  throw new Error(`The time grows faster than its input: for 4 times as much, ${seen.join(', ')}.`);
}

/** Returns the milliseconds of processor time that this process needs for the work. */
async function processorTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
