import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Column } from '@tracebloc/ingestor-contract';
import { WORTH_READING_BACK, type ReadBack, type ReadBackOptions, type StoredRows } from './types.js';

/** The table that the thread reads, in the form that can be handed to it. */
export interface ThreadSource {
  file: string;
  table: string;
  columns: readonly Column[];
}

export interface ThreadOptions extends ReadBackOptions {
  /** Returns whether nobody else has changed the table since the first rows were read. */
  isUnchanged: () => Promise<boolean>;
}

/** What the thread receives, and what it answers. */
export type Request = { readTo: number } | { finish: number } | { close: true };
export type Answer = { finished: StoredRows | undefined };

// Tests run the sources, and a thread needs the compiled file.
const ENTRY = import.meta.url.endsWith('.ts') ? '../../dist/read-back/worker.js' : './worker.js';

/** Reads rows of the embedded database back in a separate thread, so that the one that writes them need not wait. */
export class ReadBackThread implements ReadBack {
  #worker: Worker | undefined;
  #ended: Promise<unknown> | undefined;
  #isClosed = false;

  constructor(
    private readonly source: ThreadSource,
    private readonly options: ThreadOptions,
  ) {
    options.signal.addEventListener('abort', () => void this.#worker?.terminate(), { once: true });
  }

  readTo(lastId: number): void {
    const { least = WORTH_READING_BACK, signal } = this.options;
    if (this.#isClosed || signal.aborted || lastId < least) return;
    this.#tell({ readTo: lastId });
  }

  async finish(lastId: number): Promise<StoredRows | undefined> {
    const worker = this.#worker;
    if (!worker) return undefined;
    const answer = new Promise<StoredRows | undefined>((resolve) => {
      worker.once('message', ({ finished }: Answer) => resolve(finished));
      void this.#ended!.then(() => resolve(undefined));
    });
    this.#tell({ finish: lastId });
    const stored = await answer;
    return stored && (await this.options.isUnchanged()) ? stored : undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#worker) return;
    this.#tell({ close: true });
    await this.#ended;
  }

  #tell(request: Request): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const worker = new Worker(new URL(ENTRY, import.meta.url), {
      workerData: this.source,
      name: 'read-back',
      // Pages of rows live for milliseconds.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    // A failed thread answers nothing, and the whole table is read instead.
    worker.on('error', () => undefined);
    this.#ended = once(worker, 'exit');
    return worker;
  }
}
