import type { Column, DatasetRecord, Intent, JsonObject, JsonValue } from '@tracebloc/ingestor-contract';
import type { Checksums } from './checksums/column-checksums.js';
import type { LabelTally } from './ledger/label-tally.js';

export type RunState =
  /** Records are being validated and staged; nobody sees them. */
  | 'staging'
  /** All records are staged and valid. */
  | 'staged'
  /** The table and folder are being renamed. */
  | 'publishing'
  /** The dataset is visible; the backend may not know all of it. */
  | 'published'
  /** Done. */
  | 'registered'
  /** Validation failed, or the run was replaced by `--restart`; nothing of it is left but this row. */
  | 'dropped'
  /** Its dataset was replaced or deleted. */
  | 'superseded';

/** A run's row in the ledger. */
export interface RunRow {
  runId: string;
  table: string;
  task: string;
  intent: Intent;
  state: RunState;
  /** sha256 of what of the configuration decides the dataset's content. */
  configHash: string;
  /** Size, mtime and hash of the head and tail of the source. */
  sourceFingerprint: string;
  /** As `sourceFingerprint`, of the sidecar files with the time of their last change of any kind; empty: not known. */
  sidecarState: string;
  batchSize: number;
  /** Processes that stage it together; 1 where one process does all. */
  shards: number;
  /** Where the run's process is or was. */
  host: string;
  pid: number;
  startedAt: Date;
  updatedAt: Date;
  /** Records committed to the staging table. */
  staged: number;
  /** Records that the backend has acknowledged. */
  sent: number;
  /** Address of the registry with which its registration began; empty before that, and of earlier versions. */
  registry: string;
  /** What was staged was compared with what was loaded, and is it; of earlier versions, what was published. */
  verified: boolean;
}

export type NewRun = Pick<
  RunRow,
  'runId' | 'table' | 'task' | 'intent' | 'configHash' | 'sourceFingerprint' | 'batchSize' | 'shards'
> &
  Partial<Pick<RunRow, 'sidecarState'>>;

export type ShardState =
  /** Its records are being validated and staged, or were when its process was cut off. */
  | 'staging'
  /** All its records are staged, and valid as far as they tell. */
  | 'staged'
  /** Errors were found in its rows, or by it in the dataset. */
  | 'invalid'
  /** Its process has ended since errors were found elsewhere. */
  | 'told';

/** A shard's row in the ledger, written when its process begins. */
export interface ShardRow {
  /** 0-based. */
  shard: number;
  state: ShardState;
  /** Where the shard's process is or was. */
  host: string;
  pid: number;
  updatedAt: Date;
  /** Its own records. */
  records: number;
  /** Its own rows that were left out because `on_bad_lines` is `warn`. */
  skipped: number;
  /** Records of the dataset up to the end of what it has read. */
  total: number;
  /** What the task handed on. */
  part: JsonValue;
  /** Of its own records; nothing of a shard that an earlier version staged. */
  checksums: Checksums | null;
}

/** What is known of a shard once it is staged. */
export type ShardOutcome = Pick<ShardRow, 'records' | 'skipped' | 'total' | 'part' | 'checksums'>;

/** Names of the backend calls made once a run, as the ledger holds them. */
export type RegistrationCall = 'edge-labels' | 'global-metadata' | 'prepare' | 'dataset';

/** What happened, kept in the database beside the data, so that a run can continue after it was cut off anywhere. */
export interface Ledger {
  /** The table's newest run that is not dropped or superseded. */
  current(table: string): Promise<RunRow | undefined>;
  get(runId: string): Promise<RunRow | undefined>;
  /** The table's newest run, whatever has become of it. */
  latest(table: string): Promise<RunRow | undefined>;
  /** The runs, or those of a table, in the order of their beginnings; with a limit, the newest. `offset` leaves out newer ones. */
  list(page?: Page & { table?: string }): Promise<RunRow[]>;
  /** How many runs there are, or of a table. */
  count(table?: string): Promise<number>;
  /** The runs whose ids begin like this. */
  beginningWith(beginning: string): Promise<RunRow[]>;
  /** Inserts the run with state `staging` and this process as its place. */
  begin(run: NewRun): Promise<RunRow>;
  /** Makes this process the run's place, when it continues what another process began. */
  adopt(runId: string): Promise<void>;
  /** Notes the state of the sidecar files in which the run's reading begins, or was found to be right. */
  setSidecarState(runId: string, sidecarState: string): Promise<void>;
  /** `checksums`, of what was loaded, come with `staged`. */
  setState(runId: string, state: RunState, checksums?: Checksums): Promise<void>;
  /** Of what the run loaded; nothing while it is staged, or where an earlier version staged it. */
  checksums(runId: string): Promise<Checksums | undefined>;
  /** Records that what the run has stored is what was loaded. */
  markVerified(runId: string): Promise<void>;
  /** What `Database.keepLabels` kept; undefined where it did not. */
  labels(runId: string): Promise<LabelCounts | undefined>;
  /** The run's shards that have begun, in order. */
  shards(runId: string): Promise<ShardRow[]>;
  /** Sets a shard's state, with this process as its place; `outcome` comes with `staged`. */
  setShard(runId: string, shard: number, state: ShardState, outcome?: ShardOutcome): Promise<void>;
  /**
   * Sets the run's state to `staged` where it is `staging` and every shard is staged. True for one caller only, however
   * many call at the same moment.
   */
  closeStaging(runId: string): Promise<boolean>;
  /** Notes with which registry the run's registration begins; what was acknowledged so far stays. */
  setRegistry(runId: string, address: string): Promise<void>;
  /** Makes the run one that is published, and of which nothing is registered yet, and nothing elsewhere. */
  unregister(runId: string, address: string): Promise<void>;
  /** Records that the backend has acknowledged everything up to and excluding this ordinal. */
  markSent(runId: string, sent: number): Promise<void>;
  markCall(runId: string, call: RegistrationCall): Promise<void>;
  calls(runId: string): Promise<ReadonlySet<RegistrationCall>>;
}

/** A dataset as the local catalog holds it. */
export interface CatalogEntry {
  table: string;
  title: string;
  task: string;
  intent: Intent;
  dataFormat: string;
  runId: string;
  records: number;
  /** Every column of the table to its SQL type. */
  schema: Record<string, string>;
  metadata: JsonObject;
  /** `local`, or the backend's address; empty while the dataset is not registered. */
  registeredWith: string;
  createdAt: Date;
}

export interface Catalog {
  put(entry: Omit<CatalogEntry, 'createdAt'>): Promise<void>;
  get(table: string): Promise<CatalogEntry | undefined>;
  /** By name. */
  list(page?: Page): Promise<CatalogEntry[]>;
  count(): Promise<number>;
  remove(table: string): Promise<void>;
}

export interface TableSpec {
  table: string;
  /** The dataset's own columns, after the eleven fixed ones. */
  columns: readonly Column[];
}

/** A batch that is being filled. Consecutive records; a record's `id` is its ordinal plus 1. */
export interface OpenBatch {
  /**
   * Encodes the record at once, so that it may be forgotten. Throws `IngestorError` with code `record-too-large`, and
   * `TypeError` where it has another number of values than the table has columns.
   */
  add(record: DatasetRecord, dataId: string): void;
  /**
   * Writes the batch and its ledger row in one transaction, after the batches that were committed before it; where one
   * of them fails or has failed, this one fails with it. Throws `IngestorError`: with code `duplicate-data-id` when a data_id is there
   * already, `value-changed` when the server would store another value.
   */
  commit(): Promise<void>;
}

/** The writing end of a run's staging table. */
export interface Staging {
  /** Ordinal after the last record that earlier processes of the run, or of the shard, committed; 0 for none. */
  readonly committed: number;
  /** How the rows travel, for logs: `LOAD DATA`, `INSERT` or `SQLite`. */
  readonly method: string;
  /** Begins a batch whose first record has the given 0-based ordinal in the run. */
  begin(firstOrdinal: number): OpenBatch;
  /** Also gives the volume back what the embedded database does not need any more. */
  close(): Promise<void>;
}

export interface TableLock {
  /** Aborts when the lock is lost before its release, as when the connection to the server breaks. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface ShardLock extends TableLock {
  /** Says of which run the shard turned out to be. */
  join(runId: string): Promise<void>;
}

export type LabelCount = { label: string | null; records: number };
/** How often each label occurs. */
export interface LabelCounts {
  /** The commonest first, at most 1,000. */
  labels: LabelCount[];
  /** Distinct labels, NULL among them; more than `labels` has where that was capped. */
  distinct: number;
  /** There were too many to count: there are at least `distinct`, and `labels` is empty. */
  moreDistinct?: boolean;
}

/** Part of a list. */
export interface Page {
  /** Default: all. */
  limit?: number;
  /** How many to leave out before. */
  offset?: number;
}
/** What the backend learns of a record. */
export type RecordMeta = { ordinal: number; dataId: string; label: string | null };

/** How a record's own file is called; without one for tabular data. */
export type RecordFileName = { ordinal: number; filename: string | null; extension: string | null };

/** What the database holds of a run beside its own row in the ledger and its dataset. */
export interface RunLeftovers {
  runId: string;
  /** Its staging table, and the table that it was replacing. */
  tables: string[];
  /** The ledger's rows of its batches and calls. */
  ledgerRows: number;
}

/** The database of datasets: MySQL, MariaDB or the embedded SQLite. */
export interface Database {
  readonly kind: 'mysql' | 'mariadb' | 'sqlite';
  /** For people: address and name, never a credential. */
  readonly description: string;
  readonly ledger: Ledger;
  readonly catalog: Catalog;

  /** A UUID that tells this database from any other on the same volume, whatever its name or address. It is kept in it. */
  identity(): Promise<string>;

  /**
   * The one name by which the database and its ledger know the table. It differs from what was written where the server
   * does not tell upper from lower case in names of tables; all that goes by a table's name must go by this one.
   */
  tableName(written: string): Promise<string>;
  /** Takes the table's lock, which dies with this process. Throws `table-locked`, naming holder, since and host. */
  lock(table: string, runId: string): Promise<TableLock>;
  /** Takes the lock of a shard, which may be had beside those of other shards. Throws `shard-locked`. */
  lockShard(table: string, runId: string, shard: number): Promise<ShardLock>;
  /** As `lock`, but beside the table's shards: for a shard that works on the run as a whole. */
  lockBesideShards(table: string, runId: string): Promise<TableLock>;
  /** Throws `table-locked` where a process holds the lock of one of the table's shards; `runId`: and has joined that run. */
  refuseLiveShards(table: string, runId?: string): Promise<void>;
  /** The dataset's own columns (name and SQL type) of a table that exists. */
  columnsOf(table: string): Promise<{ name: string; sql: string }[] | undefined>;
  /** Creates the run's staging table, or opens what an earlier process of the run left. */
  stage(run: RunRow, spec: TableSpec, shard?: number): Promise<Staging>;
  /** Removes what a shard has staged, in one step; the run's state becomes `staging`. */
  dropShard(runId: string, shard: number): Promise<void>;
  /** Removes the run's staging table, if there is one. */
  dropStaging(runId: string): Promise<void>;
  /**
   * Gives the staging table the target's name, in one step for readers, and sets the run's state to `published`.
   * A table that is there is replaced and its run marked superseded. Repeating it after a crash finishes it. `told` is
   * given a sentence where others use that table for so long that publishing waits for them.
   */
  publish(run: RunRow, told?: (waiting: string) => void): Promise<void>;
  /** What there is of every run, also of those that the ledger does not know. */
  runLeftovers(): Promise<RunLeftovers[]>;
  /** Removes what `runLeftovers` tells of the run. */
  dropTraces(runId: string): Promise<void>;
  /**
   * Throws where the table's name is taken by what is no table, or another table refers to it by a foreign key: then it
   * could be neither replaced nor removed. What this user may not see is not found.
   */
  confirmReplaceable(table: string): Promise<void>;
  /**
   * Removes the dataset's table, its catalog entry and what is left of its run, and marks that superseded. `dropped` is
   * called when the table is gone; as long as it fails, the catalog keeps the entry, and the deletion may be repeated.
   */
  drop(table: string, dropped?: () => Promise<void>): Promise<void>;
  count(table: string): Promise<number>;
  /** Keeps in the ledger how often each label occurs in what the run loaded, as long as its dataset is there. */
  keepLabels(runId: string, labels: LabelCounts): Promise<void>;
  /** Counts the labels of the table's rows, which takes time that grows with them. */
  labelCounts(table: string): Promise<LabelCounts>;
  /** The records from the ordinal on, at most `limit`, in order. */
  readMeta(table: string, fromOrdinal: number, limit: number): Promise<RecordMeta[]>;
  /** As `readMeta`, of the records' files. */
  readFileNames(table: string, fromOrdinal: number, limit: number): Promise<RecordFileName[]>;
  /**
   * The checksums of what the table holds, of the rows read anew; `columns` are the dataset's own. `told` is given the
   * number of rows read, now and then, and may throw to end the reading. `labels` counts those of the rows.
   */
  readChecksums(
    table: string,
    columns: readonly Column[],
    told?: (records: number) => void,
    labels?: LabelTally,
  ): Promise<Checksums>;
  /** Rows of the table that the run did not write. */
  countForeign(table: string, runId: string): Promise<number>;
  /** Bytes of the embedded database's file that are filled before it grows; 0 on a server. */
  freeBytes(): Promise<number>;
  /**
   * Throws `storage-lost` where the embedded database's file is not the one that is open, and `lock-lost` where the file of
   * a lock is gone. A server tells by its connections.
   */
  confirmPresent(): Promise<void>;
  /** Removes the files of locks that nobody holds, which earlier versions and killed processes have left. */
  removeStaleLocks(): Promise<void>;
  /** Also gives the volume back what the embedded database does not need any more. */
  close(): Promise<void>;
}
