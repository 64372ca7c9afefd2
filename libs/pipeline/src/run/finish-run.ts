import { verifyPublished, verifyStaged } from '../verify/verify-loaded.js';
import { confirmSource } from './confirm-source.js';
import { isHidden } from './decide.js';
import { publishDataset } from './publish.js';
import { registerDataset, type RegistrationProgress } from './register.js';
import { hasFiles, type RunContext } from './run-context.js';

/**
 * Verifies, publishes and registers a run whose records are all staged. It continues what an earlier process has begun of
 * that. The caller holds the table's lock.
 */
export async function finishRun(context: RunContext): Promise<RegistrationProgress> {
  const wasPublished = !isHidden(context.run);
  const guarding = wasPublished ? new Set<number>() : await verifyStaged(context);
  await confirmStores(context);
  await confirmSource(context);
  await releaseRows(context, guarding);
  await publishDataset(context);
  // Earlier versions published without comparing.
  if (wasPublished) await verifyPublished(context);
  await confirmStores(context);
  const progress = await registerDataset(context);
  await confirmStores(context);
  return progress;
}

/**
 * Lets go of the rows, because nobody can rename the table while they are locked. If one of the shards whose reading was
 * relied on has ended since, somebody could have changed its rows, so all are read again.
 */
async function releaseRows(context: RunContext, guarding: ReadonlySet<number>): Promise<void> {
  const { database, run, readBack } = context;
  const released = run.shards > 1 ? await database.releaseShards(run) : guarding;
  await readBack?.close();
  if (![...guarding].every((shard) => released.has(shard))) await verifyStaged(context);
}

/** Throws if the database or the volume is not the one that the run has written to; see `Database.confirmPresent`. */
async function confirmStores({ config, database, folders }: RunContext): Promise<void> {
  await database.confirmPresent();
  if (hasFiles(config)) await folders.confirmPresent();
}
