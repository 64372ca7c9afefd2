import type { Database, DatasetFolders } from '@tracebloc/ingestor-storage';

/** Where datasets are: their rows, and their files. */
export interface Stores {
  database: Database;
  folders: DatasetFolders;
}
