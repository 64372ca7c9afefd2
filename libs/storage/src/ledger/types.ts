import type { DatasetStatistics, Intent, JsonObject, JsonValue } from '@tracebloc/ingestor-contract';
import type { Checksums } from '../checksums/column-checksums.js';
import type { ShardReadBack } from '../read-back/types.js';

export type RunState =
  /** Records are being validated and staged; nobody sees them. */
  | 'staging'
  /** All records are staged and valid. */
  | 'staged'
  /** The table and folder are being renamed. */
  | 'publishing'
  /** The dataset is visible; the backend may not know all of it. */
  | 'published'
  /** The backend knows the whole dataset; nothing is left to do. */
  | 'registered'
  /** Validation failed, or `--restart` replaced the run; only this row is left of it. */
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
  /** The sha256 of the part of the configuration that decides the dataset's content. */
  configHash: string;
  /** Size, mtime and hash of the head and tail of the source. */
  sourceFingerprint: string;
  /** Like `sourceFingerprint`, for the sidecar files, with their times of change. It is empty when it is not known. */
  sidecarState: string;
  batchSize: number;
  /** The number of processes that stage the run together. */
  shards: number;
  /** The host of the run's latest process. */
  host: string;
  pid: number;
  startedAt: Date;
  updatedAt: Date;
  /** The number of records committed to the staging table. */
  staged: number;
  /** The number of records that the backend has acknowledged. */
  sent: number;
  /** The address of the backend that the run registers with. It is empty before registration, and in older ledgers. */
  registry: string;
  /** Whether the staged rows were compared with the loaded ones and are equal. Earlier versions compared published rows. */
  verified: boolean;
}

export type NewRun = Pick<
  RunRow,
  'runId' | 'table' | 'task' | 'intent' | 'configHash' | 'sourceFingerprint' | 'batchSize' | 'shards'
> &
  Partial<Pick<RunRow, 'sidecarState'>>;

export type ShardState =
  /** Its records are being staged, or were when its process was killed. */
  | 'staging'
  /** All its records are staged; no error was found in them. */
  | 'staged'
  /** It found errors in its rows or in the dataset. */
  | 'invalid'
  /** Its process has stopped because another shard found errors. */
  | 'stopped';

/** A shard's row in the ledger. It is written when the shard's process begins. */
export interface ShardRow {
  /** 0-based. */
  shard: number;
  state: ShardState;
  /** The host of the shard's latest process. */
  host: string;
  pid: number;
  updatedAt: Date;
  /** The number of the shard's records. */
  records: number;
  /** The number of the shard's rows that were left out because `on_bad_lines` is `warn`. */
  skipped: number;
  /** The number of the dataset's records up to the end of what the shard has read. */
  total: number;
  /** What the task passes on to the merge of the shards. */
  part: JsonValue;
  /** The checksums of the shard's records; null for a shard that an earlier version staged. */
  checksums: Checksums | null;
  /** The statistics of the shard's records; null for a shard that an earlier version staged. */
  statistics: DatasetStatistics | null;
}

/** What is known of a shard after it is staged. */
export type ShardOutcome = Pick<ShardRow, 'records' | 'skipped' | 'total' | 'part' | 'checksums' | 'statistics'>;

/** The names of the backend calls that are made once a run, as the ledger holds them. */
export type RegistrationCall = 'edge-labels' | 'global-metadata' | 'prepare' | 'dataset';

/** The state of all runs. It is kept in the database beside the data, so that an interrupted run can continue. */
export interface Ledger {
  /** Returns the table's newest run that is not dropped or superseded. */
  current(table: string): Promise<RunRow | undefined>;
  get(runId: string): Promise<RunRow | undefined>;
  /** Returns the table's newest run in any state. */
  latest(table: string): Promise<RunRow | undefined>;
  /**
   * Returns all runs, or those of a table, in the order in which they began. With a limit it returns the newest ones;
   * `offset` is the number of newer runs to leave out.
   */
  list(page?: Page & { table?: string }): Promise<RunRow[]>;
  /** Returns all runs in the order in which they began. It takes a fifth of the time of `list`. */
  summaries(): Promise<RunSummary[]>;
  /** Counts all runs, or those of a table. */
  count(table?: string): Promise<number>;
  /** Returns the runs whose ids begin with this text. */
  beginningWith(beginning: string): Promise<RunRow[]>;
  /** Inserts the run with state `staging` and this process's host and pid. */
  begin(run: NewRun): Promise<RunRow>;
  /** Sets the run's host and pid to this process's, when it continues another process's run. */
  adopt(runId: string): Promise<void>;
  /** Stores the state that the sidecar files had when the run began to read them, or when they were last confirmed. */
  setSidecarState(runId: string, sidecarState: string): Promise<void>;
  /** `checksums` and `statistics` are those of the loaded records; they are given with `staged`. */
  setState(runId: string, state: RunState, checksums?: Checksums, statistics?: DatasetStatistics): Promise<void>;
  /** Returns the checksums of what the run loaded; undefined while it is staging, and for runs of earlier versions. */
  checksums(runId: string): Promise<Checksums | undefined>;
  /** Records that the stored rows are equal to the loaded ones. */
  markVerified(runId: string): Promise<void>;
  /** Returns what `Database.keepLabels` stored; undefined if it was not called. */
  labels(runId: string): Promise<LabelCounts | undefined>;
  /** Returns the statistics of the records; undefined for runs of earlier versions, and after the dataset was deleted. */
  statistics(runId: string): Promise<DatasetStatistics | undefined>;
  /** Returns the run's shards that have begun, in order. */
  shards(runId: string): Promise<ShardRow[]>;
  /** Returns the states of the shards that have begun, by their indexes. It reads much less than `shards`. */
  shardStates(runId: string): Promise<ReadonlyMap<number, ShardState>>;
  /** Returns what `Database.keepReadBack` stored, by the indexes of the shards. */
  readBacks(runId: string): Promise<ReadonlyMap<number, ShardReadBack>>;
  /** Sets a shard's state, and its host and pid to this process's. `outcome` is given with `staged`. */
  setShard(runId: string, shard: number, state: ShardState, outcome?: ShardOutcome): Promise<void>;
  /**
   * Sets the run's state to `staged` if it is `staging` and every shard is staged. Returns true to one caller only, even
   * if several call at the same moment.
   */
  closeStaging(runId: string): Promise<boolean>;
  /** Stores the address of the backend that the run registers with. What was acknowledged so far stays. */
  setRegistry(runId: string, address: string): Promise<void>;
  /** Sets the run's state to `published` with nothing registered yet, to register it with the backend at this address. */
  unregister(runId: string, address: string): Promise<void>;
  /** Records that the backend has acknowledged all records with a smaller ordinal than `sent`. */
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
  /** Maps every column of the table to its SQL type. */
  schema: Record<string, string>;
  metadata: JsonObject;
  /** `local` or the backend's address; empty while the dataset is not registered. */
  registeredWith: string;
  createdAt: Date;
}

/** A dataset as a list shows it: what is left out may have a megabyte. */
export type CatalogSummary = Omit<CatalogEntry, 'schema' | 'metadata'>;

/** What tells whether a run still needs what it has left. */
export type RunSummary = Pick<RunRow, 'runId' | 'table' | 'state' | 'staged'>;

export interface Catalog {
  put(entry: Omit<CatalogEntry, 'createdAt'>): Promise<void>;
  get(table: string): Promise<CatalogEntry | undefined>;
  /** Returns the entries sorted by table. */
  list(page?: Page): Promise<CatalogEntry[]>;
  /** Returns the same entries as `list`, without reading their columns and metadata. */
  summaries(page?: Page): Promise<CatalogSummary[]>;
  count(): Promise<number>;
  remove(table: string): Promise<void>;
}

export type LabelCount = { label: string | null; records: number };
/** How often each label occurs. */
export interface LabelCounts {
  /** At most 1,000 labels, the most frequent first. */
  labels: LabelCount[];
  /** The number of distinct labels, including NULL. It may be larger than the length of `labels`. */
  distinct: number;
  /** True when there were too many labels to count: `distinct` is then a lower bound, and `labels` is empty. */
  moreDistinct?: boolean;
}

/** Part of a list. */
export interface Page {
  /** All entries when absent. */
  limit?: number;
  /** The number of entries to leave out before the page. */
  offset?: number;
}
