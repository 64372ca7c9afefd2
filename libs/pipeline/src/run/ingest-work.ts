import type { DatasetRegistry } from '@tracebloc/ingestor-api';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import type { CheckedSource } from './confirm-source.js';
import type { RunObserver } from '../observer.js';
import type { Stores } from '../stores.js';
import type { IngestResult, ValidationResult } from '../result.js';
import { hasFiles, type RunContext } from './run-context.js';

/** What an ingest works with before its run is known. */
export interface IngestWork extends Stores {
  registry: DatasetRegistry;
  overwrite?: boolean;
  restart?: boolean;
  wait?: boolean;
  checked?: CheckedSource;
  signal: AbortSignal;
  observer: RunObserver;
}

export function titleOf(config: RunConfig, run: RunRow): string {
  return config.title ?? `${config.task.id}_${run.runId}`;
}

type Account = Pick<IngestResult, 'outcome' | 'found' | 'inserted' | 'sent' | 'skipped' | 'failed' | 'validation'>;
type Description = Omit<IngestResult, keyof Account | 'seconds'>;

/** Returns what every result of the run contains. */
export function describeRun({ config, database, folders, registry, run, title }: RunContext): Description {
  return {
    runId: run.runId,
    task: config.task.id,
    table: config.table,
    intent: config.intent,
    title,
    folder: hasFiles(config) ? folders.folderOf(config.table) : undefined,
    database: database.description,
    registry: registry.address,
  };
}

/** Returns the result for a dataset that is already there. Its title is that of the catalog, not of the configuration. */
export async function unchanged({ database, run, title }: RunContext): Promise<Account & Pick<IngestResult, 'title'>> {
  const { staged, sent } = run;
  const entry = await database.catalog.get(run.table);
  const account = { found: staged, inserted: staged, sent, skipped: 0, failed: 0 };
  return { outcome: 'unchanged', title: entry?.title ?? title, ...account };
}

export function invalid(validation: ValidationResult): Account {
  const { found, skipped } = validation;
  return { outcome: 'invalid', found, inserted: 0, sent: 0, skipped, failed: found - skipped, validation };
}
