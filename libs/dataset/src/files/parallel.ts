import { availableParallelism } from 'node:os';
import { pMapIterable } from 'p-map';

/**
 * Files that are worked on at once: two for each core that this process may use, so that the cores decode while other
 * files are still on their way from the volume.
 */
export const FILE_CONCURRENCY = 2 * availableParallelism();

/** Results, in order, that may wait for the one before them. */
const WAITING = FILE_CONCURRENCY;

/**
 * Works on the items, several at once, and gives the results in the items' order. Never takes more items than it needs
 * to keep busy, so that what items hold stays bounded. Fails with the first failure.
 */
export function mapOrdered<T, R>(items: AsyncIterable<T>, work: (item: T) => Promise<R>): AsyncIterable<R> {
  return pMapIterable(items, work, {
    concurrency: FILE_CONCURRENCY,
    backpressure: FILE_CONCURRENCY + WAITING,
  }) as AsyncIterable<R>;
}
