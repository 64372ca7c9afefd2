import type { Column } from '@tracebloc/ingestor-contract';
import { ColumnChecksums, type StoredRow } from '../checksums/column-checksums.js';
import { LabelTally } from '../ledger/label-tally.js';
import {
  CHECKSUM_PAGE,
  WORTH_READING_BACK,
  type GuardedCells,
  type ReadBack,
  type ReadBackOptions,
  type StoredRows,
} from './types.js';

/** Reads rows back in the thread that uses it. */
export class RowReadBack implements ReadBack {
  readonly #checksums: ColumnChecksums;
  readonly #labels = new LabelTally();
  #cells: GuardedCells | undefined;
  #following: Promise<void> | undefined;
  #isFaulty = false;
  readonly #least: number;
  /** Whether the table has no rows but these. */
  readonly #isWhole: boolean;
  /** The id before the first row. */
  #afterId: number | undefined;
  /** The id of the last row that was read, and that of the last one that may be read. */
  #at = 0;
  #until = 0;

  constructor(
    private readonly open: () => Promise<GuardedCells>,
    columns: readonly Column[],
    { least, shard }: Pick<ReadBackOptions, 'least' | 'shard'> = {},
  ) {
    this.#checksums = new ColumnChecksums(columns);
    this.#least = least ?? Math.ceil(WORTH_READING_BACK / (shard?.count ?? 1));
    this.#isWhole = shard === undefined;
  }

  readTo(lastId: number, afterId = 0): void {
    if (this.#afterId === undefined) this.#at = this.#afterId = afterId;
    if (lastId - this.#afterId < this.#least) return;
    this.#until = Math.max(this.#until, lastId);
    this.#following ??= this.#follow().finally(() => (this.#following = undefined));
  }

  async finish(lastId: number): Promise<StoredRows | undefined> {
    this.readTo(lastId);
    await this.#following;
    if (this.#isFaulty || this.#at !== lastId) return undefined;
    // What other rows a table of shards has is asked when all of them are done.
    const isAll = this.#isWhole ? await this.#cells?.isAll(lastId).catch(() => false) : this.#cells !== undefined;
    return isAll ? { checksums: this.#checksums.result, labels: this.#labels.result } : undefined;
  }

  async close(): Promise<void> {
    this.#isFaulty = true;
    await this.#following;
    await this.#cells?.close();
    this.#cells = undefined;
  }

  async #follow(): Promise<void> {
    try {
      while (this.#at < this.#until && !this.#isFaulty) {
        this.#cells ??= await this.open();
        // Beyond the last committed row, the statement would wait for the transaction that is writing.
        const rows = await this.#cells.read(this.#at, Math.min(CHECKSUM_PAGE, this.#until - this.#at));
        if (rows.length === 0) this.#isFaulty = true;
        for (const row of rows) this.#add(row);
      }
    } catch {
      // The reader of the whole table, which is used instead, meets the same failure and reports it.
      this.#isFaulty = true;
      // What is locked need not stay so.
      await this.#cells?.close();
      this.#cells = undefined;
    }
  }

  #add(row: StoredRow): void {
    this.#checksums.addRow(row);
    // The label is the first of `checksumColumns`.
    this.#labels.add(row[1] as string | null);
    this.#at = row[0];
  }
}
