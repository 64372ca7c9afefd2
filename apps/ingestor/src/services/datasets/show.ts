import type { DatasetStatistics } from '@tracebloc/ingestor-contract';
import { unknownDataset, type Stores } from '@tracebloc/ingestor-pipeline/stored';
import type { CatalogEntry, LabelCount } from '@tracebloc/ingestor-storage';

export type ShownDataset = CatalogEntry & {
  /** The database, as a message names it. */
  database: string;
  /** The folder of the dataset's files, if it has any. */
  folder?: string;
  /** At most 1,000 labels, the most frequent first. */
  labels: LabelCount[];
  /** The number of distinct labels, which may be larger than that of `labels`. */
  distinctLabels: number;
  /** Whether there are even more: so many that they were not counted. */
  moreDistinctLabels: boolean;
  /** What the task counted and measured; empty for a dataset of an earlier version. */
  statistics: DatasetStatistics;
};

/** Returns what is known about a dataset. Throws an `IngestorError` if the catalog does not know the table. */
export async function showDataset({ database, folders }: Stores, table: string): Promise<ShownDataset> {
  const entry = await database.catalog.get(table);
  if (!entry) throw unknownDataset(table, await database.catalog.summaries());
  const counted = (await database.ledger.labels(entry.runId)) ?? (await database.labelCounts(entry.table));
  const hasFiles = (await folders.ownerOf(entry.table)) !== undefined;
  return {
    ...entry,
    database: database.description,
    folder: hasFiles ? folders.folderOf(entry.table) : undefined,
    labels: counted.labels,
    distinctLabels: counted.distinct,
    moreDistinctLabels: counted.moreDistinct ?? false,
    statistics: (await database.ledger.statistics(entry.runId)) ?? {},
  };
}
