import { once, EventEmitter } from 'node:events';

interface Line {
  /** RFC 3339 with nanoseconds. */
  time: string;
  text: string;
}

export interface LogQuery {
  follow: boolean;
  timestamps: boolean;
  sinceTime?: string;
  tailLines?: number;
}

/** The log of a container, which can be read while it is written. */
export class ContainerLog {
  readonly #lines: Line[] = [];
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #last = 0n;
  #ended = false;

  write(text: string): void {
    // No two lines have the same time, as is almost true of a real log.
    const now = BigInt(Date.now()) * 1_000_000n;
    this.#last = now > this.#last ? now : this.#last + 1n;
    const seconds = new Date(Number(this.#last / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
    const time = `${seconds}.${String(this.#last % 1_000_000_000n).padStart(9, '0')}Z`;
    this.#lines.push({ time, text });
    this.#emitter.emit('more');
  }

  end(): void {
    this.#ended = true;
    this.#emitter.emit('more');
  }

  /** Yields the lines as the API server sends them. `sinceTime` is rounded down to a second. */
  async *read({ follow, timestamps, sinceTime, tailLines }: LogQuery, signal: AbortSignal): AsyncGenerator<string> {
    const since = sinceTime === undefined ? '' : sinceTime.slice(0, 19);
    let next = tailLines === undefined ? 0 : Math.max(0, this.#lines.length - tailLines);
    for (;;) {
      for (; next < this.#lines.length; next++) {
        const { time, text } = this.#lines[next]!;
        if (time >= since) yield timestamps ? `${time} ${text}\n` : `${text}\n`;
      }
      if (!follow || this.#ended) return;
      await once(this.#emitter, 'more', { signal });
    }
  }
}
