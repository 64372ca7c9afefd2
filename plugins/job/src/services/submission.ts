import { randomUUID } from 'node:crypto';
import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import { IncompleteJobError, JOB_ERRORS } from '../errors.js';
import type { Cluster, Job } from './cluster.js';
import { statusOf } from './kube-error.js';
import { retryTransient } from './retry.js';

/** Marks the Jobs of one `job submit`, so that it recognizes them when an answer was lost. */
const ANNOTATION = 'tracebloc.io/submission';
/** A call that fails is repeated three times. */
const RETRIES = { interval: 500, within: 1400 };

/** The Jobs that one `job submit` has created, or may have created. */
export class Submission {
  readonly #id = randomUUID();
  readonly #names = new Set<string>();

  constructor(private readonly cluster: Cluster) {}

  /** Creates the Job, and finds it when the answer is lost. Returns undefined when another Job has its name. */
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
      // A Job that could not be looked up stays in the list, so that the rollback tries to remove it.
      if (there === undefined) this.#names.delete(name);
      throw error;
    }
  }

  /**
   * Removes what was created and returns the error to throw: `reason`, or one that names what is left and the command
   * that removes it. `current` is the Job whose creation failed.
   */
  async rollBack(reason: Error, current?: string): Promise<Error> {
    for (const name of [...this.#names]) {
      const removed = await retryTransient(() => this.#remove(name), RETRIES).then(
        () => true,
        () => false,
      );
      if (!removed) continue;
      this.#names.delete(name);
      if (name === current) continue;
      // The error keeps its class and stack.
      if (reason instanceof IngestorError && reason.exitCode !== ExitCode.interrupted)
        reason.message += ` Job ${name}, which was created before, is removed again.`;
    }
    return this.#names.size === 0 ? reason : this.left(reason);
  }

  /** Returns the error for Jobs that may be left. */
  left(reason: Error): IngestorError {
    const names = [...this.#names];
    const exitCode = reason instanceof IngestorError ? reason.exitCode : ExitCode.failed;
    if (names.length === 0) return stopped();
    return new IncompleteJobError(
      {
        message: `${reason.message} What was created of Job ${names.join(' and ')} could not be removed.`,
        fix: names.map((name) => `Delete it: ingestor job delete ${name} --namespace ${this.cluster.namespace}`),
        cause: reason,
      },
      exitCode,
    );
  }

  async #remove(name: string): Promise<void> {
    const there = await this.cluster.findJob(name);
    if (there && this.#isOwn(there)) await this.cluster.deleteJob(name);
  }

  async #find(name: string): Promise<Job | undefined> {
    const there = await retryTransient(() => this.cluster.findJob(name), RETRIES);
    return there && this.#isOwn(there) ? there : undefined;
  }

  #isOwn({ metadata }: Job): boolean {
    return metadata?.annotations?.[ANNOTATION] === this.#id;
  }
}

/** Returns the error of a submission that a signal ended. */
export function stopped(): IngestorError {
  return JOB_ERRORS.make('interrupted', {
    message: 'Nothing was submitted: what was created is removed again.',
    fix: 'Submit again.',
  });
}

/** Returns the error of a submission that a signal could not end in time. */
export function stoppedLate(): IngestorError {
  return JOB_ERRORS.make('interrupted', { message: 'The API server did not answer in time.', fix: 'Submit again.' });
}

/** Tells whether the API server refused the call; after any other error it may still have done it. */
function wasRefused(error: unknown): boolean {
  const status = error instanceof IngestorError ? statusOf(error.cause) : undefined;
  return status !== undefined && status >= 400 && status < 500;
}
