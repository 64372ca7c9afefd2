import type { LogLevel } from '@tracebloc/ingestor-config';
import type { RunObserver } from '@tracebloc/ingestor-pipeline';
import { createLogger } from '../output/logger.js';
import { createProgress } from '../output/progress.js';
import { interruptible } from '@tracebloc/ingestor-cli';

export type ShownObserver = RunObserver & { stop(): void };

/** Shows a run's progress and log lines on stderr. */
export function createObserver(level: LogLevel): ShownObserver {
  const progress = createProgress(process.stderr);
  const logger = createLogger(level, (text) => process.stderr.write(text));
  return { ...logger, progress: (state) => progress.update(state), stop: () => progress.stop() };
}

/** Runs `work`, which may be interrupted, until whose end the observer shows progress. */
export function observed<T>(observer: ShownObserver, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const onStop = () => observer.stop();
  return interruptible(work, { onStop }).finally(onStop);
}
