import type { RunConfig } from '@tracebloc/ingestor-config';
import type { CheckedSource } from '../run/confirm-source.js';
import { refuseChange } from './refuse-change.js';
import { sourceIdentityOf } from './fingerprint.js';
import { silentObserver, type RunObserver } from '../observer.js';
import { readShard, type ReadOptions } from './read-dataset.js';
import type { ValidationResult } from '../result.js';

export interface ValidateOptions {
  signal?: AbortSignal;
  observer?: RunObserver;
}

/**
 * Checks the whole dataset. Writes nothing and needs neither database nor backend. Throws `source-changed-while-read` if
 * the source changed meanwhile.
 */
export async function validate(config: RunConfig, options: ValidateOptions = {}): Promise<ValidationResult> {
  const { signal = new AbortController().signal, observer = silentObserver } = options;
  const { validation, source } = await checkSource(config, { signal, observer });
  await refuseChange(config, source);
  return validation;
}

/**
 * Checks the whole dataset, and returns the state of the source before that. The caller must call `refuseChange` when it
 * has read the records' files.
 */
export async function checkSource(
  config: RunConfig,
  { signal, observer, sink }: Pick<ReadOptions, 'signal' | 'observer' | 'sink'>,
): Promise<{ validation: ValidationResult; source: CheckedSource }> {
  const before = await sourceIdentityOf(config);
  const about = { runId: 'validate', phase: 'validate', signal, observer, sink, before } as const;
  const { validation, reading } = await readShard(config, about);
  return { validation, source: { ...before, reading } };
}
