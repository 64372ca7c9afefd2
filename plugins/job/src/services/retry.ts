import { setTimeout as sleep } from 'node:timers/promises';
import { printableLine } from '@tracebloc/ingestor-core';
import { TransientError } from '../errors.js';

interface RetryOptions {
  /** Milliseconds between two tries. */
  interval: number;
  /** Milliseconds after which the error is thrown. */
  within: number;
  signal?: AbortSignal;
  /** Is called once, before the second try. */
  onRetry?: (error: TransientError) => void;
}

/** Repeats a call that fails with a `TransientError`. Throws that error when the time is over or the signal is aborted. */
export async function retryTransient<T>(
  work: () => Promise<T>,
  { interval, within, signal, onRetry }: RetryOptions,
): Promise<T> {
  const until = performance.now() + within;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError) || signal?.aborted || performance.now() >= until) throw error;
      if (isFirst) onRetry?.(error);
    }
    await sleep(interval, undefined, { signal });
  }
}

/** Milliseconds that an outage may last. */
const OUTAGE = 120_000;

export type Retry = <T>(work: () => Promise<T>) => Promise<T>;

/** Returns a `retryTransient` of two minutes that reports an outage once, however many calls fail during it. */
export function retryDuringOutages(tell: (text: string) => void, signal: AbortSignal, interval: number): Retry {
  let failing = 0;
  return async (work) => {
    let failures = 0;
    const onRetry = ({ message }: TransientError) => {
      failures = 1;
      if (failing++ === 0) tell(printableLine(`${message} The Job goes on; trying again.`));
    };
    try {
      return await retryTransient(work, { interval, within: OUTAGE, signal, onRetry });
    } finally {
      failing -= failures;
    }
  };
}
