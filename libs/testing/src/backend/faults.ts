/** A failure of the requests that match. With a status or a body the request is answered with it and not processed. */
export interface Fault {
  /** The exact `METHOD /path/` without the query, or a pattern for `METHOD /path/?query`. */
  match: string | RegExp;
  /** The number of requests that fail. Default: 1. With Infinity all fail until `clearFaults`. */
  times?: number;
  status?: number;
  body?: string;
  /** The content type of the body. Default: `application/json`. */
  contentType?: string;
  headers?: Record<string, string>;
  /** The wait before the answer. Without status and body the request is then processed as usual. */
  delayMs?: number;
  /** The answer waits for this promise, as for `delayMs`. */
  until?: Promise<unknown>;
  /** Closes the connection without an answer, before the request is processed or after. */
  hangup?: 'before' | 'after';
}

/** The remaining faults, the oldest first. */
export class FaultQueue {
  #faults: (Fault & { times: number })[] = [];

  add(fault: Fault): void {
    this.#faults.push({ ...fault, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** Returns the first fault that matches the request, and counts it. */
  take(method: string, url: string): Fault | undefined {
    const fault = this.#faults.find(({ match }) =>
      typeof match === 'string' ? match === `${method} ${url.split('?')[0]}` : match.test(`${method} ${url}`),
    );
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault);
    return fault;
  }
}
