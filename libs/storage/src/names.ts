import { createHash } from 'node:crypto';
import { ExitCode, IngestorError } from '@tracebloc/ingestor-contract';

/** Names that begin like this are this program's own. */
const RESERVED = '_ingestor_';

export const LEDGER_TABLES = {
  runs: `${RESERVED}runs`,
  batches: `${RESERVED}batches`,
  calls: `${RESERVED}calls`,
  shards: `${RESERVED}shards`,
  datasets: `${RESERVED}datasets`,
  locks: `${RESERVED}locks`,
} as const;

/** An identifier as MySQL, MariaDB and SQLite read it, whatever it holds but NUL. */
export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

const STAGING = `${RESERVED}stage_`;
const REPLACED = `${RESERVED}old_`;

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

/** Keeps a dataset from taking, or a deletion from hitting, one of this program's own tables. */
export function refuseReserved(table: string): void {
  if (!table.toLowerCase().startsWith(RESERVED)) return;
  throw new IngestorError({
    code: 'table-reserved',
    message: `The table name "${table}" is reserved: names that begin with "${RESERVED}" hold the ledger.`,
    fix: 'Choose another TABLE_NAME.',
    exitCode: ExitCode.usage,
  });
}

/** A short name, made of letters and digits, that stands for the parts. */
export function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
