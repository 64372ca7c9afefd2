import type { FindingTotal } from '@tracebloc/ingestor-contract';
import type { Finding, Intent } from '@tracebloc/ingestor-contract';

/** What validation found. */
export interface ValidationResult {
  valid: boolean;
  task: string;
  table: string;
  intent: Intent;
  /** The manifest. */
  source: string;
  /** Rows read, and of these the ones left out because `on_bad_lines` is `warn`. */
  found: number;
  skipped: number;
  errors: number;
  warnings: number;
  totals: FindingTotal[];
  findings: Finding[];
  seconds: number;
}

/** What an ingest did. */
export interface IngestResult {
  outcome:
    /** Everything was done now. */
    | 'ingested'
    /** An earlier process of the run did part of it. */
    | 'resumed'
    /** The table already holds this very dataset. */
    | 'unchanged'
    /** Validation found errors; nothing was published. */
    | 'invalid'
    /** Of a shard: its own records are staged, and others are still at work. */
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
  /** Records that the backend has acknowledged; 0 with the local catalog, which needs none. */
  sent: number;
  /** Rows left out because `on_bad_lines` is `warn`. */
  skipped: number;
  /** Records that did not arrive. */
  failed: number;
  seconds: number;
  /** The folder that holds the dataset's files, of a task that has any. */
  folder?: string;
  /** The database and the registry, for people. */
  database: string;
  registry: string;
  validation?: ValidationResult;
  /** Of a process that was given a shard. */
  shard?: ShardResult;
}

export interface ShardResult {
  /** 0-based. */
  index: number;
  count: number;
  /** Its own records. */
  records: number;
  /** Shards of the run that are done. */
  done: number;
}
