import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import { changeSince, describeChange, sourceChanged, type ManifestReading } from '@tracebloc/ingestor-dataset';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { Checksums } from '@tracebloc/ingestor-storage';
import { dropRun } from './drop-run.js';
import type { SourceIdentity } from '../read/fingerprint.js';
import { isHidden } from './decide.js';
import { describeDifference, identityNow } from '../read/refuse-change.js';
import { isAsLoaded } from '../read/reread.js';
import type { RunContext } from './run-context.js';
import { failRun } from '../shard/drop.js';

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
  const { database, run, shard, observer } = context;
  if (run.state === 'publishing' || run.state === 'published') return;
  observer.debug('Comparing the source with what was read.');
  const loaded = await database.ledger.checksums(run.runId);
  try {
    await refuseChanged(context, loaded);
  } catch (error) {
    if (!(error instanceof IngestorError) || error.exitCode !== ExitCode.invalidData) throw error;
    if (shard) await failRun(context, run, shard);
    else await dropRun(context, run);
    throw error;
  }
}

async function refuseChanged(context: RunContext, loaded: Checksums | undefined): Promise<void> {
  const { config, database, run, signal, checked } = context;
  const { path } = config.source;
  if (loaded?.source) {
    const change = await changeSince(path, loaded.source, signal);
    if (change) throw sourceChanged(describeChange(path, change));
    if (checked && !isChecked(loaded, checked)) throw afterCheck(config);
  }
  const now = await identityNow(config);
  if (now.sourceFingerprint !== run.sourceFingerprint) throw sourceChanged(await describeDifference(config));
  if (run.sidecarState === '' || now.sidecarState === run.sidecarState) return;
  if (!loaded || !(await isAsLoaded(context, loaded, now))) throw sourceChanged(await describeDifference(config));
  await database.ledger.setSidecarState(run.runId, now.sidecarState);
}

/** Throws unless a source that is about to be ingested is the one that was checked. */
export function refuseOther(config: RunConfig, now: SourceIdentity, checked: CheckedSource): void {
  const isSame = now.sourceFingerprint === checked.sourceFingerprint && now.sidecarState === checked.sidecarState;
  if (!isSame) throw afterCheck(config);
}

/** As `refuseOther`, of a run that an earlier process has completed. */
export async function refuseOtherRun({ config, database, run, checked }: RunContext): Promise<void> {
  if (!checked || isHidden(run)) return;
  const loaded = await database.ledger.checksums(run.runId);
  if (loaded?.source && !isChecked(loaded, checked)) throw afterCheck(config);
}

/** Whether the run has read what was checked, to its end. */
function isChecked({ source = [] }: Checksums, { reading: [bytes, digest] }: CheckedSource): boolean {
  return source.some(([length, sha256]) => length === bytes && sha256 === digest);
}

function afterCheck({ source: { path } }: RunConfig): IngestorError {
  return sourceChanged(
    `${path}, or a file that belongs to it, changed after it was checked against the other dataset.`,
  );
}
