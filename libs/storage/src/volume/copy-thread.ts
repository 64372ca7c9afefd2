import { Worker } from 'node:worker_threads';
import { COPIES, type CopyJob } from './small-file.js';

/** The sha256 of each file of a batch; undefined for those that were not copied. */
type Digests = readonly (string | undefined)[];

/**
 * A thread that copies small files, so that another core does it. It begins when it is first used, and does not keep the process
 * alive. A batch for a thread that cannot be started, or has ended, returns that no file was copied.
 */
class CopyThread {
  readonly #waiting: { jobs: readonly CopyJob[]; resolve: (digests: Digests) => void }[] = [];
  #worker: Worker | undefined;
  #hasEnded = false;

  /** Copies files, in the order of the batches. */
  async copy(jobs: readonly CopyJob[]): Promise<Digests> {
    if (this.#hasEnded) return noneOf(jobs);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    return new Promise((resolve) => {
      this.#waiting.push({ jobs, resolve });
      worker.postMessage(jobs);
    });
  }

  #start(): Worker {
    // The tests run the sources, not what was compiled.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./small-file.${extension}`, import.meta.url), {
      workerData: COPIES,
      // Flags of the process, such as those of a test or a profiler, are not for the thread.
      execArgv: [],
    });
    worker.on('message', (digests: Digests) => {
      this.#waiting.shift()!.resolve(digests);
      if (this.#waiting.length === 0) worker.unref();
    });
    // An end without an error is as unexpected.
    worker.on('error', () => this.#end());
    worker.on('exit', () => this.#end());
    return worker;
  }

  #end(): void {
    this.#hasEnded = true;
    for (const { jobs, resolve } of this.#waiting.splice(0)) resolve(noneOf(jobs));
  }
}

const noneOf = (jobs: readonly CopyJob[]): Digests => jobs.map(() => undefined);

/** The one thread of this process. */
export const copyThread = new CopyThread();
