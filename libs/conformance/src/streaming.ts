import { readFile, writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { InterruptedError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { parseManifest } from './manifest.js';
import { readDataset } from './read.js';

const MIB = 1024 * 1024;
/** The length of the manifest that is read, in bytes. */
const LENGTH = 2 * MIB;
/** How long it is read at most, in milliseconds, since rows that name files take long. */
const READING_TIME = 1000;
/** The least number of measurements of the memory, however long they take. */
const MIN_SAMPLES = 12;
/** The bytes or milliseconds after which the memory is measured again. */
const SAMPLE_EVERY = { bytes: LENGTH / 16, time: 100 };
/** The bytes by which the memory may grow between the second and the last quarter of the measurements. */
const GROWTH = MIB / 2;
/** The most readings. Memory that is kept grows in each of them, and caches that fill only in one. */
const READINGS = 6;
/** How soon reading must end after it is cancelled, in milliseconds. */
const PROMPT = 3000;
/** The bytes of the manifest that may still be read after it is cancelled. A reader that stops has at most a piece left. */
const OVERRUN = 64 * 1024;

/** Repeats the sample's rows until the manifest is long. It changes the manifest, so `config` must be that of a copy. */
export async function lengthen({ source }: RunConfig): Promise<void> {
  const { assemble, rows } = parseManifest(await readFile(source.path, 'utf8'), source);
  const times = Math.ceil(LENGTH / Math.max(1, rows.length));
  await writeFile(source.path, assemble(rows.repeat(times)));
}

/** Checks that a task's memory does not grow with the rows that it has read. `config` is that of a lengthened copy. */
export async function* checkMemory(config: RunConfig): AsyncGenerator<string, void> {
  let growth = Infinity;
  for (let reading = 0; reading < READINGS && growth > GROWTH; reading++) {
    growth = Math.min(growth, await measureGrowth(config));
  }
  if (growth > GROWTH) {
    yield `Memory grows by ${(growth / MIB).toFixed(1)} MiB while rows are read: yield records and do not keep them.`;
  }
}

/** Returns the bytes by which the memory grows in one reading. */
async function measureGrowth(config: RunConfig): Promise<number> {
  const collectGarbage = garbageCollector();
  const started = performance.now();
  const sizes: number[] = [];
  let last = { bytes: 0, time: started };
  const watch = (bytes: number): boolean => {
    if (bytes - last.bytes >= SAMPLE_EVERY.bytes || performance.now() - last.time >= SAMPLE_EVERY.time) {
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      sizes.push(heapUsed + external);
      last = { bytes, time: performance.now() };
    }
    return performance.now() - started < READING_TIME || sizes.length < MIN_SAMPLES;
  };
  await readDataset(config, { watch });
  const quarter = Math.floor(sizes.length / 4);
  return Math.min(...sizes.slice(-quarter)) - Math.min(...sizes.slice(quarter, 2 * quarter));
}

/** Returns the garbage collector, which a program can call only with this flag. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Checks that reading ends soon after it is cancelled. `config` is that of a lengthened copy. */
export async function* checkCancellation(config: RunConfig): AsyncGenerator<string, void> {
  const early = AbortSignal.abort(new InterruptedError());
  yield* checkEnd(config, early, () => undefined, 'before it begins');
  const cancel = new AbortController();
  let calls = 0;
  const cancelling = (): void => {
    if (++calls === 2) cancel.abort(new InterruptedError());
  };
  yield* checkEnd(config, cancel.signal, cancelling, 'while rows are read');
}

async function* checkEnd(
  config: RunConfig,
  signal: AbortSignal,
  watch: () => void,
  when: string,
): AsyncGenerator<string, void> {
  const reading = { bytes: 0, cancelledAt: performance.now(), cancelledBytes: 0, continues: false };
  signal.addEventListener('abort', () => {
    Object.assign(reading, { cancelledAt: performance.now(), cancelledBytes: reading.bytes });
  });
  const isLate = () => performance.now() - reading.cancelledAt > PROMPT;
  const watched = (bytes: number): boolean => {
    reading.bytes = bytes;
    watch();
    reading.continues = signal.aborted && (bytes - reading.cancelledBytes > OVERRUN || isLate());
    return !reading.continues;
  };
  try {
    await readDataset(config, { signal, watch: watched });
  } catch (error) {
    if (!isInterruption(error, signal)) {
      yield `A reading that is cancelled ${when} fails with ${String(error)}: rethrow the signal's InterruptedError.`;
    }
  }
  if (reading.continues || isLate()) {
    yield `A reading that is cancelled ${when} continues: pass context.signal to dataset.open, and check it in other loops.`;
  }
}

function isInterruption(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || error instanceof InterruptedError || (error as Error).name === 'AbortError';
}
