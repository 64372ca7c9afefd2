import { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../../errors/catalogue.js';
import { alreadyStaged, duplicateDataId, valueChanged } from '../../errors/rows.js';
import { columnNameRefused, columnsCollide, tableReferenced } from '../../errors/tables.js';
import { databaseError } from '../../errors/guard.js';
import type { BatchOrigin } from '../../errors/rows.js';
import { refusalOf } from './refusals.js';
import { tooWideOf } from './too-wide.js';

export interface Target {
  host: string;
  port: number;
  user: string;
  /** The database's name. */
  name: string;
  tls?: object;
}

/** The rights that a run needs. */
const RIGHTS = 'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER';

const NOT_PERMITTED = new Set([1044, 1142, 1143, 1227, 1370]);
const NAME_REFUSED = new Set([1059, 1166, 1300]);
const LOST = new Set([1053, 1317, 1927, 2006, 2013, 3169, 4031]);
/** `local_infile` is off, at the server or for this connection. */
const INFILE_REFUSED = new Set([1148, 3948, 3950, 4166]);
const KILL_DENIED = new Set([1095, 1227]);
const LOCK_WAIT_TIMEOUT = 1205;
const DEADLOCK = 1213;
/** MySQL reports this for a table whose definition another session is changing. */
const BEING_DEFINED = 1684;
const CONFLICTS = new Set([LOCK_WAIT_TIMEOUT, DEADLOCK, BEING_DEFINED]);
/** MariaDB's and MySQL's numbers for a table to which a foreign key refers. */
const REFERENCED = new Set([1217, 1451, 3730]);
/** The same for a table that is to get a name to which a foreign key refers that does not fit it; MariaDB adds `errno: 150`. */
const REFERENCED_BEFORE = new Set([1215, 1822, 3780]);
const RENAME_FAILED = 1025;
const DUPLICATE = 1062;
const VALUE_CHANGED = new Set([1048, 1261, 1262, 1263, 1264, 1265, 1292, 1366, 1367, 1406, 1411, 1441, 1526, 4161]);

/** Codes of the driver and the network for a connection that broke or could not be made. */
const NO_CONNECTION = /^(PROTOCOL_|ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN|HANDSHAKE_)/;

export interface ServerError {
  /** The server's number; 0 for an error of the driver or the network. */
  errno: number;
  code: string;
  message: string;
}

/** Returns the driver's error, which may be inside Sequelize's. Returns undefined for any other error, which is a bug. */
export function serverError(error: unknown): ServerError | undefined {
  if (error instanceof IngestorError) return undefined;
  const {
    original,
    errno = 0,
    code,
    fatal,
    message = '',
  } = (error ?? {}) as Partial<ServerError> & {
    original?: unknown;
    fatal?: boolean;
  };
  if (original !== undefined) return serverError(original);
  if (errno > 0) return { errno, code: nameOf(errno, code), message };
  const broken = fatal === true || (code !== undefined && NO_CONNECTION.test(code));
  return broken ? { errno: 0, code: code ?? 'connection closed', message } : undefined;
}

/** From 1900 on, MySQL and MariaDB use the same numbers for different errors, and the driver knows MySQL's names only. */
function nameOf(errno: number, code: string | undefined): string {
  return errno < 1900 && code !== undefined ? code : `error ${errno}`;
}

export function isInfileRefused(error: unknown): boolean {
  return INFILE_REFUSED.has(serverError(error)?.errno ?? 0);
}

/** Whether the server has rolled the statement back in favour of another session, so that a repetition may succeed. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.has(serverError(error)?.errno ?? 0);
}

export function isLost(error: unknown): boolean {
  const errno = serverError(error)?.errno;
  return errno === 0 || LOST.has(errno ?? NaN);
}

/** Whether KILL was refused because the session is another user's. */
export function isKillDenied(error: unknown): boolean {
  return KILL_DENIED.has(serverError(error)?.errno ?? 0);
}

export function isMissingDatabase(error: unknown): boolean {
  return serverError(error)?.errno === 1049;
}

/** Translates an error of a statement. */
export function statementError(error: unknown, target: Target): unknown {
  const { original } = (error ?? {}) as { original?: unknown };
  if (original instanceof IngestorError) return original;
  const server = serverError(error);
  if (!server) return error;
  const { errno } = server;
  const wide = tooWideOf(server);
  if (wide) return wide;
  if (errno === 1060) return columnsCollide();
  if (isReferenced(server)) return tableReferenced();
  const refused = notPermitted(server, target) ?? (LOST.has(errno) ? undefined : refusalOf(server, target));
  if (refused) return refused;
  if (NAME_REFUSED.has(errno)) {
    return columnNameRefused(`The server refuses the name of a column (${server.code}).`);
  }
  if (isLost(error)) {
    return STORAGE_ERRORS.make('database-lost', {
      message: `The connection to the database server at ${target.host}:${target.port} was lost (${server.code}).`,
      fix: ['Check that the server runs.', 'Run the same command again: it continues at the last committed batch.'],
    });
  }
  if (isConflict(error)) {
    return STORAGE_ERRORS.make('database-busy', {
      message: `Other sessions of the database server at ${target.host}:${target.port} hold locks that this run needs (${server.code}).`,
      fix: [
        'Find the long statement or transaction on this database with SHOW PROCESSLIST, and end it.',
        'Run the same command again: it continues at the last committed batch.',
      ],
    });
  }
  return databaseError(server.code, server.message);
}

function isReferenced({ errno, message }: ServerError): boolean {
  if (errno === RENAME_FAILED) return message.includes('errno: 150');
  return REFERENCED.has(errno) || REFERENCED_BEFORE.has(errno);
}

/** Returns undefined for any other error. */
export function notPermitted({ errno, message }: ServerError, { user, name }: Target): IngestorError | undefined {
  if (!NOT_PERMITTED.has(errno)) return undefined;
  const action = /^([A-Z ,]+) command denied/.exec(message)?.[1];
  return STORAGE_ERRORS.make('database-not-permitted', {
    message: action
      ? `User "${user}" may not ${action} in the database "${name}".`
      : `User "${user}" may not use the database "${name}", or may not create it if it is missing.`,
    fix: [
      'Ask an administrator of the server to run:',
      `CREATE DATABASE IF NOT EXISTS \`${name}\` CHARACTER SET utf8mb4;`,
      `GRANT ${RIGHTS} ON \`${name}\`.* TO '${user}'@'%';`,
    ],
  });
}

/** What the server says is wrong with a row: an error, or a warning in its place, as LOAD DATA LOCAL has it. */
export interface RowError {
  errno: number;
  message: string;
}

export function rowErrorOf(error: unknown): RowError | undefined {
  const server = serverError(error);
  return server && (server.errno === DUPLICATE || VALUE_CHANGED.has(server.errno)) ? server : undefined;
}

/** `firstIndex` is the index in the batch of the statement's first row. */
export function rowError(
  { errno, message }: RowError,
  origin: BatchOrigin,
  columns: readonly string[],
  firstIndex = 0,
): IngestorError {
  if (errno === DUPLICATE) {
    // The other unique key is `id`: the record itself is already stored.
    return /[.'`]data_id['`]?$/.test(message) ? duplicateDataId(origin) : alreadyStaged(origin);
  }
  const row = /at row (\d+)$/.exec(message)?.[1];
  return valueChanged(origin, columnIn(message, columns), row === undefined ? undefined : firstIndex + Number(row) - 1);
}

/** Returns the column that the message ends with, whatever the quoted cell holds. */
function columnIn(message: string, columns: readonly string[]): string | undefined {
  const text = message.replace(/ at row \d+$/, '');
  const ends = (name: string) => text.endsWith(`column '${name}'`) || text.endsWith(`.\`${name}\``);
  return columns.filter(ends).sort((a, b) => b.length - a.length)[0];
}
