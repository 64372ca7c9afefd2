import type { ConfigFlags } from '@tracebloc/ingestor-config';
import * as pipeline from '@tracebloc/ingestor-pipeline';
import type {
  IngestResult,
  TrainTestResult,
  TrainTestValidation,
  RunObserver,
  ValidationResult,
} from '@tracebloc/ingestor-pipeline';
import { loadHost } from './plugins/host.js';
import { type InstalledTask, loadTasks, resolve } from '@tracebloc/ingestor-cli';
import { prepareLocal } from './services/local/prepare.js';
import { resolveTrainTest } from './services/train-test.js';

export { IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
export type { Finding, FindingCode, TaskType } from '@tracebloc/ingestor-contract';
export type {
  IngestResult,
  TrainTestResult,
  TrainTestValidation,
  PhaseEvent,
  Progress,
  RunObserver,
  RunPhase,
  ValidationResult,
} from '@tracebloc/ingestor-pipeline';
export type { InstalledTask } from '@tracebloc/ingestor-cli';

/** The path of an ingest.yaml, or its content as an object; paths in an object are relative to `cwd`. */
export type ConfigSource = string | Readonly<Record<string, unknown>>;

export interface ValidateRequest {
  config?: ConfigSource;
  /** Wins over the environment and the configuration, as the flags of the command line do. */
  flags?: Omit<ConfigFlags, 'config'>;
  /** Default: `process.env`, which is not changed. Pass secrets here if other code of the process must not find them. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Default: `process.cwd()`. */
  cwd?: string;
  /** Aborting ends the run after the batch under way with an `InterruptedError`; the same request resumes it. */
  signal?: AbortSignal;
  /** Receives progress and events. */
  observer?: RunObserver;
}

export interface IngestRequest extends ValidateRequest {
  /** Replaces the dataset that the table holds. */
  overwrite?: boolean;
  /** Drops what an interrupted run has staged, and starts again. */
  restart?: boolean;
  /** Waits while another process works on the table, instead of failing. */
  wait?: boolean;
}

export interface ValidateTrainTestRequest extends Omit<ValidateRequest, 'config' | 'flags'> {
  /** The configurations of a train and a test dataset, in any order. */
  configs: readonly [ConfigSource, ConfigSource];
  /** As for one dataset, for both. */
  flags?: Omit<ConfigFlags, 'config' | 'intent' | 'labelFile' | 'table' | 'title'>;
  /** Reports rows and files that are in both datasets as warnings, not as errors. */
  allowLeakage?: boolean;
}

export interface IngestTrainTestRequest
  extends ValidateTrainTestRequest, Pick<IngestRequest, 'overwrite' | 'restart' | 'wait'> {}

/** Returns the tasks of the format plugins that are installed beside this package or with `ingestor plugins install`. */
export async function tasks(): Promise<InstalledTask[]> {
  return loadTasks(await loadHost(import.meta.url));
}

/** Checks a dataset and writes nothing. Throws `IngestorError` for a wrong configuration; findings are in the result. */
export async function validate(request: ValidateRequest = {}): Promise<ValidationResult> {
  return pipeline.validate(await configOf(request, 'validate'), request);
}

/**
 * Validates a dataset, writes it to the database and registers it, once. Throws an `IngestorError` if the run fails. If
 * the data is not valid, nothing is published, and the result has the outcome `invalid` and the findings.
 */
export async function ingest(request: IngestRequest = {}): Promise<IngestResult> {
  const config = await configOf(request, 'ingest');
  if (request.flags?.local) await prepareLocal(config.storage.path);
  return pipeline.ingest(config, request);
}

/** Checks a train and a test dataset, and each against the other, and writes nothing. */
export async function validateTrainTest(request: ValidateTrainTestRequest): Promise<TrainTestValidation> {
  return pipeline.validateTrainTest(await trainTestOf(request, 'validate'), request);
}

/**
 * Ingests a train and a test dataset as one, after both were validated and compared. Throws as `ingest` does; the same
 * request completes what was cut off.
 */
export async function ingestTrainTest(request: IngestTrainTestRequest): Promise<TrainTestResult> {
  const configs = await trainTestOf(request, 'ingest');
  if (request.flags?.local) await prepareLocal(configs.train.storage.path);
  return pipeline.ingestTrainTest(configs, request);
}

async function trainTestOf(
  { configs: [first, second], flags, env, cwd }: ValidateTrainTestRequest,
  purpose: 'ingest' | 'validate',
) {
  const installed = await tasks();
  const request = { tasks: installed.map(({ task }) => task), purpose, env, cwd };
  const { configs } = await resolveTrainTest([sourceOf(first, flags), sourceOf(second, flags)], request);
  return configs;
}

async function configOf(request: ValidateRequest, purpose: 'ingest' | 'validate') {
  const { config, flags, env, cwd } = request;
  const installed = await tasks();
  const resolution = await resolve({
    ...sourceOf(config, flags),
    tasks: installed.map(({ task }) => task),
    purpose,
    env,
    cwd,
  });
  return resolution.config;
}

function sourceOf(config: ConfigSource | undefined, flags: ValidateRequest['flags']) {
  return typeof config === 'string' ? { flags: { ...flags, config } } : { flags, document: config };
}
