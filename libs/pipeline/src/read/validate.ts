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
 * Checks the whole dataset. Writes nothing and needs neither database nor backend. Throws `source-changed-while-read`
 * where the verdict would be about a source that has changed meanwhile.
 */
export async function validate(config: RunConfig, options: ValidateOptions = {}): Promise<ValidationResult> {
  const { signal = new AbortController().signal, observer = silentObserver } = options;
  const { validation, source } = await checkSource(config, { signal, observer });
  await refuseChange(config, source);
  return validation;
}

/**
 * Checks the whole dataset, and tells which state of the source it was. The caller asks `refuseChange` once it is done
 * with the records' files.
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
