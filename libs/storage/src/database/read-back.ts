import type { Column } from '@tracebloc/ingestor-contract';
import { ColumnChecksums, type Checksums, type StoredRow } from '../checksums/column-checksums.js';
import { LabelTally } from '../ledger/label-tally.js';
import type { LabelCounts } from '../ledger/types.js';

/** Rows of a page of cells. Longer pages are not faster and need more memory. */
export const CHECKSUM_PAGE = 1000;
/** Characters or bytes after which a page of cells ends. A single row may have more. */
export const PAGE_TEXT = 4 << 20;

/** Reads a table's cells, page by page. */
export interface CellReader {
  /**
   * Returns the next rows in the order of their ids: at most `limit`, and fewer when they reach `PAGE_TEXT`. Returns none
   * at the end.
   */
  read(afterId: number, limit: number): Promise<StoredRow[]>;
  close(): Promise<void>;
}

/** Reads cells of rows that stay as they were read until it is closed, or whose change it notices. */
export interface GuardedCells extends CellReader {
  /** Returns whether the table holds the rows that were read, as they were, and no others. `lastId` is the last one's id. */
  areUnchanged(lastId: number): Promise<boolean>;
}

/** What was read back of a table. */
export interface StoredRows {
  checksums: Checksums;
  labels: LabelCounts;
}

/** Reads the committed rows of a table back while others are still written. The rows have the ids from 1 on. */
export class ReadBack {
  readonly #checksums: ColumnChecksums;
  readonly #labels = new LabelTally();
  #cells: GuardedCells | undefined;
  #following: Promise<void> | undefined;
  #isFaulty = false;
  /** The id of the last row that was read, and that of the last one that may be read. */
  #at = 0;
  #until = 0;

  constructor(
    private readonly open: () => Promise<GuardedCells>,
    columns: readonly Column[],
  ) {
    this.#checksums = new ColumnChecksums(columns);
  }

  /** Begins to read the rows up to this id, which are committed. It never throws; see `finish`. */
  readTo(lastId: number): void {
    this.#until = Math.max(this.#until, lastId);
    this.#following ??= this.#follow().finally(() => (this.#following = undefined));
  }

  /**
   * Reads the rest of the rows up to this id. Returns what the table holds, or `undefined` if that cannot be told from this
   * reading: a statement failed, or somebody else changed the table.
   */
  async finish(lastId: number): Promise<StoredRows | undefined> {
    this.readTo(lastId);
    await this.#following;
    if (this.#isFaulty || this.#at !== lastId) return undefined;
    const isUnchanged = await this.#cells?.areUnchanged(lastId).catch(() => false);
    return isUnchanged ? { checksums: this.#checksums.result, labels: this.#labels.result } : undefined;
  }

  /** Stops reading, and lets others change the rows again. */
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
    }
  }

  #add(row: StoredRow): void {
    this.#checksums.addRow(row);
    // The label is the first of `checksumColumns`.
    this.#labels.add(row[1] as string | null);
    this.#at = row[0];
  }
}
