import { IngestorError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { createReport } from '@tracebloc/ingestor-dataset';
import { errors, withNote } from '../errors.js';
import type { CheckedSource } from '../run/confirm-source.js';
import { refuseChange } from '../read/refuse-change.js';
import { ingest, type IngestOptions } from '../run/ingest.js';
import { silentObserver, type RunObserver } from '../observer.js';
import { TrainTestCheck } from './check.js';
import { compareTrainTest, type TrainTestConfigs } from './compare-configs.js';
import { checkTrainTestMayStart } from './preflight.js';
import type { TrainTestResult, TrainTestValidation } from './result.js';
import type { RecordSink } from '../read/read-dataset.js';
import { checkSource, type ValidateOptions } from '../read/validate.js';

export interface ValidateTrainTestOptions extends ValidateOptions {
  /** Rows and files that are in both datasets are warnings instead of errors. */
  allowLeakage?: boolean;
}

export interface IngestTrainTestOptions extends IngestOptions, ValidateTrainTestOptions {}

/**
 * Checks both datasets, and compares them with each other. Writes nothing. Throws an `IngestorError` if the configurations
 * do not agree.
 */
export async function validateTrainTest(
  configs: TrainTestConfigs,
  options: ValidateTrainTestOptions = {},
): Promise<TrainTestValidation> {
  return (await checkTrainTest(configs, options)).validation;
}

/** Does what `validateTrainTest` does, and also returns the state in which each source was checked. */
async function checkTrainTest(
  configs: TrainTestConfigs,
  options: ValidateTrainTestOptions,
): Promise<{ validation: TrainTestValidation; train: CheckedSource; test: CheckedSource }> {
  const { allowLeakage = false, observer = silentObserver, signal = new AbortController().signal } = options;
  const started = performance.now();
  compareTrainTest(configs);
  const report = createReport();
  const check = new TrainTestCheck(configs, report, allowLeakage ? 'warning' : 'error');
  const read = (config: RunConfig, sink?: RecordSink) =>
    checkSource(config, { signal, observer: naming(config, observer), sink });

  const train = await read(configs.train, check.train);
  const valid = train.validation.valid;
  // After an error the rest of the train dataset was not taken, so that comparing would miss rows.
  const test = await read(configs.test, valid ? check.test : undefined);
  check.finish();
  // The train dataset's files are read until the end of the test dataset, since files are compared by content.
  await refuseChange(configs.train, train.source);
  await refuseChange(configs.test, test.source);
  const { errors, warnings } = report;
  const validation = {
    valid: valid && test.validation.valid && errors === 0,
    train: train.validation,
    test: test.validation,
    between: { errors, warnings, totals: report.totals(), findings: report.findings() },
    seconds: (performance.now() - started) / 1000,
  };
  return { validation, train: train.source, test: test.source };
}

/**
 * Ingests a train and a test dataset together. Both are validated and compared before anything is written. Then the train
 * dataset is ingested, then the test dataset. After an interruption the same call completes what is missing.
 */
export async function ingestTrainTest(
  configs: TrainTestConfigs,
  options: IngestTrainTestOptions = {},
): Promise<TrainTestResult> {
  const { observer = silentObserver } = options;
  const started = performance.now();
  const result = (
    outcome: TrainTestResult['outcome'],
    parts: Omit<TrainTestResult, 'outcome' | 'seconds'>,
  ): TrainTestResult => {
    return { outcome, ...parts, seconds: (performance.now() - started) / 1000 };
  };
  refuseShards(configs);
  compareTrainTest(configs);
  await checkTrainTestMayStart(configs, options);
  const checked = await checkTrainTest(configs, options);
  const { validation } = checked;
  if (!validation.valid) return result('invalid', { validation });

  // A source that has changed since it was compared must not be ingested.
  const ingestOne = (config: RunConfig, source: CheckedSource) =>
    ingest(config, { ...options, observer: naming(config, observer), checked: source });
  const train = await ingestOne(configs.train, checked.train);
  if (train.outcome === 'invalid') return result('invalid', { validation, train });
  const reached = `Table ${train.table} is ingested and registered; ${configs.test.table} is not yet. The same command completes it.`;
  const test = await ingestOne(configs.test, checked.test).catch((error: unknown) => {
    throw error instanceof IngestorError ? withNote(error, reached) : error;
  });
  return result(test.outcome === 'invalid' ? 'invalid' : 'complete', { validation, train, test });
}

/** Throws if a configuration has a shard: comparing needs both datasets whole, before anything is staged. */
function refuseShards({ train, test }: TrainTestConfigs): void {
  if (!train.shard && !test.shard) return;
  throw errors.make('wrong-usage', {
    message: 'A train and a test dataset that are ingested together cannot be divided into shards.',
    fix: 'Check both with `ingestor validate`, then ingest each dataset alone, with --shards.',
  });
}

/** Returns an observer whose progress names the dataset's table. */
function naming({ table }: RunConfig, observer: RunObserver): RunObserver {
  return {
    progress: (progress) => observer.progress({ ...progress, table }),
    phase: (event) => observer.phase?.(event),
    debug: (message) => observer.debug(message),
    info: (message) => observer.info(message),
    warn: (message) => observer.warn(message),
  };
}
