import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Returns something that a program waits for until the test opens it. */
export function gate(): { opened: Promise<unknown>; open: () => void } {
  const opener = new AbortController();
  return { opened: once(opener.signal, 'abort'), open: () => opener.abort() };
}

/** Waits until the condition is true. Throws after a minute. */
export async function eventually(what: string, isTrue: () => boolean): Promise<void> {
  const until = performance.now() + 60_000;
  while (!isTrue()) {
    if (performance.now() > until) throw new Error(`It never came to this: ${what}`);
    await sleep(5);
  }
}

/** Returns the exit code of a program that runs until its pod is stopped. */
export async function untilStopped({ signal }: { signal: AbortSignal }): Promise<number> {
  if (!signal.aborted) await once(signal, 'abort');
  return 130;
}
