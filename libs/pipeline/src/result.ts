import type { Finding, FindingTotal, Intent } from '@tracebloc/ingestor-contract';

export interface ValidationResult {
  valid: boolean;
  task: string;
  table: string;
  intent: Intent;
  /** The path of the manifest. */
  source: string;
  /** Rows that were read. */
  found: number;
  /** Rows of `found` that were left out because `on_bad_lines` is `warn`. */
  skipped: number;
  errors: number;
  warnings: number;
  totals: FindingTotal[];
  findings: Finding[];
  /** Sentences about what the data shows although nothing is wrong. Absent if there is none. */
  notes?: string[];
  seconds: number;
}

export interface IngestResult {
  outcome:
    /** This process did everything. */
    | 'ingested'
    /** An earlier process of the run did part of it. */
    | 'resumed'
    /** The table already holds this dataset. */
    | 'unchanged'
    /** Validation found errors; nothing was published. */
    | 'invalid'
    /** The records of this shard are staged, and other shards are still running. */
    | 'staged';
  runId: string;
  task: string;
  table: string;
  intent: Intent;
  title: string;
  /** Rows in the source. */
  found: number;
  /** Records in the published table. */
  inserted: number;
  /** Records that the backend has acknowledged; 0 with the local catalog, which receives none. */
  sent: number;
  /** Rows left out because `on_bad_lines` is `warn`. */
  skipped: number;
  /** Records that did not arrive. */
  failed: number;
  seconds: number;
  /** The folder with the dataset's files; `undefined` if the task has no files. */
  folder?: string;
  /** Description of the database, without credentials. */
  database: string;
  registry: string;
  validation?: ValidationResult;
  /** The part of this process; `undefined` if it ingested all of the dataset. */
  shard?: ShardResult;
}

export interface ShardResult {
  /** 0-based. */
  index: number;
  count: number;
  /** Records of this shard. */
  records: number;
  /** The number of shards that are done. */
  done: number;
}
