import { ExitCode } from '@tracebloc/ingestor-contract';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `work` with a signal that SIGINT or SIGTERM aborts, so that the batch under way is finished. A second SIGINT
 * ends the process at once; a resumed run copes with that too. `meanwhile` says what the first waits for; `onStop` is
 * called before that is told, for a bar that would be drawn over it.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { meanwhile = 'finishing the batch under way', onStop }: { meanwhile?: string; onStop?: () => void } = {},
): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted && signal === 'SIGINT') process.exit(ExitCode.interrupted);
    if (!controller.signal.aborted) {
      onStop?.();
      process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}Stopping on ${signal}: ${meanwhile}.\n`);
    }
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
