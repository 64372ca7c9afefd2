/** How far the writing of a batch is, for the batch after it, which is loaded while this one is committed. */
export class Turn {
  readonly #loaded = Promise.withResolvers<undefined>();
  readonly #failed = Promise.withResolvers<undefined>();
  #hasFailed = false;
  /** The batch after this one. */
  next: Turn | undefined;
  /** The attempt to commit the batch that is under way, once its rows are sent; it ends with their commit or rollback. */
  sending: Promise<void> | undefined;
  /** Resolves when the batch is committed, and rejects if it never will be. */
  committed: Promise<void> = Promise.resolve();

  /** Returns the turn of a batch that is committed. */
  static done(): Turn {
    const turn = new Turn();
    turn.loaded();
    return turn;
  }

  loaded(): void {
    this.#loaded.resolve(undefined);
  }

  /**
   * Ends an attempt that failed. The next batch gives way: this one could otherwise wait for rows of the next, which waits for
   * the commit of this one. Resolves when the next batch has rolled its rows back.
   */
  async fail(): Promise<void> {
    this.#hasFailed = true;
    this.#failed.resolve(undefined);
    await this.next?.sending?.catch(() => undefined);
  }

  /** Resolves when the next batch may be loaded. Returns whether this one is committed then. */
  async mayLoad(): Promise<boolean> {
    if (!this.#hasFailed) await Promise.race([this.#loaded.promise, this.#failed.promise]);
    if (this.#hasFailed) await this.committed;
    return this.#hasFailed;
  }

  /** Resolves when the next batch may be committed. Returns false if it must give way instead. */
  async mayCommit(): Promise<boolean> {
    await Promise.race([this.committed, this.#failed.promise]);
    return !this.#hasFailed;
  }
}
