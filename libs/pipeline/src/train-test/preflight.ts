import { randomUUID } from 'node:crypto';
import { DatasetFolders, openDatabase } from '@tracebloc/ingestor-storage';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { silentObserver } from '../observer.js';
import { identityOf } from '../read/fingerprint.js';
import { checkTarget } from '../run/check-target.js';
import { confirmDataset } from '../run/confirm-dataset.js';
import { decideFor } from '../run/decide-for.js';
import { openRegistry, type IngestOptions } from '../run/ingest.js';
import { retryWhileLocked } from '../run/retry-while-locked.js';
import { refusal, type StartOptions } from '../run/start-or-resume.js';
import { withTableName } from '../run/table-name.js';
import { checkRoom } from '../run/volume.js';
import type { Stores } from '../stores.js';
import type { TrainTestConfigs } from './compare-configs.js';

/**
 * Throws what the ingest of either dataset would throw before it reads anything, so that neither begins. It changes
 * nothing. Each ingest decides again, under its table's lock.
 */
export async function checkTrainTestMayStart({ train, test }: TrainTestConfigs, options: IngestOptions): Promise<void> {
  const { observer = silentObserver, signal = new AbortController().signal } = options;
  const database = await openDatabase(train.database, signal);
  try {
    const registry = await openRegistry(train, observer);
    await registry.signIn(signal);
    const stores = { database, folders: new DatasetFolders(train.storage.path, database) };
    for (const written of [train, test]) {
      const config = await withTableName(written, database, silentObserver);
      await checkRoom(config, database);
      if (options.wait) {
        const lock = await retryWhileLocked({ ...options, signal, observer }, () =>
          database.lock(config.table, randomUUID()),
        );
        await lock.release();
      }
      await checkMayStart(config, stores, { ...options, registry: registry.address, signal, observer });
    }
  } finally {
    await database.close();
  }
}

async function checkMayStart(config: RunConfig, stores: Stores, options: StartOptions): Promise<void> {
  const { overwrite = false, restart = false, registry } = options;
  const identity = await identityOf(config);
  const current = await stores.database.ledger.current(config.table);
  // A run that was cut off while it was published will be published first. Its table may not be there before that.
  const isPublishing = current?.state === 'publishing';
  const earlier = isPublishing ? { ...current, state: 'published' as const } : current;
  const facts = isPublishing ? { hasTable: true } : {};
  const decision = await decideFor(config, { ...options, ...stores, earlier, identity, restart, facts });
  switch (decision.action) {
    case 'refuse':
      throw refusal(decision.reason, decision.run, registry);
    case 'finish-registration':
    case 'unchanged':
      if (!isPublishing) await confirmDataset(config, stores, decision.run);
      return;
    default:
      await checkTarget(config, stores, overwrite);
  }
}
