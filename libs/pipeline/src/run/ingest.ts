import { randomUUID } from 'node:crypto';
import { createLocalRegistry, loadBackendClient, type DatasetRegistry } from '@tracebloc/ingestor-api';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase, stagingTable } from '@tracebloc/ingestor-storage';
import { silentObserver, type RunObserver } from '../observer.js';
import { identityOf } from '../read/fingerprint.js';
import type { IngestResult } from '../result.js';
import { ingestShard } from '../shard/ingest-shard.js';
import { refuseOther, refuseOtherRun, type CheckedSource } from './confirm-source.js';
import { isHidden } from './decide.js';
import { finishRun } from './finish-run.js';
import { describeRun, invalid, titleOf, unchanged, type IngestWork } from './ingest-work.js';
import { resumePublished } from './resume-published.js';
import { retryWhileLocked } from './retry-while-locked.js';
import type { RunContext } from './run-context.js';
import { stageDataset } from './stage.js';
import { startOrResumeRun } from './start-or-resume.js';
import { withTableName } from './table-name.js';
import { checkRoom } from './volume.js';
import { withLock } from './with-lock.js';

export interface IngestOptions {
  /** Replace the dataset that the table holds. */
  overwrite?: boolean;
  /** Drop what an earlier, unfinished run left, and begin again. */
  restart?: boolean;
  /** Wait while another process works on the table, or on this shard, instead of failing. */
  wait?: boolean;
  /** The state of the source that was compared with another dataset. Any other state is refused. */
  checked?: CheckedSource;
  /** Aborting it ends the run after the batch that is being written; `ingest` then throws an `InterruptedError`. */
  signal?: AbortSignal;
  observer?: RunObserver;
}

/**
 * Validates, stages, verifies, publishes and registers a dataset. It continues what an earlier process of the same run
 * left. Throws an `IngestorError` for whatever stops it. Invalid data is a result (`outcome: 'invalid'`), not an error.
 */
export async function ingest(written: RunConfig, options: IngestOptions = {}): Promise<IngestResult> {
  const observer = options.observer ?? silentObserver;
  const signal = options.signal ?? new AbortController().signal;
  const started = performance.now();

  const database = await openDatabase(written.database, signal);
  try {
    observer.info(`Connected to ${database.description}.`);
    const config = await withTableName(written, database, observer);
    observer.phase?.({ phase: 'connected', table: config.table });
    await checkRoom(config, database);
    const registry = await openRegistry(config, observer);
    await registry.signIn(signal);
    const stores = { database, folders: new DatasetFolders(config.storage.path, database) };
    const work = { ...options, ...stores, registry, signal, observer };
    const result = await (config.shard ? ingestShard(config, config.shard, work) : ingestWhole(config, work));
    return { ...result, seconds: (performance.now() - started) / 1000 };
  } finally {
    await database.close();
  }
}

/** Ingests the dataset in this process alone. */
async function ingestWhole(config: RunConfig, work: IngestWork): Promise<Omit<IngestResult, 'seconds'>> {
  const { database, folders, registry, signal, observer, checked } = work;
  const newRunId = randomUUID();
  const lock = await retryWhileLocked(work, () => database.lock(config.table, newRunId));
  return withLock(lock, config.table, async () => {
    const identity = await identityOf(config);
    if (checked) refuseOther(config, identity, checked);
    const options = { ...work, registry: registry.address };
    const { run, resumed } = await startOrResumeRun(config, identity, work, newRunId, options);
    observer.info(`${resumed ? 'Continuing' : 'Beginning'} run ${run.runId} for table ${run.table}.`);
    const either = AbortSignal.any([signal, lock.lost]);
    const title = titleOf(config, run);
    const context = { config, database, folders, registry, run, checked, title, signal: either, observer };
    return completeRun(context, resumed);
  });
}

async function completeRun(started: RunContext, resumed: boolean): Promise<Omit<IngestResult, 'seconds'>> {
  await refuseOtherRun(started);
  const context = isHidden(started.run) ? started : await resumePublished(started);
  const { run } = context;
  const about = describeRun(context);
  if (run.state === 'registered') return { ...about, ...(await unchanged(context)) };

  const outcome = resumed ? 'resumed' : 'ingested';
  if (run.state !== 'staging') {
    const { total: inserted, sent } = await finishRun(context);
    return { ...about, outcome, found: inserted, inserted, sent, skipped: 0, failed: 0 };
  }
  const readBack = context.database.readBack(stagingTable(run.runId), context.config.columns, {
    signal: context.signal,
  });
  try {
    const whole = { ...context, readBack };
    const validation = await stageDataset(whole);
    if (!validation.valid) return { ...about, ...invalid(validation) };
    const { total: inserted, sent } = await finishRun(whole);
    const { found, skipped } = validation;
    return { ...about, outcome, found, inserted, sent, skipped, failed: 0, validation };
  } finally {
    await readBack.close();
  }
}

/** Opens the registry that the configuration names. It signs in nowhere yet. */
export async function openRegistry({ backend, ca }: RunConfig, observer: RunObserver): Promise<DatasetRegistry> {
  if (backend.kind === 'local') return createLocalRegistry();
  const { url, credentials, retrySeconds, timeoutSeconds } = backend;
  const createBackendClient = await loadBackendClient();
  return createBackendClient({
    url,
    ca,
    credentials,
    timeouts: { responseMs: timeoutSeconds * 1000 },
    retry: { budgetMs: retrySeconds * 1000, attempts: Infinity },
    onRetry: ({ reason, delayMs }) =>
      observer.warn(`The backend failed (${reason}); trying again in ${(delayMs / 1000).toFixed(1)} s.`),
  });
}
