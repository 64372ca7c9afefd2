import { InterruptedError } from '@tracebloc/ingestor-core';
import { tableSchema, type RunRow } from '@tracebloc/ingestor-storage';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { Stores } from '../stores.js';
import { hasFiles, type RunContext } from './run-context.js';

/** Makes the staged dataset visible and enters it in the catalog, as not yet registered. Repeating it is harmless. */
export async function publishDataset(context: RunContext): Promise<void> {
  const { config, database, folders, run, title, signal, observer } = context;
  if (signal.aborted) throw new InterruptedError();
  observer.debug(`Publishing run ${run.runId} as table ${run.table}.`);
  if (run.state !== 'published') {
    await publishRun({ database, folders }, config, run, (waiting) => observer.warn(waiting));
  }
  const entry = await database.catalog.get(run.table);
  if (entry?.runId === run.runId) return;
  // What is left of an earlier dataset with files; before the catalog's entry, which tells that all is done.
  if (!hasFiles(config)) await folders.remove(run.table);
  await database.catalog.put({
    table: run.table,
    title,
    task: run.task,
    intent: run.intent,
    dataFormat: config.task.dataFormat,
    runId: run.runId,
    records: (await database.ledger.checksums(run.runId))?.records ?? (await database.count(run.table)),
    schema: tableSchema(config.columns),
    metadata: config.task.metadata(config.options, config.columns),
    registeredWith: '',
  });
}

/**
 * Files first: whoever sees a row finds its files. `config` may be that of a later run, of another task. `told`: see
 * `Database.publish`.
 */
export async function publishRun(
  { database, folders }: Stores,
  config: RunConfig,
  run: RunRow,
  told?: (waiting: string) => void,
): Promise<void> {
  // Before the files move.
  await database.confirmReplaceable(run.table);
  await database.ledger.setState(run.runId, 'publishing');
  const withFiles = run.task === config.task.id ? hasFiles(config) : await folders.holds(run.runId, run.table);
  if (withFiles) await folders.publish(run.runId, run.table);
  await database.publish(run, told);
}
