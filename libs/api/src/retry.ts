import { setTimeout as wait } from 'node:timers/promises';
import { InterruptedError, type IngestorError } from '@tracebloc/ingestor-core';

export interface RetryPolicy {
  /** Attempts in all. */
  attempts: number;
  /** No attempt starts later than this after the first. A server that asks for more patience is not waited for. */
  budgetMs: number;
  /** Wait after the first failure; doubles with each further one, and is shortened at random by up to a half. */
  baseDelayMs: number;
  /** The longest wait between two attempts, unless the server asks for more. */
  maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 12, budgetMs: 120_000, baseDelayMs: 500, maxDelayMs: 20_000 };

/** Time and chance, so that tests can do without either. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** 0 up to, not including, 1. */
  random(): number;
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
};

export interface Failures {
  attempts: number;
  elapsedMs: number;
}

/** How an attempt went. `failed` makes the error that is thrown if no further attempt is allowed. */
export type Attempt<T> =
  | { value: T }
  | {
      failed: (failures: Failures) => IngestorError;
      /** In a few words and without secrets, for whoever watches. */
      reason: string;
      /** The server's `Retry-After`, in milliseconds. */
      retryAfterMs?: number;
    };

export interface RetryNotice {
  reason: string;
  /** Attempts so far. */
  attempts: number;
  /** Wait before the next one. */
  delayMs: number;
}

/** Milliseconds that a `Retry-After` header asks for: it holds seconds or an HTTP date. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // A date has letters; without this check `Date.parse` would take "-5" or "1.5" for a year or a day.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The wait before the next attempt, or nothing when there is to be none. `random` is 0 up to 1. */
export function nextDelay(
  policy: RetryPolicy,
  { attempts, elapsedMs }: Failures,
  retryAfterMs: number | undefined,
  random: number,
): number | undefined {
  if (attempts >= policy.attempts) return undefined;
  const backoff = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempts - 1)) * (1 - random / 2);
  const delay = Math.max(backoff, retryAfterMs ?? 0);
  return elapsedMs + delay > policy.budgetMs ? undefined : delay;
}

/** Repeats the attempt until it gives a value, or throws what the last one made of its failure. */
export async function withRetries<T>(
  attempt: () => Promise<Attempt<T>>,
  policy: RetryPolicy,
  signal: AbortSignal,
  onRetry?: (notice: RetryNotice) => void,
  clock: Clock = systemClock,
): Promise<T> {
  const start = clock.now();
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt();
    if ('value' in outcome) return outcome.value;
    const failures = { attempts, elapsedMs: clock.now() - start };
    const delayMs = nextDelay(policy, failures, outcome.retryAfterMs, clock.random());
    if (delayMs === undefined) throw outcome.failed(failures);
    if (signal.aborted) throw new InterruptedError();
    onRetry?.({ reason: outcome.reason, attempts, delayMs });
    await clock.sleep(delayMs, signal).catch((error: unknown) => {
      throw signal.aborted ? new InterruptedError() : error;
    });
  }
}
