import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import type { Cluster } from './cluster.js';
import { isPassing, statusOf } from './kube-error.js';
import type { Job } from './kube-types.js';

/** Marks the Jobs of one `job submit`, so that it knows them where an answer was lost. */
const ANNOTATION = 'tracebloc.io/submission';
/** How often an API server that is away for a moment is asked. */
const TRIES = 4;
/** Milliseconds between two of them. */
const INTERVAL = 500;

/** The Jobs that one `job submit` has made, or may have made. */
export class Submission {
  readonly #id = randomUUID();
  /** What may be in the cluster. */
  readonly #names = new Set<string>();

  constructor(private readonly cluster: Cluster) {}

  /** Makes the Job, also where the answer to that is lost. Nothing where another has its name. */
  async createJob(name: string, job: Job): Promise<Job | undefined> {
    const annotations = { ...job.metadata!.annotations, [ANNOTATION]: this.#id };
    this.#names.add(name);
    try {
      const made = await this.cluster.createJob({ ...job, metadata: { ...job.metadata, annotations } });
      if (made) return made;
      const there = await this.#find(name);
      if (!there) this.#names.delete(name);
      return there;
    } catch (error) {
      const refused = wasRefused(error);
      const there = refused ? undefined : await this.#find(name).catch(() => null);
      if (there) return there;
      // Where it could not be looked up, the roll back tries to remove it.
      if (there === undefined) this.#names.delete(name);
      throw error;
    }
  }

  /**
   * Removes what was made, and gives back the error with what it says of that: that of why this is done, or one that names
   * what is left with the command that removes it.
   */
  async rollBack(reason: Error, current?: string): Promise<Error> {
    for (const name of [...this.#names]) {
      const removed = await repeated(() => this.#remove(name)).then(
        () => true,
        () => false,
      );
      if (!removed) continue;
      this.#names.delete(name);
      if (name === current) continue;
      if (reason instanceof IngestorError && reason.exitCode !== ExitCode.interrupted)
        reason = alsoRemoved(reason, name);
    }
    return this.#names.size === 0 ? reason : this.left(reason);
  }

  /** What is told where it is not known whether all is removed. */
  left(reason: Error): IngestorError {
    const names = [...this.#names];
    const exitCode = reason instanceof IngestorError ? reason.exitCode : ExitCode.failed;
    if (names.length === 0) return stopped();
    return new IngestorError({
      code: 'job-incomplete',
      message: `${reason.message} What was made of Job ${names.join(' and ')} could not be removed.`,
      fix: names.map((name) => `Delete it: ingestor job delete ${name} --namespace ${this.cluster.namespace}`),
      exitCode,
      cause: reason,
    });
  }

  async #remove(name: string): Promise<void> {
    const there = await this.cluster.findJob(name);
    if (there && this.#isOwn(there)) await this.cluster.deleteJob(name);
  }

  async #find(name: string): Promise<Job | undefined> {
    const there = await repeated(() => this.cluster.findJob(name));
    return there && this.#isOwn(there) ? there : undefined;
  }

  #isOwn({ metadata }: Job): boolean {
    return metadata?.annotations?.[ANNOTATION] === this.#id;
  }
}

/** What a signal ends a submission with. */
export function stopped(): IngestorError {
  return new IngestorError({
    code: 'interrupted',
    message: 'Nothing was submitted: what was made until then is removed again.',
    fix: 'Submit again.',
    exitCode: ExitCode.interrupted,
  });
}

/** Where the signal's time is over. */
export function stoppedLate(): IngestorError {
  return new IngestorError({
    code: 'interrupted',
    message: 'The API server did not answer in time.',
    fix: 'Submit again.',
    exitCode: ExitCode.interrupted,
  });
}

/** Whether the API server has said that it does not do it; otherwise it may have done it all the same. */
function wasRefused(error: unknown): boolean {
  const status = error instanceof IngestorError ? statusOf(error.cause) : undefined;
  return status !== undefined && status >= 400 && status < 500;
}

async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || tries === TRIES) throw error;
    }
    await sleep(INTERVAL);
  }
}

function alsoRemoved(reason: IngestorError, name: string): IngestorError {
  const { code, message, fix, exitCode } = reason;
  return new IngestorError({
    code,
    message: `${message} Job ${name}, which was made before, is removed again.`,
    fix,
    exitCode,
    cause: reason.cause,
  });
}
