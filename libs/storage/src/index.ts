export {
  ColumnChecksums,
  differingColumns,
  sumChecksums,
  type Checksums,
  type ColumnChecksum,
} from './checksums/column-checksums.js';
export { tableSchema } from './layout.js';
export { openDatabase } from './open.js';
export type * from './types.js';
export { DatasetFolders, folderTaken } from './volume/dataset-folders.js';
export type { FileStaging } from './volume/file-staging.js';
