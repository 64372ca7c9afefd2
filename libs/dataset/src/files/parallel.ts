import { availableParallelism } from 'node:os';
import { pMapIterable } from 'p-map';

/**
 * The number of files that are processed at the same time: two for each core that this process may use, so that the cores
 * are busy while other files are still being read from the volume.
 */
export const FILE_CONCURRENCY = 2 * availableParallelism();

/** The number of finished results that may wait for an earlier one. */
const WAITING = FILE_CONCURRENCY;

/**
 * Processes several items at the same time, and yields the results in the order of the items. The number of items in
 * memory is bounded. Throws the first failure.
 */
export function mapOrdered<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T) => Promise<R>,
): AsyncIterable<R> {
  return pMapIterable(items, work, {
    concurrency: FILE_CONCURRENCY,
    backpressure: FILE_CONCURRENCY + WAITING,
  }) as AsyncIterable<R>;
}
