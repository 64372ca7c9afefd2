import { defineFindings } from '@tracebloc/ingestor-dataset';

/** With `--overwrite` alone, the same dataset would count as unchanged. */
const ANEW = 'Ingest the dataset anew with --restart --overwrite.';

/** The findings of verifying a published dataset. */
export const verifyFindings = defineFindings({
  'table-missing': {
    severity: 'error',
    meaning: 'The catalog has the dataset, and the database has no such table.',
    fix: ANEW,
  },
  'columns-differ': {
    severity: 'error',
    meaning: 'The table has other columns, or a column another type, than when it was ingested.',
    fix: ANEW,
  },
  'rows-differ': {
    severity: 'error',
    meaning: 'The number of rows in the table is not the number in the catalog or the ledger.',
    fix: ANEW,
  },
  'rows-foreign': {
    severity: 'error',
    meaning: 'The table has rows that the dataset’s run did not write.',
    fix: ANEW,
  },
  'column-values-differ': {
    severity: 'error',
    meaning:
      'The values in the column are not those that were loaded: the checksum that was kept while loading differs.',
    fix: ANEW,
  },
  'no-checksums': {
    severity: 'warning',
    meaning:
      'The dataset was loaded by a version that kept no checksums, so cells and the content of files are not compared.',
    fix: 'To have them compared, ingest the dataset anew with --restart --overwrite.',
  },
  'folder-missing': {
    severity: 'error',
    meaning: 'The dataset’s folder is not on the shared volume, or holds the files of another run.',
    fix: ANEW,
  },
  'dataset-file-missing': {
    severity: 'error',
    meaning: 'A record’s file is not in the dataset’s folder.',
    fix: 'Restore the file, or ingest the dataset anew with --restart --overwrite.',
  },
  'dataset-file-changed': {
    severity: 'error',
    meaning: 'A file’s content is not what was read from its source when it was ingested: its sha256 differs.',
    fix: 'Restore the file, or ingest the dataset anew with --restart --overwrite.',
  },
  'hash-list-damaged': {
    severity: 'error',
    meaning:
      'The list of the files’ hashes, kept on the volume in .ingestor/hashes, is missing or incomplete; not all files were compared.',
    fix: 'Restore the list, or ingest the dataset anew with --restart --overwrite.',
  },
  'dataset-file-unreadable': {
    severity: 'error',
    meaning: 'A file of the dataset’s folder cannot be read to its end.',
    fix: 'Check the file’s permissions and the volume, or ingest the dataset anew with --restart --overwrite.',
  },
  'dataset-file-extra': {
    severity: 'error',
    meaning: 'The dataset’s folder holds a file or folder that belongs to no record.',
    fix: 'Move it to another place; if it belongs to the dataset, ingest the dataset anew with --restart --overwrite.',
  },
});
