import { IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_RETRY, nextDelay, parseRetryAfter, retryTransient, type Attempt, type Clock } from './retry.js';

const { signal } = new AbortController();

/** A clock whose time passes only during a sleep. */
function fakeClock(random = 0): Clock & { slept: number[] } {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => random,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

/** Fails once for each argument and then succeeds. */
function failing(...retryAfterMs: (number | undefined)[]): () => Promise<Attempt<string>> {
  return async () =>
    retryAfterMs.length === 0
      ? { value: 'done' }
      : {
          toError: ({ attempts, elapsedMs }) =>
            new IngestorError({ code: 'gave-up', message: `${attempts} in ${elapsedMs}`, fix: 'none' }),
          reason: 'HTTP 503',
          retryAfterMs: retryAfterMs.shift(),
        };
}
const forever = () => failing(...Array<undefined>(1000).fill(undefined));

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  test.each([
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j asks for %j ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

describe('nextDelay', () => {
  const policy = { attempts: 10, budgetMs: 60_000, baseDelayMs: 1000, maxDelayMs: 8000 };
  const after = (attempts: number, elapsedMs = 0) => ({ attempts, elapsedMs });

  test('doubles up to the longest delay', () => {
    expect([1, 2, 3, 4, 5, 6].map((n) => nextDelay(policy, after(n), undefined, 0))).toEqual([
      1000, 2000, 4000, 8000, 8000, 8000,
    ]);
  });

  test('is shortened at random by at most a half', () => {
    expect(nextDelay(policy, after(2), undefined, 0.5)).toBe(1500);
    expect(nextDelay(policy, after(2), undefined, 0.999)).toBeCloseTo(1001);
  });

  test('is never shorter than the wait that the server asks for, even beyond the longest delay', () => {
    expect(nextDelay(policy, after(1), 30_000, 0.9)).toBe(30_000);
    expect(nextDelay(policy, after(1), 0, 0)).toBe(1000);
  });

  test('is undefined after the last attempt and beyond the budget', () => {
    expect(nextDelay(policy, after(9), undefined, 0)).toBe(8000);
    expect(nextDelay(policy, after(10), undefined, 0)).toBeUndefined();
    expect(nextDelay(policy, after(1, 59_000), undefined, 0)).toBe(1000);
    expect(nextDelay(policy, after(1, 59_001), undefined, 0)).toBeUndefined();
    expect(nextDelay(policy, after(1), 60_001, 0)).toBeUndefined();
  });
});

describe('retryTransient', () => {
  test('repeats until there is a value, and reports each wait', async () => {
    const clock = fakeClock();
    const notices: unknown[] = [];
    const value = await retryTransient(
      failing(undefined, 3000),
      DEFAULT_RETRY,
      signal,
      (notice) => notices.push(notice),
      clock,
    );
    expect(value).toBe('done');
    expect(clock.slept).toEqual([500, 3000]);
    expect(notices).toEqual([
      { reason: 'HTTP 503', attempts: 1, delayMs: 500 },
      { reason: 'HTTP 503', attempts: 2, delayMs: 3000 },
    ]);
  });

  test('by default fails within two minutes, with the error of the last failure', async () => {
    const clock = fakeClock();
    await expect(retryTransient(forever(), DEFAULT_RETRY, signal, undefined, clock)).rejects.toMatchObject({
      code: 'gave-up',
      message: '11 in 111500',
    });
    expect(clock.slept).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000, 20_000]);
  });

  test('outlasts a backend that fails for a minute, within a budget of two minutes', async () => {
    const clock = fakeClock();
    const well = clock.now() + 60_000;
    const attempt = () => (clock.now() < well ? forever()() : Promise.resolve({ value: 'done' }));
    const value = await retryTransient(attempt, { ...DEFAULT_RETRY, attempts: Infinity }, signal, undefined, clock);
    expect(value).toBe('done');
    expect(clock.now()).toBeGreaterThanOrEqual(well);
    expect(clock.now()).toBeLessThan(well + 20_000);
  });

  test('does not wait if the server asks for more than the budget', async () => {
    const clock = fakeClock();
    await expect(retryTransient(failing(3_600_000), DEFAULT_RETRY, signal, undefined, clock)).rejects.toThrow('1 in 0');
    expect(clock.slept).toEqual([]);
  });

  test('rejects with an InterruptedError when the signal aborts during a wait', async () => {
    const controller = new AbortController();
    const patient = { ...DEFAULT_RETRY, baseDelayMs: 60_000, maxDelayMs: 60_000 };
    const run = retryTransient(forever(), patient, controller.signal, () => controller.abort());
    await expect(run).rejects.toThrow(InterruptedError);
  });

  test('rejects with an InterruptedError when the signal aborts during the last attempt that the policy allows', async () => {
    const controller = new AbortController();
    const attempt = () => {
      controller.abort();
      return forever()();
    };
    const run = retryTransient(attempt, { ...DEFAULT_RETRY, attempts: 1 }, controller.signal);
    await expect(run).rejects.toThrow(InterruptedError);
  });

  test('passes an error that the attempt throws on unchanged, without a further attempt', async () => {
    const bug = new Error('a bug');
    await expect(retryTransient(() => Promise.reject(bug), DEFAULT_RETRY, signal)).rejects.toBe(bug);
  });
});
