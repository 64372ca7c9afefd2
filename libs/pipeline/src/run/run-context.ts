import type { DatasetRegistry } from '@tracebloc/ingestor-api';
import type { RunConfig, Shard } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import type { CheckedSource } from './confirm-source.js';
import type { RunObserver } from '../observer.js';
import type { Stores } from '../stores.js';

/** What every stage of one ingest works with. */
export interface RunContext extends Stores {
  config: RunConfig;
  registry: DatasetRegistry;
  run: RunRow;
  /** Which of several processes this is; absent where it does all. */
  shard?: Shard;
  /** What of the source was checked together with another dataset; only that may be published. */
  checked?: CheckedSource;
  title: string;
  signal: AbortSignal;
  observer: RunObserver;
}

/** Whether datasets of the task have files, and so a folder on the shared volume. */
export function hasFiles({ task }: RunConfig): boolean {
  return task.layout.sidecars.length > 0;
}
