import { randomUUID } from 'node:crypto';
import { DatasetFolders, openDatabase } from '@tracebloc/ingestor-storage';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { checkTarget } from '../run/check-target.js';
import { confirmDataset } from '../run/confirm-dataset.js';
import { identityOf, isHidden, isSame } from '../read/fingerprint.js';
import { openRegistry, type IngestOptions } from '../run/ingest.js';
import { silentObserver } from '../observer.js';
import type { TrainTestConfigs } from './compare-configs.js';
import { retryWhileLocked } from '../run/retry-while-locked.js';
import type { Stores } from '../stores.js';
import { hasSameContent } from '../read/reread.js';
import { sourceChanged, type StartOptions } from '../run/start-or-resume.js';
import { withTableName } from '../run/table-name.js';
import { refuseElsewhere } from '../run/resume-published.js';
import { checkRoom } from '../run/volume.js';

/**
 * Fails where the ingest of either dataset would fail before it reads anything, so that neither begins. Changes nothing;
 * each ingest decides again, under its table's lock.
 */
export async function checkTrainTestMayStart({ train, test }: TrainTestConfigs, options: IngestOptions): Promise<void> {
  const { observer = silentObserver, signal = new AbortController().signal } = options;
  const database = await openDatabase(train.database, signal);
  try {
    const registry = openRegistry(train, observer);
    await registry.signIn(signal);
    const stores = { database, folders: new DatasetFolders(train.storage.path, database) };
    for (const written of [train, test]) {
      const config = await withTableName(written, database, silentObserver);
      await checkRoom(config, database);
      // Neither lock is kept: each ingest takes its own.
      if (options.wait) {
        const lock = await retryWhileLocked({ ...options, signal, observer }, () =>
          database.lock(config.table, randomUUID()),
        );
        await lock.release();
      }
      await checkMayStart(config, stores, registry.address, { ...options, signal, observer });
    }
  } finally {
    await database.close();
  }
}

async function checkMayStart(
  config: RunConfig,
  stores: Stores,
  address: string,
  { overwrite = false, restart = false, signal, observer }: StartOptions,
): Promise<void> {
  const earlier = await stores.database.ledger.current(config.table);
  if (earlier && !restart) {
    const identity = await identityOf(config);
    const same =
      isSame(earlier, identity) && (await hasSameContent(config, earlier, identity, { ...stores, signal, observer }));
    if (same && !isHidden(earlier)) {
      refuseElsewhere(earlier, address);
      const isThere = earlier.state !== 'publishing' && (await stores.database.columnsOf(config.table));
      if (isThere) await confirmDataset(config, stores, earlier);
      return;
    }
    if (!same && isHidden(earlier) && earlier.staged > 0) throw sourceChanged(earlier, identity);
  }
  await checkTarget(config, stores, overwrite);
}
