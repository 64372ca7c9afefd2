import type { RunRow } from '@tracebloc/ingestor-storage';
import type { RunIdentity } from '../read/fingerprint.js';

/** What `decide` needs to know. */
export interface Situation {
  /** The table's newest run that is not dropped or superseded. */
  earlier: RunRow | undefined;
  /** Identifies the source and the configuration of the command. */
  identity: RunIdentity;
  /** The address of the registry that the command registers with. */
  registry: string;
  /** Drop what the earlier run staged, or replace its dataset. */
  restart: boolean;
  /** The command ingests one shard. `restart` then concerns this shard alone. */
  isShard: boolean;
  facts: Facts;
}

/** Facts that take I/O to find out. `undefined` means that a fact is not known yet. */
export interface Facts {
  /** The earlier run's dataset has its table. */
  hasTable?: boolean;
  /** The source has the content that the earlier run read, and not only the same sizes and times. */
  hasSameContent?: boolean;
}

export type Refusal = 'configuration-changed' | 'shards-changed' | 'source-changed' | 'registered-elsewhere';

export type Decision =
  /** Begin a new run. First drop the run `discard`, and note that the dataset of the run `lost` is gone. */
  | { action: 'start'; discard?: RunRow; lost?: RunRow }
  /** Continue a run that readers do not see yet. */
  | { action: 'resume'; run: RunRow }
  /** Publish a complete run that was cut off while it was published, then decide again. */
  | { action: 'finish-publishing'; run: RunRow }
  /** Verify and register a run that is published. */
  | { action: 'finish-registration'; run: RunRow }
  /** The table holds this dataset, which is registered. */
  | { action: 'unchanged'; run: RunRow }
  | { action: 'refuse'; reason: Refusal; run: RunRow };

/** Find out the fact, and decide again. */
export interface Question {
  action: 'ask';
  fact: keyof Facts;
}

/** Decides what a command does about the table's earlier run. It asks for a fact only if the decision depends on it. */
export function decide(situation: Situation): Decision | Question {
  const { earlier, identity, registry, restart, isShard, facts } = situation;
  if (!earlier) return { action: 'start' };
  if (earlier.state === 'publishing') return { action: 'finish-publishing', run: earlier };
  if (!isHidden(earlier)) {
    if (facts.hasTable === undefined) return { action: 'ask', fact: 'hasTable' };
    // Somebody dropped the table by hand: there is nothing to continue.
    if (!facts.hasTable) return { action: 'start', lost: earlier };
  }
  if (isSame(earlier, identity) && (!restart || isShard)) {
    // A run that is being staged reads the source again anyway, and compares it.
    const isKnown = earlier.state === 'staging' || facts.hasSameContent !== undefined;
    if (!isKnown) return { action: 'ask', fact: 'hasSameContent' };
    if (earlier.state === 'staging' || facts.hasSameContent) return goOn(earlier, registry);
  }
  if (!isHidden(earlier)) return { action: 'start' };
  if (!restart && earlier.staged > 0) return { action: 'refuse', reason: whatChanged(earlier, identity), run: earlier };
  return { action: 'start', discard: earlier };
}

/** Decides about a run of the same dataset that the command ingests. */
function goOn(run: RunRow, registry: string): Decision {
  if (isHidden(run)) return { action: 'resume', run };
  if (isRegisteredElsewhere(run, registry)) return { action: 'refuse', reason: 'registered-elsewhere', run };
  return { action: run.state === 'registered' ? 'unchanged' : 'finish-registration', run };
}

function whatChanged(earlier: RunRow, identity: RunIdentity): Refusal {
  if (earlier.configHash !== identity.configHash) return 'configuration-changed';
  const hasSameFacts = earlier.sourceFingerprint === identity.sourceFingerprint;
  return hasSameFacts && earlier.shards !== identity.shards ? 'shards-changed' : 'source-changed';
}

/** Returns whether both are of one dataset. While the run is staged, the number of shards must be the same too. */
export function isSame(run: RunRow, identity: RunIdentity): boolean {
  const ofOneDataset = run.configHash === identity.configHash && run.sourceFingerprint === identity.sourceFingerprint;
  return ofOneDataset && (run.shards === identity.shards || !(isHidden(run) || run.state === 'dropped'));
}

/** Returns whether the run is being staged, or is staged and not visible yet. */
export function isHidden({ state }: Pick<RunRow, 'state'>): boolean {
  return state === 'staging' || state === 'staged';
}

/** The address of the local catalog, which any registry may follow. */
export const LOCAL = 'local';

/** Returns whether a backend with another address knows of the run. Runs of earlier versions have no address. */
export function isRegisteredElsewhere({ registry }: RunRow, address: string): boolean {
  return !['', LOCAL, address].includes(registry);
}
