import { expect, it } from '@jest/globals';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { ShardLockedError, TableLockedError } from '@tracebloc/ingestor-storage';
import { silentObserver } from '../observer.js';
import { retryWhileLocked } from './retry-while-locked.js';

/** Returns an attempt that throws these errors in turn and then returns `done`, and what a run needs to wait for it. */
function waiting(errors: readonly Error[], wait = true) {
  const warnings: string[] = [];
  const controller = new AbortController();
  const observer = { ...silentObserver, warn: (text: string) => void warnings.push(text) };
  const left = [...errors];
  const attempt = async () => {
    const error = left.shift();
    if (error) throw error;
    return 'done';
  };
  return {
    warnings,
    controller,
    left,
    result: () => retryWhileLocked({ wait, signal: controller.signal, observer }, attempt),
  };
}

const table = () => new TableLockedError('t', null);

it('a run that waits repeats the attempt until the lock is free, and says only once who has it', async () => {
  const { warnings, result } = waiting([table(), table(), table()]);
  expect(await result()).toBe('done');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^The table "t" is being ingested by .* Waiting until it is free\.$/);
});

it('a run that waits says when another process has the lock, also that of a shard', async () => {
  const { warnings, result } = waiting([table(), new ShardLockedError('t', 3, null)]);
  expect(await result()).toBe('done');
  expect(warnings).toEqual([expect.stringMatching('table "t"'), expect.stringMatching(/[Ss]hard 3/)]);
});

it('a run that does not wait throws the error of the lock, and every run throws other errors', async () => {
  const other = new Error('other');
  await expect(waiting([table()], false).result()).rejects.toBeInstanceOf(TableLockedError);
  await expect(waiting([other]).result()).rejects.toBe(other);
});

it('an abort ends the wait, and no attempt follows', async () => {
  const { controller, left, result } = waiting([table(), table()]);
  const ended = result();
  controller.abort();
  await expect(ended).rejects.toBeInstanceOf(InterruptedError);
  expect(left).toHaveLength(1);
});
