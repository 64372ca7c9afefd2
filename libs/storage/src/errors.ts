import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import type { BatchOrigin } from './batch-origin.js';

/** Runs the operation and throws what `translate` makes of its errors. */
export type Guard = <T>(operation: () => Promise<T>) => Promise<T>;

export function guardWith(translate: (error: unknown) => unknown): Guard {
  return async (operation) => {
    try {
      return await operation();
    } catch (error) {
      throw error instanceof IngestorError ? error : translate(error);
    }
  };
}

/** A database's message without what it quotes, which may be cells of a row. */
export function withoutQuotes(message: string): string {
  return message.replace(/(['"]).*\1/s, '…').replace(/['"].*$/s, '…');
}

export function databaseError(code: string | number, message: string): IngestorError {
  return new IngestorError({
    code: 'database-error',
    message: `The database refused a statement (${code}): ${withoutQuotes(message)}.`,
    fix: 'Look the code up in the database’s manual; the server’s own log may say more.',
  });
}

export function duplicateDataId({ firstOrdinal, rows }: BatchOrigin): IngestorError {
  return new IngestorError({
    code: 'duplicate-data-id',
    message:
      `A data_id among records ${firstOrdinal + 1} to ${firstOrdinal + rows.length} occurs twice in the dataset; ` +
      'it must be unique.',
    fix: [
      'Remove the repeated rows, or the repeated values of the column that data_id is taken from.',
      'With `data_id: {strategy: uuid}` equal rows stay apart.',
    ],
    exitCode: ExitCode.invalidData,
  });
}

/** A process whose connection broke as it committed, and which the server heard all the same. */
export function alreadyStaged({ firstOrdinal, rows }: BatchOrigin): IngestorError {
  return new IngestorError({
    code: 'already-staged',
    message:
      `Records ${firstOrdinal + 1} to ${firstOrdinal + rows.length} are there already: an earlier process of the run, ` +
      'which was taken for dead, has written them since this one began.',
    fix: 'Run the same command again: it continues at the last committed batch.',
  });
}

/** `index` is the record's place in the batch, where it is known. */
export function valueChanged(
  { firstOrdinal, rows }: BatchOrigin,
  column: string | undefined,
  index?: number,
): IngestorError {
  const row = index === undefined ? undefined : rows[index];
  const where =
    row === undefined ? ` among records ${firstOrdinal + 1} to ${firstOrdinal + rows.length}` : ` in row ${row}`;
  const what = column === undefined ? 'a value' : `the value of column "${column}"`;
  return new IngestorError({
    code: 'value-changed',
    message: `The database cannot store ${what}${where} as it is written: it does not fit the column’s type.`,
    fix: 'Give the column a type in the schema that holds every value, or correct the value.',
    exitCode: ExitCode.invalidData,
  });
}

/** A record of another width would be stored shifted or cut: a bug of the task, which ends the run. */
export function wrongWidth(row: number, found: number, expected: number): TypeError {
  return new TypeError(`The record of row ${row} has ${found} values, not ${expected}.`);
}

export function recordTooLarge(row: number): IngestorError {
  return new IngestorError({
    code: 'record-too-large',
    message: `The record of row ${row} is larger than what the server takes at once (max_allowed_packet).`,
    fix: 'Raise max_allowed_packet on the server, or shorten the record.',
    exitCode: ExitCode.invalidData,
  });
}

/** `by` is the other table, with its database; both are absent where the server does not tell. */
export function tableReferenced(table?: string, by?: string, constraint?: string): IngestorError {
  const [what, other] = [table === undefined ? 'The table' : `Table ${table}`, by ?? 'another table'];
  return new IngestorError({
    code: 'table-referenced',
    message: `${what} can be neither replaced nor removed: ${other} refers to it by a foreign key.`,
    fix:
      by === undefined
        ? 'Have who may see all tables of the server drop the foreign key, then run the same command again.'
        : [
            `Drop the foreign key: ALTER TABLE ${by} DROP FOREIGN KEY ${constraint}`,
            'Then run the same command again.',
          ],
  });
}

export const LEAVE_OUT_COLUMNS = 'Leave out columns that training does not need.';

/** `fix` is what helps against this reason. */
export function tooWide(reason: string, fix: string | string[] = LEAVE_OUT_COLUMNS): IngestorError {
  return new IngestorError({
    code: 'table-too-wide',
    message: `The schema does not fit into one table: ${reason}.`,
    fix,
    exitCode: ExitCode.invalidData,
  });
}

export function columnsCollide(): IngestorError {
  return new IngestorError({
    code: 'duplicate-column',
    message: 'Two columns of the table would have the same name: the database does not tell upper from lower case.',
    fix: 'Rename one of the two in the file and the schema.',
    exitCode: ExitCode.invalidData,
  });
}

export function notWritable(path: string, reason: string): IngestorError {
  return new IngestorError({
    code: 'storage-not-writable',
    message: `The embedded database "${path}" cannot be written (${reason}).`,
    fix: 'Check that its folder exists or can be created, belongs to this user, is not read-only and has space.',
  });
}

export function notReadable(path: string, reason: string): IngestorError {
  return new IngestorError({
    code: 'storage-not-readable',
    message: `The embedded database "${path}" cannot be read (${reason}).`,
    fix: [
      'Check that this user may read the file and its folder.',
      'If a run was cut off before the volume became read-only, run any command once where it can be written.',
    ],
  });
}

/** `cause` says why it was not brought up to date. */
export function ledgerOutdated(cause: IngestorError): IngestorError {
  return new IngestorError({
    code: 'ledger-outdated',
    message: `The ledger was made by an earlier version, and cannot be brought up to date: ${cause.message}`,
    fix: 'Run `ingestor runs list` once with the right to write to the database; then reading it is enough.',
    cause,
  });
}

/** What a run has written to is not where it would be looked for. `what` begins the sentence and names the path. */
export function storageLost(what: string): IngestorError {
  return new IngestorError({
    code: 'storage-lost',
    message: `${what} was removed or replaced while it was in use, or its volume was unmounted: what was written is not there.`,
    fix: [
      'Find out what removes files or unmounts the volume, and restore what was there.',
      'Then run the same command again: it continues with what it finds, or begins anew.',
    ],
  });
}

export function lockRemoved(file: string): IngestorError {
  return new IngestorError({
    code: 'lock-lost',
    message: `The run lost its lock: somebody removed or replaced the file ${file}.`,
    fix: [
      'Leave the files beside the embedded database alone while a run is under way.',
      'Run the same command again: it continues at the last committed batch.',
    ],
  });
}

/** Who holds a lock. */
export interface LockHolder {
  runId: string;
  host: string;
  pid: number;
  since: Date;
}

/** A process holds the table's lock, or still has connections that used it. */
export class TableLockedError extends IngestorError {}

/** A process holds the shard's lock. */
export class ShardLockedError extends IngestorError {}

export function tableLocked(table: string, holder: LockHolder | null): TableLockedError {
  return new TableLockedError({
    code: 'table-locked',
    message: `The table "${table}" is being ingested by ${describe(holder)}.`,
    fix: ['Wait until that run has ended, or end it.', 'The lock goes with its process; there is nothing to clean up.'],
  });
}

/** The holder has no lock any more, but connections on which something of it may still arrive. */
export function stillConnected(table: string, holder: LockHolder): TableLockedError {
  return new TableLockedError({
    code: 'table-locked',
    message:
      `The table "${table}" was being ingested by ${describe(holder)}, which has lost its lock; ` +
      'the server still has connections of it, which this user may not end.',
    fix: [
      'Wait until the server has ended them, two minutes after their last statement at most.',
      'Or log in as the user of that run, who may end them.',
      'With --wait the command waits by itself.',
    ],
  });
}

export function shardLocked(table: string, shard: number, holder: LockHolder | null): ShardLockedError {
  return new ShardLockedError({
    code: 'shard-locked',
    message: `Shard ${shard} of table "${table}" is being ingested by ${describe(holder)}.`,
    fix: [
      'Give every process a shard index of its own.',
      'The lock goes with its process; there is nothing to clean up.',
    ],
  });
}

function describe(holder: LockHolder | null): string {
  if (!holder) return 'another process';
  const { runId, host, pid, since } = holder;
  return `run ${runId} on ${host} (process ${pid}), since ${since.toISOString()}`;
}

/** What a run has staged is gone, so that it can neither be continued nor published. */
export class StagingGoneError extends IngestorError {}

export function stagingMissing(runId: string): StagingGoneError {
  return new StagingGoneError({
    code: 'staging-missing',
    message: `Run ${runId} has neither a staging table nor a published one: they were removed from outside.`,
    fix: 'Run again with --restart to begin anew.',
  });
}
