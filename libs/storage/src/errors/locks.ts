import { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from './catalogue.js';

/** The process that holds a lock. */
export interface LockHolder {
  runId: string;
  host: string;
  pid: number;
  since: Date;
}

const NOTHING_TO_CLEAN = 'The lock ends with its process; there is nothing to clean up.';

/** Another process has the table's lock, or one of its shards'. */
export class TableLockedError extends IngestorError {
  constructor(
    table: string,
    holder: LockHolder | null,
    message = `The table "${table}" is being ingested by ${describe(holder)}.`,
    fix = ['Wait until that run has ended, or end it.', NOTHING_TO_CLEAN],
  ) {
    super(STORAGE_ERRORS.options('table-locked', { message, fix }));
  }

  /** The holder has lost its lock, but statements may still arrive on its connections. */
  static stillConnected(table: string, holder: LockHolder): TableLockedError {
    const message =
      `The table "${table}" was being ingested by ${describe(holder)}, which has lost its lock; ` +
      'its connections are still open at the server, and this user may not end them.';
    return new TableLockedError(table, holder, message, [
      'Wait until the server has ended them, two minutes after their last statement at most.',
      'Or log in as the user of that run, who may end them.',
      'With --wait the command waits by itself.',
    ]);
  }
}

/** Another process has the shard's lock. */
export class ShardLockedError extends IngestorError {
  constructor(table: string, shard: number, holder: LockHolder | null) {
    super(
      STORAGE_ERRORS.options('shard-locked', {
        message: `Shard ${shard} of table "${table}" is being ingested by ${describe(holder)}.`,
        fix: ['Give every process its own shard index.', NOTHING_TO_CLEAN],
      }),
    );
  }
}

export function lockRemoved(file: string): IngestorError {
  return STORAGE_ERRORS.make('lock-lost', {
    message: `The run lost its lock: somebody removed or replaced the file ${file}.`,
    fix: [
      'Do not touch the files beside the embedded database during a run.',
      'Run the same command again: it continues at the last committed batch.',
    ],
  });
}

function describe(holder: LockHolder | null): string {
  if (!holder) return 'another process';
  const { runId, host, pid, since } = holder;
  return `run ${runId} on ${host} (process ${pid}), since ${since.toISOString()}`;
}
