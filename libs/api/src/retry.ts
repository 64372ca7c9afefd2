import { setTimeout as wait } from 'node:timers/promises';
import { InterruptedError, type IngestorError } from '@tracebloc/ingestor-core';

export interface RetryPolicy {
  /** The most attempts, the first included. */
  attempts: number;
  /** No attempt starts later than this after the first one, even if the server asks for a longer wait. */
  budgetMs: number;
  /** The wait after the first failure. It doubles with each further failure, and chance shortens it by up to a half. */
  baseDelayMs: number;
  /** The longest wait between two attempts, unless the server asks for a longer one. */
  maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 12, budgetMs: 120_000, baseDelayMs: 500, maxDelayMs: 20_000 };

/** Time and chance, which tests replace. */
export interface Clock {
  /** Returns the milliseconds since 1970. */
  now(): number;
  /** Returns a number from 0 up to, but not including, 1. */
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

/** The outcome of an attempt: a value, or a transient failure. An attempt throws for a permanent failure. */
export type Attempt<T> =
  | { value: T }
  | {
      /** Makes the error that is thrown if no further attempt is made. */
      toError: (failures: Failures) => IngestorError;
      /** A few words for the user, without secrets. */
      reason: string;
      /** The wait that the server asks for with `Retry-After`. */
      retryAfterMs?: number;
    };

export interface RetryNotice {
  reason: string;
  /** The attempts so far. */
  attempts: number;
  /** The wait before the next attempt. */
  delayMs: number;
}

/** Returns the milliseconds that a `Retry-After` header asks for; it contains seconds or an HTTP date. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // A date contains letters. Without this check `Date.parse` would accept "-5" or "1.5" as a year or a day.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Returns the wait before the next attempt, or `undefined` if no attempt remains. `random` is from 0 up to 1. */
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

/**
 * Repeats an attempt while it fails transiently and the policy allows it. Throws the error of the last failure, what the
 * attempt throws, or an `InterruptedError` if the signal aborts before there is a value.
 */
export async function retryTransient<T>(
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
    if (signal.aborted) throw new InterruptedError();
    const failures = { attempts, elapsedMs: clock.now() - start };
    const delayMs = nextDelay(policy, failures, outcome.retryAfterMs, clock.random());
    if (delayMs === undefined) throw outcome.toError(failures);
    onRetry?.({ reason: outcome.reason, attempts, delayMs });
    await clock.sleep(delayMs, signal).catch((error: unknown) => {
      throw signal.aborted ? new InterruptedError() : error;
    });
  }
}
