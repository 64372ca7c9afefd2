import type { RunConfig } from '@tracebloc/ingestor-config';
import { silentObserver, type RunObserver } from './observer.js';
import { readDataset } from './read-dataset.js';
import type { ValidationResult } from './result.js';

export interface ValidateOptions {
  signal?: AbortSignal;
  observer?: RunObserver;
}

/** Checks the whole dataset. Writes nothing and needs neither database nor backend. */
export async function validate(config: RunConfig, options: ValidateOptions = {}): Promise<ValidationResult> {
  return readDataset(config, {
    runId: 'validate',
    phase: 'validate',
    signal: options.signal ?? new AbortController().signal,
    observer: options.observer ?? silentObserver,
  });
}
