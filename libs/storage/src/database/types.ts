import type { Column, DatasetRecord } from '@tracebloc/ingestor-contract';
import type { Checksums } from '../checksums/column-checksums.js';
import type { LabelTally } from '../ledger/label-tally.js';
import type { ReadBack, ReadBackOptions, ShardOfRun, ShardReadBack } from '../read-back/types.js';
import type { Catalog, LabelCounts, Ledger, RunRow } from '../ledger/types.js';

export interface TableSpec {
  table: string;
  /** The dataset's own columns. They follow the eleven fixed ones. */
  columns: readonly Column[];
}

/** A batch of consecutive records that is being filled. A record's `id` is its ordinal plus 1. */
export interface OpenBatch {
  /**
   * Encodes the record before it returns; the caller need not keep the record. Throws `IngestorError` with code
   * `record-too-large`, and `TypeError` if the number of values is not the number of the table's columns.
   */
  add(record: DatasetRecord, dataId: string): void;
  /**
   * Writes the batch and its ledger row in one transaction, after the batches that were committed before it. It fails if
   * one of those failed. Throws `IngestorError`: `duplicate-data-id` if a data_id is already in the table, and
   * `value-changed` if the server would store another value.
   */
  commit(): Promise<void>;
}

/** Writes to a run's staging table. */
export interface Staging {
  /** The ordinal after the last record that earlier processes of the run, or of the shard, committed; 0 for none. */
  readonly committed: number;
  /** How rows are sent, for logs: `LOAD DATA`, `INSERT` or `SQLite`. */
  readonly method: string;
  /** Begins a batch. `firstOrdinal` is its first record's 0-based ordinal in the run. */
  begin(firstOrdinal: number): OpenBatch;
  close(): Promise<void>;
}

export interface TableLock {
  /** Aborts if the lock is lost before its release, for example because the connection to the server broke. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface ShardLock extends TableLock {
  /** Records which run the shard has joined. */
  join(runId: string): Promise<void>;
}

/** Which locks of a run's processes are held. */
export interface ShardLocks {
  /** Whether a process has the lock of the table. */
  isTableLocked: boolean;
  /** The shards whose processes are alive. */
  alive: ReadonlySet<number>;
  /** The shards whose rows nobody can change, since before they were read back. */
  guarding: ReadonlySet<number>;
}

/** Rows by their ids: those after `after`, up to and with `to`. */
export interface IdRange {
  after: number;
  to: number;
}

/** The fields of a record that are sent to the backend. */
export type RecordMeta = { ordinal: number; dataId: string; label: string | null };

/** The name of a record's own file; both parts are null for tabular data. */
export type RecordFileName = { ordinal: number; filename: string | null; extension: string | null };

/** What the database holds of a run in addition to its row in the ledger and its dataset. */
export interface RunLeftovers {
  runId: string;
  /** The run's staging table, and the table that it was replacing. */
  tables: string[];
  /** The number of the ledger's rows for its batches and calls. */
  ledgerRows: number;
}

/** The database of datasets: MySQL, MariaDB or the embedded SQLite. */
export interface Database {
  readonly kind: 'mysql' | 'mariadb' | 'sqlite';
  /** The address and name for people, without credentials. */
  readonly description: string;
  readonly ledger: Ledger;
  readonly catalog: Catalog;

  /** Returns a UUID that is stored in the database and identifies it, whatever its name or address. */
  identity(): Promise<string>;

  /**
   * Returns the name by which the database and its ledger know the table. It differs from `written` on servers that ignore
   * case in names of tables. Use it wherever a table's name is needed.
   */
  tableName(written: string): Promise<string>;
  /** Takes the table's lock, which ends with this process. Throws `TableLockedError`. */
  lock(table: string, runId: string): Promise<TableLock>;
  /** Takes the lock of a shard; several shards may be locked at the same time. Throws `ShardLockedError`. */
  lockShard(table: string, runId: string, shard: number): Promise<ShardLock>;
  /** Takes the table's lock even if shards are locked, for a shard that works on the whole run. */
  lockBesideShards(table: string, runId: string): Promise<TableLock>;
  /** Throws `TableLockedError` if a process has the lock of one of the table's shards and, with `runId`, has joined that run. */
  refuseLiveShards(table: string, runId?: string): Promise<void>;
  /** Returns the dataset's own columns, or undefined if there is no such table. `sql` is the column's type. */
  columnsOf(table: string): Promise<{ name: string; sql: string }[] | undefined>;
  /** Creates the run's staging table, or opens the one that an earlier process of the run left. */
  stage(run: RunRow, spec: TableSpec, shard?: number): Promise<Staging>;
  /** Removes what a shard has staged, in one transaction, and sets the run's state to `staging`. */
  dropShard(runId: string, shard: number): Promise<void>;
  /** Removes the run's staging table, if there is one. */
  dropStaging(runId: string): Promise<void>;
  /**
   * Gives the staging table the target's name, in one step for readers, and sets the run's state to `published`. An
   * existing table is replaced, and its run is marked superseded. Repeating the call after a crash finishes it. `report`
   * gets a sentence if sessions of others use the table for so long that publishing waits for them.
   */
  publish(run: RunRow, report?: (waiting: string) => void): Promise<void>;
  /** Returns the leftovers of every run, including runs that the ledger does not know. */
  runLeftovers(): Promise<RunLeftovers[]>;
  /** Removes what `runLeftovers` returns for the run. */
  dropLeftovers(runId: string): Promise<void>;
  /**
   * Throws if something other than a table has this name, or if a foreign key of another table refers to the table: it
   * could not be replaced or removed then. Objects that this user may not see are not found.
   */
  confirmReplaceable(table: string): Promise<void>;
  /**
   * Removes the dataset's table, its catalog entry and its run's leftovers, and marks the run superseded. `dropped` is
   * called after the table is removed. If it fails, the catalog keeps the entry, and the deletion may be repeated.
   */
  drop(table: string, dropped?: () => Promise<void>): Promise<void>;
  count(table: string): Promise<number>;
  /** Counts the values of a column that are not NULL, each once. The time grows with the number of rows. */
  countDistinct(table: string, column: string): Promise<number>;
  /** Stores in the ledger how often each label occurs in what the run loaded, for as long as its dataset exists. */
  keepLabels(runId: string, labels: LabelCounts): Promise<void>;
  /** Counts the labels in the table. The time grows with the number of rows. */
  labelCounts(table: string): Promise<LabelCounts>;
  /** Returns at most `limit` records from the ordinal on, in order. */
  readMeta(table: string, fromOrdinal: number, limit: number): Promise<RecordMeta[]>;
  /** Returns the names of the records' files, paged like `readMeta`. */
  readFileNames(table: string, fromOrdinal: number, limit: number): Promise<RecordFileName[]>;
  /**
   * Reads all rows of the table and returns their checksums. `columns` are the dataset's own. `progress` gets the number
   * of rows read so far after each page, and may throw to stop the reading. `labels` counts the labels of the rows. With a
   * `range`, only its rows are read.
   */
  readChecksums(
    table: string,
    columns: readonly Column[],
    progress?: (records: number) => void,
    labels?: LabelTally,
    range?: IdRange,
  ): Promise<Checksums>;
  /** Begins to read a staging table back while rows are written to it; `columns` are the dataset's own. */
  readBack(table: string, columns: readonly Column[], options: ReadBackOptions): ReadBack;
  /** Notes in the ledger what a shard has read back. It must be called before the shard's state is `staged`. */
  keepReadBack(shard: ShardOfRun, readBack: ShardReadBack): Promise<void>;
  shardLocks(run: RunRow): Promise<ShardLocks>;
  /**
   * Lets others change the rows that shards guard, and forgets what they have read back. Returns the shards whose rows nobody
   * could change until now. The table cannot be renamed or removed before.
   */
  releaseShards(run: Pick<RunRow, 'runId' | 'shards'>): Promise<ReadonlySet<number>>;
  /** Counts the rows of the table that the run did not write. */
  countForeign(table: string, runId: string): Promise<number>;
  /** Returns the bytes in the embedded database's file that are filled before it grows; 0 for a server. */
  freeBytes(): Promise<number>;
  /**
   * Throws `storage-lost` if the embedded database's file is no longer the open one, and `lock-lost` if a lock's file is
   * gone. Does nothing for a server, whose connections break instead.
   */
  confirmPresent(): Promise<void>;
  /** Removes the files of locks that nobody holds. Earlier versions and killed processes leave them behind. */
  removeStaleLocks(): Promise<void>;
  /** Closes the connections. The embedded database also returns its unused pages to the volume. */
  close(): Promise<void>;
}
