import { writeSync } from 'node:fs';
import type { LogLevel } from '@tracebloc/ingestor-config';
import type { PhaseEvent, RunObserver } from '@tracebloc/ingestor-pipeline';
import { createLogger } from './logger.js';
import { createProgress } from './progress.js';

/** Shows a run's progress and log lines on stderr, until `stop` is called. */
export function createObserver(level: LogLevel): RunObserver & { stop(): void } {
  const progress = createProgress(process.stderr);
  const logger = createLogger(level, (text) => process.stderr.write(text));
  return { ...logger, progress: (state) => progress.update(state), phase: phaseWriter(), stop: () => progress.stop() };
}

/**
 * Returns a function that writes each phase of a run, as a line of JSON, to the file descriptor that `INGESTOR_EVENTS_FD`
 * names. Tools that start the process, such as the crash test, open that descriptor; it is not meant for users.
 */
function phaseWriter(): RunObserver['phase'] {
  const descriptor = Number(process.env['INGESTOR_EVENTS_FD'] ?? 0);
  // 0 to 2 are the standard streams.
  if (!Number.isInteger(descriptor) || descriptor < 3) return undefined;
  return (event: PhaseEvent) => writeSync(descriptor, `${JSON.stringify(event)}\n`);
}
