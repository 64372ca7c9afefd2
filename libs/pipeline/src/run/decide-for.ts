import type { RunConfig } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import type { RunIdentity } from '../read/fingerprint.js';
import { hasSameContent } from '../read/reread.js';
import type { RunObserver } from '../observer.js';
import type { Stores } from '../stores.js';
import { decide, type Decision, type Facts } from './decide.js';

export interface DecideOptions extends Stores {
  earlier: RunRow | undefined;
  identity: RunIdentity;
  /** The address of the registry that the command registers with. */
  registry: string;
  restart: boolean;
  /** Facts that the caller knows already. */
  facts?: Facts;
  signal: AbortSignal;
  observer: RunObserver;
}

/** Decides about the table's earlier run, and finds out what the decision depends on and nothing else. */
export async function decideFor(config: RunConfig, options: DecideOptions): Promise<Decision> {
  const { database, earlier, identity, registry, restart } = options;
  const facts = { ...options.facts };
  for (;;) {
    const isShard = config.shard !== undefined;
    const decision = decide({ earlier, identity, registry, restart, isShard, facts });
    if (decision.action !== 'ask') return decision;
    if (decision.fact === 'hasTable') facts.hasTable = (await database.columnsOf(config.table)) !== undefined;
    else facts.hasSameContent = await hasSameContent(config, earlier!, identity, options);
  }
}
