import { IngestorError } from '@tracebloc/ingestor-core';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { confirmDataset } from './confirm-dataset.js';
import type { RunContext } from './run-context.js';

/**
 * Prepares what is left of a run that an earlier process has published. What the local catalog holds is registered anew
 * where there is a backend now: nobody was told of it. Throws where another registry was, or the dataset is not there.
 */
export async function takeUpPublished(context: RunContext): Promise<RunContext> {
  const { config, database, registry, run } = context;
  refuseElsewhere(run, registry.address);
  await confirmDataset(config, context, run);
  if (run.registry !== LOCAL || registry.address === LOCAL) return context;
  await database.ledger.unregister(run.runId, registry.address);
  const entry = await database.catalog.get(run.table);
  if (entry) await database.catalog.put({ ...entry, registeredWith: '' });
  return { ...context, run: (await database.ledger.get(run.runId))! };
}

const LOCAL = 'local';

/** Throws `registered-elsewhere` where a backend with another address knows of the run. */
export function refuseElsewhere({ runId, table, registry, shards }: RunRow, address: string): void {
  // An earlier version kept no address.
  if (['', LOCAL, address].includes(registry)) return;
  const [now, without] = address === LOCAL ? ['the local catalog', ' without CLIENT_ENV=local and'] : [address, ''];
  throw new IngestorError({
    code: 'registered-elsewhere',
    message:
      `The registration of table ${table} (run ${runId}) began with ${registry}, and now the registry is another: ${now}. ` +
      'Nothing was registered, since both may be one backend, which would get everything twice.',
    fix: [
      `To go on with that backend, run${without} with BACKEND_URL=${registry}.`,
      shards === 1
        ? 'To register with the other one, ingest the dataset anew with --restart --overwrite.'
        : `To register with the other one, delete the dataset (ingestor datasets delete ${table}), then run every shard again.`,
    ],
  });
}
