import type { FileTable } from '@tracebloc/ingestor-contract';

/** Must be called with the bytes that a table is made of before it is made. */
export type MakeRoom = (size: number) => void;

interface Kept {
  table: FileTable;
  /** Bytes of what the table is made of. */
  size: number;
}

/** Keeps the tables that were read last, because a run reads each workbook several times. */
export class RecentTables {
  readonly #kept = new Map<string, Kept>();

  /** The kept tables, with the one that is being read, are made of at most `limit` bytes together, or are one table. */
  constructor(private readonly limit: number) {}

  /** Returns the table of a key, which `read` reads unless it is kept. An error of `read` is not kept. */
  async get(key: string, read: (makeRoom: MakeRoom) => Promise<FileTable>): Promise<FileTable> {
    const known = this.#kept.get(key);
    if (known) return known.table;
    let size = 0;
    const table = await read((bytes) => this.#shrink((size = bytes)));
    this.#kept.set(key, { table, size });
    return table;
  }

  /** Forgets the oldest tables, as far as a table of `size` bytes needs it. */
  #shrink(size: number): void {
    let sum = size;
    for (const kept of this.#kept.values()) sum += kept.size;
    for (const [key, kept] of this.#kept) {
      if (sum <= this.limit) return;
      this.#kept.delete(key);
      sum -= kept.size;
    }
  }
}
