import type { LogLevel } from '@tracebloc/ingestor-config';
import type { RunObserver } from '@tracebloc/ingestor-pipeline';
import { createLogger } from '../output/logger.js';
import { createProgress } from '../output/progress.js';

/** Shows a run's progress and log lines on stderr. */
export function createObserver(level: LogLevel): RunObserver & { stop(): void } {
  const progress = createProgress(process.stderr);
  const logger = createLogger(level, (text) => process.stderr.write(text));
  return { ...logger, progress: (state) => progress.update(state), stop: () => progress.stop() };
}
