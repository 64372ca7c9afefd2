import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import { cleanRuns, listCleanable, type Leftovers, type CleanResult, type Stores } from '@tracebloc/ingestor-pipeline';
import { confirm, plural } from '@tracebloc/ingestor-cli';
import { renderCleanable, renderKept } from '../../output/runs.js';

export interface CleanCommand {
  unfinished: boolean;
  foreign: boolean;
  /** Absent: of every run. */
  runId?: string;
  dryRun: boolean;
  yes: boolean;
  print: (text: string) => void;
}

export interface CleanReport extends CleanResult {
  abandoned: Leftovers[];
}

export async function cleanCommand(stores: Stores, command: CleanCommand): Promise<CleanReport> {
  const { dryRun, yes, print } = command;
  const abandoned = await listCleanable(stores, command);
  if (abandoned.length === 0 || dryRun) {
    if (!dryRun) await stores.database.removeStaleLocks();
    print(abandoned.length > 0 ? renderCleanable(abandoned) : nothingOf(command));
    return { abandoned, removed: [], kept: [] };
  }
  const runs = plural(abandoned.length, 'run');
  if (!yes) {
    print(renderCleanable(abandoned));
    if (!(await confirm(`Remove what ${runs} left?`))) throw notConfirmed(runs);
  }
  const result = await cleanRuns(stores, command);
  print(`Removed what ${plural(result.removed.length, 'run')} left.`);
  if (result.kept.length > 0) print(renderKept(result.kept));
  return { abandoned, ...result };
}

function nothingOf({ runId }: CleanCommand): string {
  return runId === undefined ? 'Nothing is abandoned.' : `Run ${runId} has left nothing that these flags remove.`;
}

function notConfirmed(runs: string): IngestorError {
  return new IngestorError({
    code: 'not-confirmed',
    message: `What ${runs} left was not removed.`,
    fix: 'Confirm with --yes.',
    exitCode: ExitCode.usage,
  });
}
