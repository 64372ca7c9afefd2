export {
  ColumnChecksums,
  differingColumns,
  sumChecksums,
  type Checksums,
  type ColumnChecksum,
} from './checksums/column-checksums.js';
export { ShardLockedError, stagingMissing, StagingGoneError, TableLockedError } from './errors.js';
export { LabelTally } from './label-tally.js';
export { tableSchema } from './layout.js';
export { stagingTable } from './names.js';
export { openDatabase, openToRead } from './open.js';
export type * from './types.js';
export { DatasetFolders } from './volume/dataset-folders.js';
export type { FileStaging } from './volume/file-staging.js';
export { ListChecksum, type HashedFile } from './volume/hash-list.js';
export { readHashing, withFile, withStoredFile } from './volume/source-file.js';
