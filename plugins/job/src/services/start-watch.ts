import { IngestorError, printableLine } from '@tracebloc/ingestor-core';
import type { Cluster } from './cluster.js';
import type { Problem } from './explain.js';
import type { JobState } from './state.js';

/** For how long a problem that seems to last is given the chance to pass, since Kubernetes tries again by itself. */
const SECOND_LOOK = 5000;

export interface StartWatchOptions {
  tell: (text: string) => void;
  /** For how long a Job of which nothing runs may wait, in milliseconds. */
  startTimeout: number;
}

/** Watches over the start of pods: tells what keeps one, once, and loses patience where none runs. */
export class StartWatch {
  #problem: { problem: Problem; since: number } | undefined;
  #waitingSince: number | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly options: StartWatchOptions,
  ) {}

  /** Throws an `IngestorError` when the Job will not start, or has not for too long. */
  look(state: JobState): void {
    const { name, phase, problem } = state;
    const now = performance.now();
    if (problem?.message !== this.#problem?.problem.message) {
      this.#problem = problem && { problem, since: now };
      if (problem)
        this.options.tell(
          [`${whoWaits(state)}: ${problem.message}`, ...indented(problem.fix)].map(printableLine).join('\n'),
        );
    }
    if (phase !== 'waiting') {
      this.#waitingSince = undefined;
      return;
    }
    this.#waitingSince ??= now;
    const hopeless = this.#problem?.problem.lasting && now - this.#problem.since >= SECOND_LOOK;
    if (hopeless || now - this.#waitingSince >= this.options.startTimeout) {
      throw notStarted(this.cluster, name, problem, (now - this.#waitingSince) / 1000);
    }
  }
}

/** Of shards, the others may be at work, or done. */
function whoWaits({ name, shards }: JobState): string {
  if (!shards) return `${name} waits`;
  const { count, done, running } = shards;
  return `${name}: ${count - done - running} of ${count} shards wait`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function notStarted(
  { namespace }: Cluster,
  name: string,
  problem: Problem | undefined,
  seconds: number,
): IngestorError {
  const where = `${name} --namespace ${namespace}`;
  return new IngestorError({
    code: problem?.code ?? 'not-started',
    message: problem
      ? `Job ${name} does not start. ${problem.message}`
      : `Job ${name} has not started in ${Math.round(seconds)} seconds, and Kubernetes does not say why.`,
    fix: [
      ...(problem?.fix ?? [`kubectl describe job ${where}`]),
      `The Job is still there and may start yet: ingestor job wait ${where}`,
      `To submit it anew, delete it first: ingestor job delete ${where}`,
    ],
  });
}
