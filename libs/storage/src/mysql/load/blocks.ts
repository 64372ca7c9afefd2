/** Bytes of a block. */
const BLOCK = 1 << 20;
/** Bytes that UTF-8 may need for a UTF-16 code unit. */
const MAX_BYTES = 3;
/** Blocks that are kept for the next batches. */
const MAX_FREE = 24;

/** Blocks of memory that are used again: the memory of new ones would be freed late. */
export class BlockPool {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(BLOCK);
  }

  giveBack(block: Buffer): void {
    if (block.length === BLOCK && this.#free.length < MAX_FREE) this.#free.push(block);
  }
}

/** Texts in UTF-8, one after the other, in blocks of a pool. */
export class Blocks {
  readonly #blocks: { block: Buffer; used: number }[] = [];

  constructor(private readonly pool: BlockPool) {}

  write(text: string): void {
    const most = text.length * MAX_BYTES;
    if (most > BLOCK) {
      const block = Buffer.from(text);
      this.#blocks.push({ block, used: block.length });
      return;
    }
    let last = this.#blocks.at(-1);
    if (!last || last.block.length - last.used < most) {
      last = { block: this.pool.take(), used: 0 };
      this.#blocks.push(last);
    }
    last.used += last.block.write(text, last.used);
  }

  get bytes(): Buffer[] {
    return this.#blocks.map(({ block, used }) => block.subarray(0, used));
  }

  /** Gives the blocks back to the pool. The bytes are no longer valid. */
  release(): void {
    for (const { block } of this.#blocks.splice(0)) this.pool.giveBack(block);
  }
}
