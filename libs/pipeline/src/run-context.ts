import type { DatasetRegistry } from '@tracebloc/ingestor-api';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { Database, RunRow } from '@tracebloc/ingestor-storage';
import type { RunObserver } from './observer.js';

/** What every stage of one ingest works with. */
export interface RunContext {
  config: RunConfig;
  database: Database;
  registry: DatasetRegistry;
  run: RunRow;
  title: string;
  signal: AbortSignal;
  observer: RunObserver;
}
