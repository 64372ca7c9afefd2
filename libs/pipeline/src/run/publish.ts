import type { JsonObject } from '@tracebloc/ingestor-contract';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { tableSchema, type RunRow } from '@tracebloc/ingestor-storage';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { Stores } from '../stores.js';
import { enterPhase, hasFiles, type RunContext } from './run-context.js';

/** Makes the staged dataset visible and enters it in the catalog, as not yet registered. Repeating it is harmless. */
export async function publishDataset(context: RunContext): Promise<void> {
  const { config, database, folders, run, title, signal, observer } = context;
  if (signal.aborted) throw new InterruptedError();
  if (run.state !== 'published') {
    enterPhase(context, 'publishing');
    observer.debug(`Publishing run ${run.runId} as table ${run.table}.`);
    await publishRun({ database, folders }, config, run, (waiting) => observer.warn(waiting));
  }
  const entry = await database.catalog.get(run.table);
  if (entry?.runId !== run.runId) {
    // Files of the dataset that was replaced go before the catalog's entry, which says that publishing is complete.
    if (!hasFiles(config)) await folders.remove(run.table);
    await database.catalog.put({
      table: run.table,
      title,
      task: run.task,
      intent: run.intent,
      dataFormat: config.task.dataFormat,
      runId: run.runId,
      records: await recordsOf(context),
      schema: tableSchema(config.columns),
      metadata: await metadataOf(context),
      registeredWith: '',
    });
  }
  enterPhase(context, 'published');
}

/** Returns the task's metadata, with the number of groups if rows belong together: `number_of_sequences`. */
async function metadataOf({ config, database, run }: RunContext): Promise<JsonObject> {
  const { task, options, schema, columns } = config;
  const metadata = task.metadata(options, columns);
  const group = task.groups?.column(schema, options);
  const stored = group && columns.find(({ name, source = name }) => source === group.name);
  if (!stored) return metadata;
  return { ...metadata, [`number_of_${task.groups!.name}s`]: await database.countDistinct(run.table, stored.name) };
}

/** Returns the number of records that the run loaded. Only for a run of an early version must the table be counted. */
export async function recordsOf({ database, run }: Pick<RunContext, 'database' | 'run'>): Promise<number> {
  return (await database.ledger.checksums(run.runId))?.records ?? (await database.count(run.table));
}

/**
 * Publishes the files, then the rows, so that a reader who sees a row finds its files. `config` may be that of a later run, of
 * another task. `onWait` receives a sentence when others use the table; see `Database.publish`.
 */
export async function publishRun(
  { database, folders }: Stores,
  config: RunConfig,
  run: RunRow,
  onWait?: (waiting: string) => void,
): Promise<void> {
  // It must be known before the files move whether the table can be replaced.
  await database.confirmReplaceable(run.table);
  await database.ledger.setState(run.runId, 'publishing');
  const withFiles = run.task === config.task.id ? hasFiles(config) : await folders.holds(run.runId, run.table);
  if (withFiles) await folders.publish(run.runId, run.table);
  await database.publish(run, onWait);
}
