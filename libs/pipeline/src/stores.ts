import type { Database, DatasetFolders } from '@tracebloc/ingestor-storage';

/** The database of the datasets' rows, and the volume of their files. */
export interface Stores {
  database: Database;
  folders: DatasetFolders;
}
