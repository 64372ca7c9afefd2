import { createRequire } from 'node:module';
import type cliProgress from 'cli-progress';
import { printableLine } from '@tracebloc/ingestor-core';
import type { Progress } from '@tracebloc/ingestor-pipeline';
import { count, duration, rate, terminalOf } from '@tracebloc/ingestor-cli';

/** The time in seconds between two lines when there is no terminal. */
const LINE_INTERVAL = 5;

const PHASE_TITLES: Record<Progress['phase'], string> = {
  validate: 'Validating',
  stage: 'Validating and staging',
  verify: 'Verifying',
  register: 'Registering',
};

export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Leaves the line as it is. Nothing is shown afterwards. */
  stop(): void;
}

/** Shows a bar with rate and remaining time on a terminal, or a plain line every few seconds without one. */
export function createProgress(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? barProgress(terminalOf(stream)) : lineProgress((line) => stream.write(`${line}\n`));
}

/** These signals end the process immediately. SIGINT and SIGTERM are handled elsewhere. */
const DEADLY = ['SIGHUP', 'SIGQUIT'] as const;

function barProgress(stream: NodeJS.WriteStream): ProgressDisplay {
  // Most runs have no terminal and do not need the library.
  const { SingleBar, Presets } = createRequire(import.meta.url)('cli-progress') as typeof cliProgress;
  // The bar has hidden the cursor.
  const die = (signal: NodeJS.Signals) => {
    display.stop();
    process.kill(process.pid, signal);
  };
  for (const signal of DEADLY) process.once(signal, die);
  let title: string | undefined;
  let started = 0;
  let bar: cliProgress.SingleBar | undefined;
  let stopped = false;
  const display: ProgressDisplay = {
    update(progress) {
      if (stopped) return;
      if (titleOf(progress) !== title) {
        bar?.stop();
        title = titleOf(progress);
        started = performance.now();
        bar = new SingleBar(
          {
            format: `${title} {bar} {percentage}% | {records} records | {rate}/s | {left} left`,
            barsize: barSize(title, stream.columns),
            hideCursor: true,
            clearOnComplete: false,
            stream,
          },
          Presets.shades_classic,
        );
        bar.start(progress.total, 0, { records: '0', rate: '-', left: '-' });
      }
      bar?.update(progress.done, describe(progress, (performance.now() - started) / 1000));
    },
    stop() {
      stopped = true;
      bar?.stop();
      for (const signal of DEADLY) process.off(signal, die);
    },
  };
  return display;
}

/** The cells of a bar's line beside its title and the bar, with millions of records. */
const FIGURES = 54;

/** Returns the cells of a bar whose line fits a terminal of so many columns, if it can. Exported for its test. */
export function barSize(title: string, columns = 80): number {
  return Math.max(4, Math.min(24, columns - title.length - FIGURES));
}

/** Exported for its test. `now` is in milliseconds. */
export function lineProgress(write: (line: string) => void, now = () => performance.now()): ProgressDisplay {
  let title: string | undefined;
  let started = 0;
  let last = 0;
  return {
    update(progress) {
      if (titleOf(progress) !== title) {
        title = titleOf(progress);
        started = last = now();
      }
      if (now() - last < LINE_INTERVAL * 1000) return;
      last = now();
      const { records, rate: perSecond, left } = describe(progress, (last - started) / 1000);
      const percent = progress.total > 0 ? Math.floor((100 * progress.done) / progress.total) : 100;
      write(`${title}: ${percent}%, ${records} records, ${perSecond}/s, ${left} left`);
    },
    stop: () => undefined,
  };
}

function titleOf({ phase, table }: Progress): string {
  return table === undefined ? PHASE_TITLES[phase] : `${PHASE_TITLES[phase]} ${printableLine(table)}`;
}

function describe(
  { records, done, total }: Progress,
  seconds: number,
): { records: string; rate: string; left: string } {
  const left = done > 0 ? (seconds * (total - done)) / done : 0;
  return { records: count(records), rate: count(rate(records, seconds)), left: duration(left) };
}
