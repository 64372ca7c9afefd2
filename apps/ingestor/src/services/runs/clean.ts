import type { IngestorError } from '@tracebloc/ingestor-core';
import {
  cleanRuns,
  listCleanable,
  type Leftovers,
  type CleanResult,
  type Stores,
} from '@tracebloc/ingestor-pipeline/stored';
import { plural } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';

export interface CleanCommand {
  unfinished: boolean;
  foreign: boolean;
  /** Default: every run. */
  runId?: string;
  dryRun: boolean;
  /** Called before anything is removed. If it returns false, nothing is removed. */
  confirm: (found: readonly Leftovers[]) => Promise<boolean>;
}

export interface CleanReport extends CleanResult {
  abandoned: Leftovers[];
}

export async function cleanCommand(stores: Stores, command: CleanCommand): Promise<CleanReport> {
  const { dryRun, confirm } = command;
  const abandoned = await listCleanable(stores, command);
  if (abandoned.length === 0 || dryRun) {
    if (!dryRun) await stores.database.removeStaleLocks();
    return { abandoned, removed: [], kept: [] };
  }
  if (!(await confirm(abandoned))) throw notConfirmed(plural(abandoned.length, 'run'));
  return { abandoned, ...(await cleanRuns(stores, command)) };
}

function notConfirmed(runs: string): IngestorError {
  return makeError('not-confirmed', {
    message: `What ${runs} left was not removed.`,
    fix: 'Confirm with --yes.',
  });
}
