import { ExitCode, InterruptedError } from '@tracebloc/ingestor-core';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The time in milliseconds for the work to stop, such as a hanging statement of a database. Docker kills after 10 s. */
const PATIENCE_MS = 8_000;
/** The time in milliseconds for the error to be printed. */
const FAREWELL_MS = 500;

const leave = (signal: NodeJS.Signals) => {
  process.stderr.write(`Stopped on ${signal}.\n`);
  process.exit(ExitCode.interrupted);
};

/**
 * Ends the process on SIGINT and SIGTERM while nothing has to be finished. The first process of a container does not end
 * by a signal that it does not handle.
 */
export function leaveOnSignals(): void {
  for (const signal of SIGNALS) process.on(signal, leave);
}

/**
 * Runs `work` with a signal that SIGINT or SIGTERM aborts, so that the current batch is finished. If the work does not end
 * soon, the process ends, as it immediately does on a second SIGINT: a run can be resumed after that. `meanwhile` says
 * what the first signal waits for. `onStop` is called before that is printed, so that a progress bar can be cleared.
 * `tooLate` makes the error that is thrown when the work does not end soon.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  {
    meanwhile = 'finishing the batch under way',
    onStop,
    tooLate = () => new InterruptedError(),
  }: { meanwhile?: string; onStop?: () => void; tooLate?: () => Error } = {},
): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted && signal === 'SIGINT') process.exit(ExitCode.interrupted);
    if (controller.signal.aborted) return;
    onStop?.();
    process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}Stopping on ${signal}: ${meanwhile}.\n`);
    controller.abort();
    setTimeout(() => late.reject(tooLate()), PATIENCE_MS).unref();
    // Open connections and files must not delay the end.
    setTimeout(() => process.exit(process.exitCode ?? ExitCode.interrupted), PATIENCE_MS + FAREWELL_MS).unref();
  };
  for (const signal of SIGNALS) process.off(signal, leave).on(signal, stop);
  try {
    return await Promise.race([work(controller.signal), late.promise]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
