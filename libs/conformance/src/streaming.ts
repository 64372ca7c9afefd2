import { readFile, stat, writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { InterruptedError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { parseManifest } from './manifest.js';
import { readDataset } from './read.js';

const MIB = 1024 * 1024;
/** Length of the manifest that is read in a stream, in bytes. */
const LENGTH = 4 * MIB;
/** How long it is read, in milliseconds: rows that name files take long. */
const READING_TIME = 4000;
/** Looks at the memory that are needed to tell, however long they take. */
const MIN_LOOKS = 8;
/** Bytes between two looks at the memory, and how long to wait for the next at most, in milliseconds. */
const LOOK_EVERY = { bytes: LENGTH / 24, time: 200 };
/** Bytes that the memory may grow by between the second and the last quarter of the reading. */
const GROWTH = MIB / 2;
/** How soon reading must end once it is cancelled, in milliseconds. */
const PROMPT = 3000;

/** Repeats the sample's rows until the manifest is long. Writes to it: `config` must be of a copy. */
export async function lengthen({ source }: RunConfig): Promise<void> {
  const { assemble, rows } = parseManifest(await readFile(source.path, 'utf8'), source);
  const times = Math.ceil(LENGTH / Math.max(1, rows.length));
  await writeFile(source.path, assemble(rows.repeat(times)));
}

/** What a task keeps does not grow with the rows it has read. `config` is of a lengthened copy. */
export async function* checkMemory(config: RunConfig): AsyncGenerator<string, void> {
  const collectGarbage = garbageCollector();
  const started = performance.now();
  const sizes: number[] = [];
  let last = { bytes: 0, time: started };
  const watch = (bytes: number): boolean => {
    if (bytes - last.bytes >= LOOK_EVERY.bytes || performance.now() - last.time >= LOOK_EVERY.time) {
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      sizes.push(heapUsed + external);
      last = { bytes, time: performance.now() };
    }
    return performance.now() - started < READING_TIME || sizes.length < MIN_LOOKS;
  };
  await readDataset(config, { watch });
  const quarter = Math.floor(sizes.length / 4);
  const growth = Math.min(...sizes.slice(-quarter)) - Math.min(...sizes.slice(quarter, 2 * quarter));
  if (growth > GROWTH) {
    yield `Memory grows by ${(growth / MIB).toFixed(1)} MiB while rows are read: yield records as they come and keep none.`;
  }
}

/** The garbage collector, which a program may not call unless it is told so. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Reading ends soon after it is cancelled. `config` is of a lengthened copy. */
export async function* checkCancellation(config: RunConfig): AsyncGenerator<string, void> {
  const early = AbortSignal.abort(new InterruptedError());
  yield* checkEnd(config, early, () => true, 'before it begins');
  const cancel = new AbortController();
  let looks = 0;
  const cancelling = (): boolean => {
    if (++looks === 2) cancel.abort(new InterruptedError());
    return true;
  };
  yield* checkEnd(config, cancel.signal, cancelling, 'while rows are read');
}

async function* checkEnd(
  config: RunConfig,
  signal: AbortSignal,
  watch: () => boolean,
  when: string,
): AsyncGenerator<string, void> {
  let cancelledAt = performance.now();
  signal.addEventListener('abort', () => (cancelledAt = performance.now()));
  let bytes = 0;
  const watched = (read: number): boolean => {
    bytes = read;
    return watch() && performance.now() - cancelledAt <= PROMPT;
  };
  try {
    await readDataset(config, { signal, watch: watched });
  } catch (error) {
    if (!isInterruption(error, signal)) {
      yield `A reading that is cancelled ${when} fails with ${String(error)}: let the signal's InterruptedError through.`;
    }
  }
  const { size } = await stat(config.source.path);
  if (bytes >= size || performance.now() - cancelledAt > PROMPT) {
    yield `A reading that is cancelled ${when} goes on: pass context.signal to dataset.open, and look at it in loops of your own.`;
  }
}

function isInterruption(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || error instanceof InterruptedError || (error as Error).name === 'AbortError';
}
