import { createHash } from 'node:crypto';
import {
  ExitCode,
  IngestorError,
  isStorableIdentifier,
  MAX_IDENTIFIER_LENGTH,
  RESERVED_PREFIX,
} from '@tracebloc/ingestor-core';

export const LEDGER_TABLES = {
  runs: `${RESERVED_PREFIX}runs`,
  batches: `${RESERVED_PREFIX}batches`,
  calls: `${RESERVED_PREFIX}calls`,
  shards: `${RESERVED_PREFIX}shards`,
  datasets: `${RESERVED_PREFIX}datasets`,
  locks: `${RESERVED_PREFIX}locks`,
  identity: `${RESERVED_PREFIX}identity`,
} as const;

/** An identifier as MySQL, MariaDB and SQLite read it, whatever it holds but NUL. */
export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** What names of tables have in common that the database takes for one: `foldsCase` says whether case makes no difference. */
export function tableKey(table: string, foldsCase: boolean): string {
  return foldsCase ? table.toLowerCase() : table;
}

/** Bytes, on the file systems of Linux. */
const MAX_FILE_NAME = 255;

const STAGING = `${RESERVED_PREFIX}stage_`;
const REPLACED = `${RESERVED_PREFIX}old_`;

/** Where the run's rows are until they are published. */
export function stagingTable(runId: string): string {
  return STAGING + runId;
}

/** Where the table that the run replaces is while it is being replaced. */
export function replacedTable(runId: string): string {
  return REPLACED + runId;
}

/** The run whose staging or replaced table this is; nothing for any other. */
export function runOfTable(table: string): string | undefined {
  const prefix = [STAGING, REPLACED].find((one) => table.startsWith(one));
  return prefix && table.slice(prefix.length);
}

/** Keeps a dataset from taking, or a deletion from hitting, one of this program's own tables, or one that cannot be. */
export function refuseTable(table: string): void {
  if (!isStorableIdentifier(table)) {
    const fix = `Use 1 to ${MAX_IDENTIFIER_LENGTH} characters, no emoji, no space at the end, no NUL character.`;
    throw tableRefused(table, 'cannot have', fix);
  }
  // MySQL and MariaDB name a file after it, which ends with `.ibd` and in which every other character takes five.
  if (table.replace(/\W/g, '@0000').length > MAX_FILE_NAME - '.ibd'.length) {
    const fix = 'Use a shorter name, or fewer characters that are neither letters nor digits nor _.';
    throw tableRefused(table, 'cannot have', fix);
  }
  if (!table.toLowerCase().startsWith(RESERVED_PREFIX)) return;
  throw new IngestorError({
    code: 'table-reserved',
    message: `The table name "${table}" is reserved: names that begin with "${RESERVED_PREFIX}" hold the ledger.`,
    fix: 'Choose another TABLE_NAME.',
    exitCode: ExitCode.usage,
  });
}

export function tableRefused(table: string, why: string, fix: string): IngestorError {
  return new IngestorError({
    code: 'table-name-refused',
    message: `The database ${why} a table named ${JSON.stringify(table)}.`,
    fix,
    exitCode: ExitCode.usage,
  });
}

/** `what`: of what kind it is that has the name. */
export function nameTaken(table: string, what: string): IngestorError {
  const fix = `Choose another TABLE_NAME, or rename or drop the ${what}.`;
  return tableRefused(table, `has a ${what} of this name, and beside it cannot have`, fix);
}

/** A short name, made of letters and digits, that stands for the parts. */
export function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
