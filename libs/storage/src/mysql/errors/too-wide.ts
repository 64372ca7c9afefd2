import type { Column } from '@tracebloc/ingestor-contract';
import { FIXED_COLUMNS, type IngestorError } from '@tracebloc/ingestor-core';
import { LEAVE_OUT_COLUMNS, tooWide } from '../../errors/tables.js';
import type { ServerError } from './statement-error.js';

const TOO_MANY_COLUMNS = 1117;
const ROW_TOO_LONG = 1118;
const COLUMN_TOO_LONG = 1074;
/** The message of this error contains InnoDB's own error. */
const CANNOT_CREATE = 1005;

/** InnoDB's limit of columns in a table. */
const MOST_COLUMNS = 1017;
/** The server's limit in bytes of a row's values without TEXT, for every engine. */
const ROW_BYTES = 65_535;
/** Bytes of a table's definition on MariaDB: the limit, the table's part, and each column's part without its name. */
const DEFINITION = { all: 65_535, table: 288, column: 18 };

/** Returns an error that says what does not fit into a table, or undefined for other errors. `columns` are the dataset's own. */
export function tooWideOf({ errno, message }: ServerError, columns?: readonly Column[]): IngestorError | undefined {
  if (errno === COLUMN_TOO_LONG) return tooWide('a column is longer than the server allows', 'Use TEXT instead.');
  if (errno === ROW_TOO_LONG) return rowTooLong(message);
  if (errno === CANNOT_CREATE ? !/errno: 185\b/.test(message) : errno !== TOO_MANY_COLUMNS) return undefined;
  if (message.includes('definition is too large')) return namesTooLong(columns);
  const count = columns
    ? `it has ${FIXED_COLUMNS.length + columns.length} columns with the fixed ones`
    : 'too many columns';
  return tooWide(`${count}; the server allows ${MOST_COLUMNS} (InnoDB)`);
}

function namesTooLong(columns: readonly Column[] | undefined): IngestorError {
  const why = 'the names of its columns are too long together';
  if (!columns) return tooWide(why, 'Shorten the names.');
  const names = [...FIXED_COLUMNS, ...columns.map(({ name }) => name)];
  const bytes = names.reduce((sum, name) => sum + Buffer.byteLength(name), 0);
  const room = DEFINITION.all - DEFINITION.table - DEFINITION.column * names.length;
  return tooWide(`${why}: ${names.length} names have ${bytes} bytes, and the server has room for about ${room}`, [
    `Shorten the names, to ${Math.floor(room / names.length)} bytes on average (a character of another script has two to four).`,
    LEAVE_OUT_COLUMNS,
  ]);
}

function rowTooLong(message: string): IngestorError {
  const limit = Number(/(?:is|>) (\d+)/.exec(message)?.[1] ?? ROW_BYTES);
  if (limit === ROW_BYTES) {
    return tooWide(
      `a row may have ${ROW_BYTES} bytes beside TEXT, and each character of a VARCHAR or CHAR counts as four`,
      ['Use TEXT instead of long VARCHAR and CHAR types.', LEAVE_OUT_COLUMNS],
    );
  }
  return tooWide(
    `a row may keep ${limit} bytes on its page, where up to 40 bytes of each TEXT, VARCHAR and CHAR count beside all numbers`,
    [`${LEAVE_OUT_COLUMNS.slice(0, -1)}, or join short ones into one TEXT column.`],
  );
}
