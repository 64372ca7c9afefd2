import { interruptible } from '@tracebloc/ingestor-cli';
import type { LogLevel } from '@tracebloc/ingestor-config';
import type { RunObserver } from '@tracebloc/ingestor-pipeline';

/** Creates the observer of a run. `stop` ends what it shows, before anything else is printed. */
export type ObserverFactory = (level: LogLevel) => RunObserver & { stop(): void };

/** Runs `work`, which a signal aborts, with an observer that first reports the warnings of the configuration. */
export function observed<T>(
  createObserver: ObserverFactory,
  { logLevel, warnings }: { logLevel: LogLevel; warnings: readonly string[] },
  work: (options: { signal: AbortSignal; observer: RunObserver }) => Promise<T>,
): Promise<T> {
  const observer = createObserver(logLevel);
  for (const warning of warnings) observer.warn(warning);
  const onStop = () => observer.stop();
  return interruptible((signal) => work({ signal, observer }), { onStop }).finally(onStop);
}
