import { interruptible } from '@tracebloc/ingestor-cli';
import type { LogLevel } from '@tracebloc/ingestor-config';
import type { RunObserver } from '@tracebloc/ingestor-pipeline';
import { boundMemory } from './bound-memory.js';

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
  return interruptible((signal) => work({ signal, observer: bounding(observer) }), { onStop }).finally(onStop);
}

/** Returns the observer of a run whose memory is bounded from its first progress on. */
function bounding(observer: RunObserver): RunObserver {
  let isBound = false;
  return {
    ...observer,
    progress(state) {
      if (!isBound) boundMemory();
      isBound = true;
      observer.progress(state);
    },
  };
}
