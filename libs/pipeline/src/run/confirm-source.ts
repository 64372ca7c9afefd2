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

/** The state of a source when it was compared with another dataset. */
export interface CheckedSource extends SourceIdentity {
  reading: ManifestReading;
}

/**
 * Checks, before the run is published, that the source is unchanged since every process of the run read it. The manifest is
 * compared by the sha256 of its content, the sidecar files by their sizes and times. If only permissions or links changed,
 * the sidecar files are compared by content. If the source changed, drops the run and throws `source-changed-while-read`.
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
  const { path, parts = path } = config.source;
  if (loaded?.source) {
    const change = await changeSince(parts, loaded.source, signal);
    if (change) throw sourceChanged(describeChange(path, change));
    if (checked && !isChecked(loaded, checked)) throw afterCheck(config);
  }
  const now = await identityNow(config);
  if (now.sourceFingerprint !== run.sourceFingerprint) throw sourceChanged(await describeDifference(config));
  if (run.sidecarState === '' || now.sidecarState === run.sidecarState) return;
  if (!loaded || !(await isAsLoaded(context, loaded, now))) throw sourceChanged(await describeDifference(config));
  await database.ledger.setSidecarState(run.runId, now.sidecarState);
}

/** Throws if the source that is to be ingested is not the one that was compared with another dataset. */
export function refuseOther(config: RunConfig, now: SourceIdentity, checked: CheckedSource): void {
  const isSame = now.sourceFingerprint === checked.sourceFingerprint && now.sidecarState === checked.sidecarState;
  if (!isSame) throw afterCheck(config);
}

/** Does the same as `refuseOther` for a run that an earlier process has published. */
export async function refuseOtherRun({ config, database, run, checked }: RunContext): Promise<void> {
  if (!checked || isHidden(run)) return;
  const loaded = await database.ledger.checksums(run.runId);
  if (loaded?.source && !isChecked(loaded, checked)) throw afterCheck(config);
}

/** Returns whether the run has read the checked source to its end. */
function isChecked({ source = [] }: Checksums, { reading: [bytes, digest] }: CheckedSource): boolean {
  return source.some(([length, sha256]) => length === bytes && sha256 === digest);
}

function afterCheck({ source: { path } }: RunConfig): IngestorError {
  return sourceChanged(
    `${path}, or a file that belongs to it, changed after it was checked against the other dataset.`,
  );
}
