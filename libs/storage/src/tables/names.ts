import { createHash } from 'node:crypto';
import { isStorableIdentifier, MAX_IDENTIFIER_LENGTH, RESERVED_PREFIX } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../errors/catalogue.js';
import { tableRefused } from '../errors/tables.js';

export const LEDGER_TABLES = {
  runs: `${RESERVED_PREFIX}runs`,
  batches: `${RESERVED_PREFIX}batches`,
  calls: `${RESERVED_PREFIX}calls`,
  shards: `${RESERVED_PREFIX}shards`,
  datasets: `${RESERVED_PREFIX}datasets`,
  locks: `${RESERVED_PREFIX}locks`,
  identity: `${RESERVED_PREFIX}identity`,
} as const;

/** Quotes an identifier for MySQL, MariaDB and SQLite. It may hold any character but NUL. */
export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Returns the same text for names that the database treats as one table: `foldsCase` says that it ignores their case. */
export function tableKey(table: string, foldsCase: boolean): string {
  return foldsCase ? table.toLowerCase() : table;
}

/** Bytes of a file's name on the file systems of Linux. */
const MAX_FILE_NAME = 255;

const STAGING = `${RESERVED_PREFIX}stage_`;
const REPLACED = `${RESERVED_PREFIX}old_`;

/** The run's rows are in this table until they are published. */
export function stagingTable(runId: string): string {
  return STAGING + runId;
}

/** The table that the run replaces has this name while it is being replaced. */
export function replacedTable(runId: string): string {
  return REPLACED + runId;
}

/** Returns the run whose staging or replaced table this is, or undefined for any other table. */
export function runOfTable(table: string): string | undefined {
  const prefix = [STAGING, REPLACED].find((one) => table.startsWith(one));
  return prefix && table.slice(prefix.length);
}

/** Throws for the name of one of this program's own tables, and for a name that no table can have. */
export function refuseTable(table: string): void {
  if (!isStorableIdentifier(table)) {
    const fix = `Use 1 to ${MAX_IDENTIFIER_LENGTH} characters, no emoji, no space at the end, no NUL character.`;
    throw tableRefused(table, 'cannot have', fix);
  }
  // MySQL and MariaDB name a file after the table: it ends with `.ibd`, and every special character takes five bytes.
  if (table.replace(/\W/g, '@0000').length > MAX_FILE_NAME - '.ibd'.length) {
    const fix = 'Use a shorter name, or fewer characters other than letters, digits and _.';
    throw tableRefused(table, 'cannot have', fix);
  }
  if (!table.toLowerCase().startsWith(RESERVED_PREFIX)) return;
  throw STORAGE_ERRORS.make('table-reserved', {
    message: `The table name "${table}" is reserved: names that begin with "${RESERVED_PREFIX}" hold the ledger.`,
    fix: 'Choose another TABLE_NAME.',
  });
}

/** Returns a name of 32 hexadecimal digits that follows from the parts. */
export function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
