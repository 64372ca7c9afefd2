import { LabelTally, mergeLabels, sumChecksums, type IdRange, type StoredRows } from '@tracebloc/ingestor-storage';
import type { RunContext } from '../run/run-context.js';
import { readColumns } from './read-columns.js';

/** What the table of a run of shards holds. */
export interface ReadShards extends StoredRows {
  /** The shards that have read their rows themselves. It holds as long as they guard them. */
  guarding: ReadonlySet<number>;
}

/** Collects what the shards have read back that still guard their rows, and reads all other rows of the table. */
export async function readShards(
  { config, database, run, signal, observer }: RunContext,
  table: string,
  onProgress: (records: number) => void,
): Promise<ReadShards> {
  const shards = await database.ledger.shards(run.runId);
  const readBacks = await database.ledger.readBacks(run.runId);
  const { guarding } = await database.shardLocks(run);
  const parts: StoredRows[] = [];
  const relied = new Set<number>();
  const rest: IdRange[] = [];
  let from = Number.MIN_SAFE_INTEGER;
  let end = 0;
  for (const { shard, records } of shards) {
    const begin = end;
    end += records;
    const rows = readBacks.get(shard)?.rows;
    if (!rows || !guarding.has(shard)) continue;
    if (from < begin) rest.push({ after: from, to: begin });
    from = end;
    parts.push(rows);
    relied.add(shard);
  }
  // The table may have more rows than were loaded, at either end.
  rest.push({ after: from, to: Infinity });
  observer.debug(`${relied.size} of ${shards.length} shards have read their rows back; reading the others.`);
  let records = parts.reduce((sum, { checksums }) => sum + checksums.records, 0);
  for (const range of rest) {
    const labels = new LabelTally();
    const report = (read: number) => onProgress(records + read);
    const checksums = await readColumns(database, table, config.columns, { signal, onProgress: report, labels, range });
    records += checksums.records;
    parts.push({ checksums, labels: labels.result });
  }
  const labels = mergeLabels(parts.map((part) => part.labels)) ?? (await database.labelCounts(table));
  return { checksums: sumChecksums(parts.map(({ checksums }) => checksums)), labels, guarding: relied };
}
