import { availableParallelism } from 'node:os';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { ExpectedFiles, FileBatch } from './file-batch.js';

/** What the thread receives. It answers each request, in their order, with what `writeBatch` and `compareBatch` return. */
export type Request = { write: FileBatch } | { compare: ExpectedFiles };
type Answer = 'ready' | number[];

// Tests run the sources, and a thread needs the compiled file.
const ENTRY = import.meta.url.endsWith('.ts') ? '../../../dist/volume/thread/worker.js' : './worker.js';

/** Batches that are under way: the thread works on one, and the next is there when that is done. */
const MOST_WAITING = 2;

/** Threads that wait for work. */
const idle: FileThread[] = [];

/**
 * A second thread for small files. The caller does the same work itself while the thread is not free, so that two cores are busy. If the
 * thread fails, it has done nothing of what it has not answered.
 */
export class FileThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #waiting: ((answer: number[] | undefined) => void)[] = [];
  #isReady = false;

  private constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#worker = new Worker(new URL(ENTRY, import.meta.url), {
      name: 'files',
      execArgv: [],
      workerData: port2,
      transferList: [port2],
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    this.#port = port1;
    this.#port.on('message', (answer: Answer) => this.#take(answer));
    this.#port.unref();
    this.#worker.on('error', () => this.#end());
    this.#worker.on('exit', () => this.#end());
    this.#worker.unref();
  }

  /** Returns a thread that was given back, or starts one. Returns `undefined` if there is no second core. */
  static take(): FileThread | undefined {
    return idle.pop() ?? (availableParallelism() > 1 ? new FileThread() : undefined);
  }

  /** Whether the thread would begin with another batch soon. */
  get isFree(): boolean {
    // While the caller works without a pause, no events tell what the thread has answered.
    for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
      this.#take(next.message as Answer);
    }
    return this.#isReady && this.#waiting.length < MOST_WAITING;
  }

  /** Does the same as `writeBatch`. The bytes are in shared memory. Returns `undefined` if the thread has failed. */
  write(batch: FileBatch): Promise<number[] | undefined> {
    return this.#ask({ write: batch });
  }

  /** Does the same as `compareBatch`. Returns `undefined` if the thread has failed. */
  compare(files: ExpectedFiles): Promise<number[] | undefined> {
    return this.#ask({ compare: files });
  }

  /** Keeps the thread for the next work, as its start takes as long as some thousand files. It does not keep the process alive. */
  async giveBack(): Promise<void> {
    if (idle.length === 0 && this.#isReady && this.#waiting.length === 0) {
      idle.push(this);
      return;
    }
    this.#port.close();
    await this.#worker.terminate();
  }

  #ask(request: Request): Promise<number[] | undefined> {
    return new Promise((resolve) => {
      this.#port.ref();
      this.#waiting.push(resolve);
      this.#port.postMessage(request);
    });
  }

  #take(answer: Answer): void {
    if (answer === 'ready') this.#isReady = true;
    else this.#waiting.shift()?.(answer);
    if (this.#waiting.length === 0) this.#port.unref();
  }

  #end(): void {
    this.#isReady = false;
    const at = idle.indexOf(this);
    if (at !== -1) idle.splice(at, 1);
    this.#port.unref();
    for (const answer of this.#waiting.splice(0)) answer(undefined);
  }
}
