import type { LogLevel } from '@tracebloc/ingestor-config';
import type { RunObserver } from '@tracebloc/ingestor-pipeline';
import { createLogger } from './logger.js';
import { createProgress } from './progress.js';

/** Shows a run's progress and log lines on stderr, until `stop` is called. */
export function createObserver(level: LogLevel): RunObserver & { stop(): void } {
  const progress = createProgress(process.stderr);
  const logger = createLogger(level, (text) => process.stderr.write(text));
  return { ...logger, progress: (state) => progress.update(state), stop: () => progress.stop() };
}
