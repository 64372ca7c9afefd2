import { ExitCode, InterruptedError } from '@tracebloc/ingestor-core';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Milliseconds for what is under way, such as a statement of a database that hangs; Docker kills after 10 s. */
const PATIENCE_MS = 8_000;
/** Milliseconds for the error to be told. */
const FAREWELL_MS = 500;

const leave = (signal: NodeJS.Signals) => {
  process.stderr.write(`Stopped on ${signal}.\n`);
  process.exit(ExitCode.interrupted);
};

/**
 * Ends the process on SIGINT and SIGTERM where nothing has to be finished: as the first of its container, it would not be
 * ended by a signal that it does not handle.
 */
export function leaveOnSignals(): void {
  for (const signal of SIGNALS) process.on(signal, leave);
}

/**
 * Runs `work` with a signal that SIGINT or SIGTERM aborts, so that the batch under way is finished. Where that does not
 * end soon, the process does: a resumed run copes with that, as with a second SIGINT, which ends it at once. `meanwhile`
 * says what the first waits for; `onStop` is called before that is told, for a bar that would be drawn over it;
 * `tooLate` makes the error that is thrown where the work does not end soon.
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
    // Whatever is still open, a connection or a file, holds nothing up.
    setTimeout(() => process.exit(process.exitCode ?? ExitCode.interrupted), PATIENCE_MS + FAREWELL_MS).unref();
  };
  for (const signal of SIGNALS) process.off(signal, leave).on(signal, stop);
  try {
    return await Promise.race([work(controller.signal), late.promise]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
