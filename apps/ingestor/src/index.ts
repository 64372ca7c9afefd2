import type { ConfigFlags } from '@tracebloc/ingestor-config';
import * as pipeline from '@tracebloc/ingestor-pipeline';
import type { IngestResult, RunObserver, ValidationResult } from '@tracebloc/ingestor-pipeline';
import { loadHost } from './plugins/host.js';
import { loadTasks, type InstalledTask } from './plugins/load-tasks.js';
import { resolve } from './services/resolve.js';

export { IngestorError } from '@tracebloc/ingestor-contract';
export type { Finding, FindingCode, TaskType } from '@tracebloc/ingestor-contract';
export type { IngestResult, Progress, RunObserver, ValidationResult } from '@tracebloc/ingestor-pipeline';
export type { InstalledTask } from './plugins/load-tasks.js';

export interface ValidateRequest {
  /** The path of an ingest.yaml, or its content as an object; paths in an object are relative to `cwd`. */
  config?: string | Readonly<Record<string, unknown>>;
  /** Wins over the environment and the configuration, as the flags of the command line do. */
  flags?: Omit<ConfigFlags, 'config'>;
  /** Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Default: `process.cwd()`. */
  cwd?: string;
  /** Aborting ends the run after the batch under way with an `InterruptedError`; the same request resumes it. */
  signal?: AbortSignal;
  /** Told of progress and events. */
  observer?: RunObserver;
}

export interface IngestRequest extends ValidateRequest {
  /** Replace the dataset that the table holds. */
  overwrite?: boolean;
  /** Drop what an interrupted run has staged and begin anew. */
  restart?: boolean;
}

/** The tasks of the format plugins that are installed beside this package or with `ingestor plugins install`. */
export async function tasks(): Promise<InstalledTask[]> {
  return loadTasks(await loadHost(import.meta.url));
}

/** Checks a dataset and writes nothing. Throws `IngestorError` for a wrong configuration; findings are in the result. */
export async function validate(request: ValidateRequest = {}): Promise<ValidationResult> {
  return pipeline.validate(await configOf(request, 'validate'), request);
}

/**
 * Validates a dataset, writes it to the database and registers it, once. Throws `IngestorError` for whatever stops it;
 * a result whose outcome is `invalid` holds the findings, and nothing was published.
 */
export async function ingest(request: IngestRequest = {}): Promise<IngestResult> {
  return pipeline.ingest(await configOf(request, 'ingest'), request);
}

async function configOf(request: ValidateRequest, purpose: 'ingest' | 'validate') {
  const { config, flags, env, cwd } = request;
  const source = typeof config === 'string' ? { flags: { ...flags, config } } : { flags, document: config };
  const installed = await tasks();
  const resolution = await resolve({ ...source, tasks: installed.map(({ task }) => task), purpose, env, cwd });
  return resolution.config;
}
