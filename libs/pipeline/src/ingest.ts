import { randomUUID } from 'node:crypto';
import { createBackendClient, createLocalRegistry, type DatasetRegistry } from '@tracebloc/ingestor-api';
import { IngestorError } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase, type Database } from '@tracebloc/ingestor-storage';
import { silentObserver, type RunObserver } from './observer.js';
import { publishDataset } from './publish.js';
import { registerDataset } from './register.js';
import type { IngestResult, ValidationResult } from './result.js';
import { hasFiles, type RunContext } from './run-context.js';
import { settleRun } from './settle-run.js';
import { stageDataset } from './stage.js';
import { checkRoom } from './volume.js';

export interface IngestOptions {
  /** Replace the dataset that the table holds. */
  overwrite?: boolean;
  /** Drop what an earlier, unfinished run left and begin anew. */
  restart?: boolean;
  signal?: AbortSignal;
  observer?: RunObserver;
}

/**
 * The whole run: validate, stage, publish, register. Continues what an earlier process of the same run left.
 * Throws `IngestorError` for whatever stops it; invalid data is a result (`outcome: 'invalid'`), not an error.
 */
export async function ingest(config: RunConfig, options: IngestOptions = {}): Promise<IngestResult> {
  const observer = options.observer ?? silentObserver;
  const signal = options.signal ?? new AbortController().signal;
  const started = performance.now();

  const database = await openDatabase(config.database);
  try {
    observer.info(`Connected to ${database.description}.`);
    await checkRoom(config);
    const registry = openRegistry(config, database, observer);
    await registry.signIn(signal);
    const folders = new DatasetFolders(config.storage.path);
    const newRunId = randomUUID();
    const lock = await database.lock(config.table, newRunId);
    try {
      const { run, resumed } = await settleRun(config, { database, folders }, newRunId, options);
      observer.info(`${resumed ? 'Continuing' : 'Beginning'} run ${run.runId} for table ${run.table}.`);
      const title = config.title ?? `${config.task.id}_${run.runId}`;
      const either = AbortSignal.any([signal, lock.lost]);
      const context = { config, database, folders, registry, run, title, signal: either, observer };
      const result = await runStages(context, resumed);
      return { ...result, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      throw lock.lost.aborted ? lockLost(config.table, error) : error;
    } finally {
      await lock.release();
    }
  } finally {
    await database.close();
  }
}

/** Without its lock a run must not go on: another may have begun. */
function lockLost(table: string, cause: unknown): IngestorError {
  return new IngestorError({
    code: 'lock-lost',
    message: `The run lost its lock on table ${table}: the connection to the database that held it broke.`,
    fix: 'Check that the server runs, then run the same command again: it continues at the last committed batch.',
    cause,
  });
}

async function runStages(context: RunContext, resumed: boolean): Promise<Omit<IngestResult, 'seconds'>> {
  const { config, database, registry, run, title } = context;
  const about = {
    runId: run.runId,
    task: config.task.id,
    table: config.table,
    intent: config.intent,
    title,
    folder: hasFiles(config) ? context.folders.folderOf(config.table) : undefined,
    database: database.description,
    registry: registry.address,
  };
  if (run.state === 'registered') {
    const { staged, sent } = run;
    return { ...about, outcome: 'unchanged', found: staged, inserted: staged, sent, skipped: 0, failed: 0 };
  }

  let validation: ValidationResult | undefined;
  if (run.state === 'staging') {
    validation = await stageDataset(context);
    const { valid, found, skipped } = validation;
    if (!valid) {
      return {
        ...about,
        outcome: 'invalid',
        found,
        inserted: 0,
        sent: 0,
        skipped,
        failed: found - skipped,
        validation,
      };
    }
  }
  await publishDataset(context);
  const { total: inserted, sent } = await registerDataset(context);
  const { found, skipped } = validation ?? { found: inserted, skipped: 0 };
  return { ...about, outcome: resumed ? 'resumed' : 'ingested', found, inserted, sent, skipped, failed: 0, validation };
}

export function openRegistry({ backend }: RunConfig, { catalog }: Database, observer: RunObserver): DatasetRegistry {
  if (backend.kind === 'remote') {
    const { url, credentials, retrySeconds } = backend;
    return createBackendClient({
      url,
      credentials,
      retry: { budgetMs: retrySeconds * 1000, attempts: Infinity },
      onRetry: ({ reason, delayMs }) =>
        observer.warn(`The backend failed (${reason}); trying again in ${(delayMs / 1000).toFixed(1)} s.`),
    });
  }
  return createLocalRegistry({
    register: async (table, details) => {
      const entry = await catalog.get(table);
      if (entry) await catalog.put({ ...entry, ...details });
    },
  });
}
