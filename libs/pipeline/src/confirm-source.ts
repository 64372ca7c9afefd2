import { changeSince, describeChange, sourceChanged, type ManifestReading } from '@tracebloc/ingestor-dataset';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { Checksums } from '@tracebloc/ingestor-storage';
import { dropRun } from './drop-run.js';
import { isHidden, sourceIdentityOf, type SourceIdentity } from './fingerprint.js';
import { describeDifference } from './refuse-change.js';
import { isAsLoaded } from './reread.js';
import type { RunContext } from './run-context.js';
import { failRun } from './shard/drop.js';

/** A source as it was when it was checked together with another. */
export interface CheckedSource extends SourceIdentity {
  reading: ManifestReading;
}

/**
 * Proves, before the run is published, that the source still is what was read for it, in every process of the run: the
 * manifest by the sha256 of its content, the sidecar files by their facts, and by their content where only permissions
 * or links changed. Throws `source-changed-while-read` where it is not; nothing of the run is left then.
 */
export async function confirmSource(context: RunContext): Promise<void> {
  const { database, run, shard } = context;
  if (run.state === 'publishing' || run.state === 'published') return;
  const loaded = await database.ledger.checksums(run.runId);
  const change = await changeOf(context, loaded);
  if (change === undefined) return;
  if (shard) await failRun(context, run, shard);
  else await dropRun(context, run);
  throw sourceChanged(change);
}

/** What changed, in a sentence; undefined for nothing. */
async function changeOf(context: RunContext, loaded: Checksums | undefined): Promise<string | undefined> {
  const { config, database, run, signal, checked } = context;
  const { path } = config.source;
  if (loaded?.source) {
    const change = await changeSince(path, loaded.source, signal);
    if (change) return describeChange(path, change);
    if (checked && !isChecked(loaded, checked)) return afterCheck(config);
  }
  const now = await sourceIdentityOf(config);
  if (now.sourceFingerprint !== run.sourceFingerprint) return describeDifference(config);
  if (run.sidecarState === '' || now.sidecarState === run.sidecarState) return undefined;
  if (!loaded || !(await isAsLoaded(context, loaded, now))) return describeDifference(config);
  await database.ledger.setSidecarState(run.runId, now.sidecarState);
  return undefined;
}

/** Throws unless a source that is about to be ingested is the one that was checked. */
export function refuseOther(config: RunConfig, now: SourceIdentity, checked: CheckedSource): void {
  const isSame = now.sourceFingerprint === checked.sourceFingerprint && now.sidecarState === checked.sidecarState;
  if (!isSame) throw sourceChanged(afterCheck(config));
}

/** As `refuseOther`, of a run that an earlier process has completed. */
export async function refuseOtherRun({ config, database, run, checked }: RunContext): Promise<void> {
  if (!checked || isHidden(run)) return;
  const loaded = await database.ledger.checksums(run.runId);
  if (loaded?.source && !isChecked(loaded, checked)) throw sourceChanged(afterCheck(config));
}

/** Whether the run has read what was checked, to its end. */
function isChecked({ source = [] }: Checksums, { reading: [bytes, digest] }: CheckedSource): boolean {
  return source.some(([length, sha256]) => length === bytes && sha256 === digest);
}

function afterCheck({ source: { path } }: RunConfig): string {
  return `${path}, or a file that belongs to it, changed after it was checked against the other dataset.`;
}
