import type { DatasetRegistry } from '@tracebloc/ingestor-api';
import type { RunConfig, Shard } from '@tracebloc/ingestor-config';
import type { ReadBack, RunRow } from '@tracebloc/ingestor-storage';
import type { RunObserver, RunPhase } from '../observer.js';
import type { Stores } from '../stores.js';
import type { CheckedSource } from './confirm-source.js';

/** What every step of one ingest works with. */
export interface RunContext extends Stores {
  config: RunConfig;
  registry: DatasetRegistry;
  /** The run as it was when this process began or continued it. */
  run: RunRow;
  /** The part of the source that this process reads; `undefined` if it reads all of it. */
  shard?: Shard;
  /** The state of the source that was compared with another dataset. No other state may be published. */
  checked?: CheckedSource;
  title: string;
  /** Reads what this process stages, while it stages it. */
  readBack?: ReadBack;
  signal: AbortSignal;
  observer: RunObserver;
}

export function enterPhase({ observer, run: { runId, table } }: RunContext, phase: RunPhase): void {
  observer.phase?.({ phase, table, runId });
}

/** Returns whether datasets of the task have files, and so a folder on the shared volume. */
export function hasFiles({ task }: RunConfig): boolean {
  return task.layout.sidecars.length > 0;
}
