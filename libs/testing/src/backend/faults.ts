/** How a request that matches is to go wrong. With a status or a body it is answered so and not processed. */
export interface Fault {
  /** `METHOD /path/` without the query, exactly; or what `METHOD /path/?query` has to match. */
  match: string | RegExp;
  /** How many requests it meets; 1 when absent, Infinity for all until `clearFaults`. */
  times?: number;
  status?: number;
  body?: string;
  /** Of the body; `application/json` when absent. */
  contentType?: string;
  headers?: Record<string, string>;
  /** Waits before it answers; with neither status nor body the request is then processed as usual. */
  delayMs?: number;
  /** Waits for this before it answers, like `delayMs`. */
  until?: Promise<unknown>;
  /** Closes the connection without an answer, before the request is processed or after. */
  hangup?: 'before' | 'after';
}

/** The faults still to come, oldest first. */
export class FaultQueue {
  #faults: (Fault & { times: number })[] = [];

  add(fault: Fault): void {
    this.#faults.push({ ...fault, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The first fault that the request meets, which is then spent once. */
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
