import { tableSchema } from '@tracebloc/ingestor-storage';
import type { RunContext } from './run-context.js';

/** Makes the staged dataset visible and enters it in the catalog, as not yet registered. Repeating it is harmless. */
export async function publishDataset({ config, database, run, title }: RunContext): Promise<void> {
  if (run.state !== 'published') await database.publish(run);
  const entry = await database.catalog.get(run.table);
  if (entry?.runId === run.runId) return;
  await database.catalog.put({
    table: run.table,
    title,
    task: run.task,
    intent: run.intent,
    dataFormat: config.task.dataFormat,
    runId: run.runId,
    records: await database.count(run.table),
    schema: tableSchema(config.columns),
    metadata: config.task.metadata(config.options, config.columns),
    registeredWith: '',
  });
}
