import { defineFindings } from '@tracebloc/ingestor-dataset';

const ANEW = 'Ingest the dataset anew with --overwrite.';

/** The codes that verifying a published dataset reports. */
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
    meaning: 'The table has another number of rows than the catalog, or the ledger, says.',
    fix: ANEW,
  },
  'rows-foreign': {
    severity: 'error',
    meaning: 'The table has rows that the dataset’s run did not write.',
    fix: ANEW,
  },
  'folder-missing': {
    severity: 'error',
    meaning: 'The dataset’s folder is not on the shared volume, or holds the files of another run.',
    fix: ANEW,
  },
  'dataset-file-missing': {
    severity: 'error',
    meaning: 'A record’s file is not in the dataset’s folder.',
    fix: 'Restore the file, or ingest the dataset anew with --overwrite.',
  },
  'dataset-file-unreadable': {
    severity: 'error',
    meaning: 'A file of the dataset’s folder cannot be read to its end.',
    fix: 'Check the file’s permissions and the volume, or ingest the dataset anew with --overwrite.',
  },
  'dataset-file-extra': {
    severity: 'error',
    meaning: 'The dataset’s folder holds something that belongs to no record.',
    fix: 'Move it away; if it should be in the dataset, ingest that anew with --overwrite.',
  },
});
