import { IngestorError, MAX_IDENTIFIER_LENGTH } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from './catalogue.js';

/** `by` is the other table, with its database. `by` and `constraint` are undefined when the server does not name them. */
export function tableReferenced(table?: string, by?: string, constraint?: string): IngestorError {
  const [what, other] = [table === undefined ? 'The table' : `Table ${table}`, by ?? 'another table'];
  return STORAGE_ERRORS.make('table-referenced', {
    message: `${what} cannot be replaced or removed: ${other} refers to it by a foreign key.`,
    fix:
      by === undefined
        ? 'Ask an administrator, who can see all tables, to drop the foreign key; then run the same command again.'
        : [
            `Drop the foreign key: ALTER TABLE ${by} DROP FOREIGN KEY ${constraint}`,
            'Then run the same command again.',
          ],
  });
}

export const LEAVE_OUT_COLUMNS = 'Leave out columns that training does not need.';

/** `reason` completes the sentence; `fix` says what helps against it. */
export function tooWide(reason: string, fix: string | string[] = LEAVE_OUT_COLUMNS): IngestorError {
  return STORAGE_ERRORS.make('table-too-wide', {
    message: `The schema does not fit into one table: ${reason}.`,
    fix,
  });
}

export function columnsCollide(): IngestorError {
  return STORAGE_ERRORS.make('duplicate-column', {
    message: 'Two columns of the table would have the same name: the database ignores case in the names of columns.',
    fix: 'Rename one of the two in the file and the schema.',
  });
}

export function columnNameRefused(message: string): IngestorError {
  const limits = `1 to ${MAX_IDENTIFIER_LENGTH} characters, no emoji, no space at the end, no NUL character`;
  return STORAGE_ERRORS.make('column-name-refused', {
    message,
    fix: `Rename the column in the file and the schema; use ${limits}.`,
  });
}

/** `why` stands between `The database` and the name, as in `cannot have`. */
export function tableRefused(table: string, why: string, fix: string): IngestorError {
  return STORAGE_ERRORS.make('table-name-refused', {
    message: `The database ${why} a table named ${JSON.stringify(table)}.`,
    fix,
  });
}

/** `kind` is what has the name, as in `view`. */
export function nameTaken(table: string, kind: string): IngestorError {
  const fix = `Choose another TABLE_NAME, or rename or drop the ${kind}.`;
  return tableRefused(table, `has a ${kind} of this name and cannot also have`, fix);
}

/** What a run has staged is gone, so that the run can be neither continued nor published. */
export class StagingGoneError extends IngestorError {}

export function stagingMissing(runId: string): StagingGoneError {
  return new StagingGoneError(
    STORAGE_ERRORS.options('staging-missing', {
      message: `Run ${runId} has neither a staging table nor a published one: somebody removed them.`,
      fix: 'Run again with --restart to start from the beginning.',
    }),
  );
}

export function stagedFilesMissing(runId: string, table: string): StagingGoneError {
  return new StagingGoneError(
    STORAGE_ERRORS.options('staged-files-missing', {
      message: `The files that run ${runId} staged for table ${table} are gone from the shared volume.`,
      fix: 'Run again with --restart: it removes what is left of that run and starts from the beginning.',
    }),
  );
}
