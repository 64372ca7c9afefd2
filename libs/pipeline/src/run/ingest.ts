import { randomUUID } from 'node:crypto';
import { createBackendClient, createLocalRegistry, type DatasetRegistry } from '@tracebloc/ingestor-api';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase } from '@tracebloc/ingestor-storage';
import { confirmSource, refuseOther, refuseOtherRun, type CheckedSource } from './confirm-source.js';
import { silentObserver, type RunObserver } from '../observer.js';
import { retryWhileLocked } from './retry-while-locked.js';
import { confirmStores } from './confirm-stores.js';
import { publishDataset } from './publish.js';
import { registerDataset } from './register.js';
import type { IngestResult, ValidationResult } from '../result.js';
import { describeRun, invalid, type IngestWork, titleOf, unchanged } from './ingest-work.js';
import { identityOf, isHidden } from '../read/fingerprint.js';
import { withLock } from './with-lock.js';
import type { RunContext } from './run-context.js';
import { startOrResumeRun } from './start-or-resume.js';
import { ingestShard } from '../shard/ingest-shard.js';
import { stageDataset } from './stage.js';
import { takeUpPublished } from './resume-published.js';
import { verifyPublished, verifyStaged } from '../verify/verify-loaded.js';
import { withTableName } from './table-name.js';
import { checkRoom } from './volume.js';

export interface IngestOptions {
  /** Replace the dataset that the table holds. */
  overwrite?: boolean;
  /** Drop what an earlier, unfinished run left and begin anew. */
  restart?: boolean;
  /** Wait while another process is at work on the table, or on this shard, instead of failing. */
  wait?: boolean;
  /** The state of the source that was checked together with another dataset; any other is refused. */
  checked?: CheckedSource;
  signal?: AbortSignal;
  observer?: RunObserver;
}

/**
 * The whole run: validate, stage, verify, publish, register. Continues what an earlier process of the same run left.
 * Throws `IngestorError` for whatever stops it; invalid data is a result (`outcome: 'invalid'`), not an error.
 */
export async function ingest(written: RunConfig, options: IngestOptions = {}): Promise<IngestResult> {
  const observer = options.observer ?? silentObserver;
  const signal = options.signal ?? new AbortController().signal;
  const started = performance.now();

  const database = await openDatabase(written.database, signal);
  try {
    observer.info(`Connected to ${database.description}.`);
    const config = await withTableName(written, database, observer);
    await checkRoom(config, database);
    const registry = openRegistry(config, observer);
    await registry.signIn(signal);
    const stores = { database, folders: new DatasetFolders(config.storage.path, database) };
    const about = { ...options, ...stores, registry, signal, observer };
    const result = await (config.shard ? ingestShard(config, config.shard, about) : ingestWhole(config, about));
    return { ...result, seconds: (performance.now() - started) / 1000 };
  } finally {
    await database.close();
  }
}

/** Ingests in this process alone. */
async function ingestWhole(config: RunConfig, options: IngestWork): Promise<Omit<IngestResult, 'seconds'>> {
  const { database, folders, registry, signal, observer, checked } = options;
  const newRunId = randomUUID();
  const lock = await retryWhileLocked(options, () => database.lock(config.table, newRunId));
  return withLock(lock, config.table, async () => {
    const identity = await identityOf(config);
    if (checked) refuseOther(config, identity, checked);
    const { run, resumed } = await startOrResumeRun(config, identity, { database, folders }, newRunId, options);
    observer.info(`${resumed ? 'Continuing' : 'Beginning'} run ${run.runId} for table ${run.table}.`);
    const either = AbortSignal.any([signal, lock.lost]);
    const title = titleOf(config, run);
    const context = { config, database, folders, registry, run, checked, title, signal: either, observer };
    return runStages(context, resumed);
  });
}

async function runStages(settled: RunContext, resumed: boolean): Promise<Omit<IngestResult, 'seconds'>> {
  await refuseOtherRun(settled);
  const context = isHidden(settled.run) ? settled : await takeUpPublished(settled);
  const { run } = context;
  const about = describeRun(context);
  if (run.state === 'registered') return { ...about, ...(await unchanged(context)) };

  let validation: ValidationResult | undefined;
  if (run.state === 'staging') {
    validation = await stageDataset(context);
    if (!validation.valid) return { ...about, ...invalid(validation) };
  }
  if (isHidden(run)) await verifyStaged(context);
  await confirmStores(context);
  await confirmSource(context);
  await publishDataset(context);
  if (!isHidden(run)) await verifyPublished(context);
  await confirmStores(context);
  const { total: inserted, sent } = await registerDataset(context);
  await confirmStores(context);
  const { found, skipped } = validation ?? { found: inserted, skipped: 0 };
  return { ...about, outcome: resumed ? 'resumed' : 'ingested', found, inserted, sent, skipped, failed: 0, validation };
}

export function openRegistry({ backend, ca }: RunConfig, observer: RunObserver): DatasetRegistry {
  if (backend.kind === 'local') return createLocalRegistry();
  const { url, credentials, retrySeconds, timeoutSeconds } = backend;
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
