export {
  ColumnChecksums,
  differingColumns,
  sumChecksums,
  type Checksums,
  type ColumnChecksum,
} from './checksums/column-checksums.js';
export { STORAGE_ERRORS } from './errors/catalogue.js';
export { ShardLockedError, TableLockedError } from './errors/locks.js';
export { stagingMissing, StagingGoneError } from './errors/tables.js';
export { LabelTally, mergeLabels } from './ledger/label-tally.js';
export { tableSchema } from './tables/layout.js';
export { stagingTable } from './tables/names.js';
export { openDatabase, openToRead } from './database/open.js';
export type * from './database/types.js';
export type * from './ledger/types.js';
export type { ReadBack, ShardOfRun, ShardReadBack, StoredRows } from './read-back/types.js';
export { DatasetFolders } from './volume/dataset-folders.js';
export type { FileStaging } from './volume/file-staging.js';
export { ListChecksum, type HashedFile } from './volume/hash-list.js';
export { readSmallStored } from './volume/small-file.js';
export { SmallFileReader } from './volume/small-file-reader.js';
export { readHashing, withFile, withStoredFile } from './volume/source-file.js';
