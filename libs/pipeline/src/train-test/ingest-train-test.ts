import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { createReport } from '@tracebloc/ingestor-dataset';
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
  /** Rows and files that are in both datasets are warnings and no errors. */
  allowLeakage?: boolean;
}

export interface IngestTrainTestOptions extends IngestOptions, ValidateTrainTestOptions {}

/**
 * Checks both datasets, and that they go together. Writes nothing. Throws an `IngestorError` where the configurations
 * already do not agree.
 */
export async function validateTrainTest(
  pair: TrainTestConfigs,
  options: ValidateTrainTestOptions = {},
): Promise<TrainTestValidation> {
  return (await checkPair(pair, options)).validation;
}

/** As `validateTrainTest`, with the states of the sources that the verdict is about. */
async function checkPair(
  pair: TrainTestConfigs,
  options: ValidateTrainTestOptions,
): Promise<{ validation: TrainTestValidation; train: CheckedSource; test: CheckedSource }> {
  const { allowLeakage = false, observer = silentObserver, signal = new AbortController().signal } = options;
  const started = performance.now();
  compareTrainTest(pair);
  const report = createReport();
  const check = new TrainTestCheck(pair, report, allowLeakage ? 'warning' : 'error');
  const read = (config: RunConfig, sink?: RecordSink) =>
    checkSource(config, { signal, observer: naming(config, observer), sink });

  const train = await read(pair.train, check.train);
  const valid = train.validation.valid;
  // Against a dataset that could not be read to its end there is nothing to compare.
  const test = await read(pair.test, valid ? check.test : undefined);
  check.finish();
  // Files of train are read until the last of test is.
  await refuseChange(pair.train, train.source);
  await refuseChange(pair.test, test.source);
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
 * Ingests a train and a test dataset as one: both are validated and compared before anything is written; then come the
 * train dataset and the test dataset. Cut off between or within the two, the same call completes what is missing.
 */
export async function ingestTrainTest(
  pair: TrainTestConfigs,
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
  refuseShards(pair);
  compareTrainTest(pair);
  await checkTrainTestMayStart(pair, options);
  const checked = await checkPair(pair, options);
  const { validation } = checked;
  if (!validation.valid) return result('invalid', { validation });

  // What is ingested is what was compared: a source that has changed since does not get in.
  const ingestOne = (config: RunConfig, source: CheckedSource) =>
    ingest(config, { ...options, observer: naming(config, observer), checked: source });
  const train = await ingestOne(pair.train, checked.train);
  if (train.outcome === 'invalid') return result('invalid', { validation, train });
  const test = await ingestOne(pair.test, checked.test).catch((error: unknown) => {
    throw error instanceof IngestorError ? withTrainDone(error, pair) : error;
  });
  return result(test.outcome === 'invalid' ? 'invalid' : 'complete', { validation, train, test });
}

/** A pair is compared before anything is staged, which takes both datasets whole. */
function refuseShards({ train, test }: TrainTestConfigs): void {
  if (!train.shard && !test.shard) return;
  throw new IngestorError({
    code: 'wrong-usage',
    message: 'A train and a test dataset that are ingested as one cannot be divided into shards.',
    fix: 'Check the pair with `ingestor validate`, then ingest each dataset with --shards by itself.',
    exitCode: ExitCode.usage,
  });
}

/** The error with what has been reached in spite of it. */
function withTrainDone({ code, message, fix, exitCode, cause }: IngestorError, { train, test }: TrainTestConfigs) {
  const reached = `Table ${train.table} is ingested and registered; ${test.table} is not yet. The same command completes it.`;
  return new IngestorError({ code, message: `${message}\n${reached}`, fix, exitCode, cause });
}

/** The observer, told of which dataset the progress is. */
function naming({ table }: RunConfig, observer: RunObserver): RunObserver {
  return {
    progress: (progress) => observer.progress({ ...progress, table }),
    debug: (message) => observer.debug(message),
    info: (message) => observer.info(message),
    warn: (message) => observer.warn(message),
  };
}
