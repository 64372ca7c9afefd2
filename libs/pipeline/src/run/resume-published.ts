import type { IngestorError } from '@tracebloc/ingestor-core';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';
import { confirmDataset } from './confirm-dataset.js';
import { isRegisteredElsewhere, LOCAL } from './decide.js';
import type { RunContext } from './run-context.js';

/**
 * Prepares a run that an earlier process has published. A dataset that only the local catalog knows is registered again
 * when there is a backend now. Throws if another registry knows of the dataset, or if the dataset is not there.
 */
export async function resumePublished(context: RunContext): Promise<RunContext> {
  const { config, database, registry, run } = context;
  if (isRegisteredElsewhere(run, registry.address)) throw registeredElsewhere(run, registry.address);
  await confirmDataset(config, context, run);
  if (run.registry !== LOCAL || registry.address === LOCAL) return context;
  await database.ledger.unregister(run.runId, registry.address);
  const entry = await database.catalog.get(run.table);
  if (entry) await database.catalog.put({ ...entry, registeredWith: '' });
  return { ...context, run: (await database.ledger.get(run.runId))! };
}

export function registeredElsewhere({ runId, table, registry, shards }: RunRow, address: string): IngestorError {
  const [now, without] = address === LOCAL ? ['the local catalog', ' without CLIENT_ENV=local and'] : [address, ''];
  return errors.make('registered-elsewhere', {
    message:
      `The registration of table ${table} (run ${runId}) began with ${registry}, but this command registers with ${now}. ` +
      'Nothing was registered: both addresses may lead to one backend, which would then receive everything twice.',
    fix: [
      `To continue with that backend, run${without} with BACKEND_URL=${registry}.`,
      shards === 1
        ? 'To register with the other one, ingest the dataset anew with --restart --overwrite.'
        : `To register with the other one, delete the dataset (ingestor datasets delete ${table}), then run every shard again.`,
    ],
  });
}
