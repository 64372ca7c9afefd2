import { defineErrors, ExitCode } from '@tracebloc/ingestor-core';

/** The errors that this package throws. */
export const STORAGE_ERRORS = defineErrors({
  'database-error': {
    meaning: 'The database refused a statement for a reason that has no other code in this catalogue.',
  },
  'database-unreachable': { meaning: 'No connection to the database server could be made.' },
  'database-login-refused': {
    meaning: 'The server refused the login: a wrong password, a locked account or an unknown login method.',
  },
  'database-host-refused': { meaning: 'The server does not accept logins from this machine.' },
  'database-too-many-connections': { meaning: 'The server, or the limit of the user, allows no further connection.' },
  'database-unavailable': { meaning: 'The server is shutting down, is offline or cannot start a session.' },
  'database-read-only': { meaning: 'The server is read-only.' },
  'database-tls': { meaning: 'The encrypted connection to the server could not be made or is not trusted.' },
  'database-not-permitted': { meaning: 'The user lacks a right in the database.' },
  'database-setting-refused': { meaning: 'The server does not let the user set a session variable that a run needs.' },
  'database-answer-too-large': { meaning: 'The server sent more than one answer may hold.' },
  'database-asks-for-file': { meaning: 'The server asked for a file of this machine and was sent nothing.' },
  'database-lost': { meaning: 'The connection to the database server broke.' },
  'database-busy': { meaning: 'Other sessions or processes kept the database locked for too long.' },
  'database-unreadable': { meaning: 'The file of the embedded database is not a SQLite database.' },
  'duplicate-data-id': { meaning: 'A data_id occurs twice in the dataset.', exitCode: ExitCode.invalidData },
  'already-staged': { meaning: 'Another process of the run has stored the same records in the meantime.' },
  'value-changed': {
    meaning: 'The database would store a value other than the one in the source.',
    exitCode: ExitCode.invalidData,
  },
  'record-too-large': {
    meaning: 'A record is larger than the longest statement that the server accepts.',
    exitCode: ExitCode.invalidData,
  },
  'table-too-wide': { meaning: 'The columns of the schema do not fit into one table.', exitCode: ExitCode.invalidData },
  'duplicate-column': {
    meaning: 'Two columns have names that the database cannot tell apart.',
    exitCode: ExitCode.invalidData,
  },
  'column-name-refused': {
    meaning: 'The database cannot have a column of this name.',
    exitCode: ExitCode.invalidData,
  },
  'table-name-refused': { meaning: 'The database cannot have a table of this name.', exitCode: ExitCode.usage },
  'table-reserved': { meaning: 'The name of the table is reserved for the ledger.', exitCode: ExitCode.usage },
  'table-referenced': { meaning: 'A foreign key of another table refers to the table.' },
  'table-locked': { meaning: 'Another process is ingesting the table.' },
  'shard-locked': { meaning: 'Another process is ingesting the shard.' },
  'lock-lost': { meaning: 'The run lost the lock of its table.' },
  'ledger-outdated': { meaning: 'An earlier version made the ledger, and this user cannot update it.' },
  'staging-missing': { meaning: 'The rows that a run staged were removed by somebody else.' },
  'staged-files-missing': { meaning: 'The files that a run staged were removed by somebody else.' },
  'storage-not-writable': { meaning: 'The volume or the embedded database cannot be written.' },
  'storage-not-readable': { meaning: 'The embedded database cannot be read.' },
  'storage-full': { meaning: 'The volume is full, or its quota is used up.' },
  'storage-failed': { meaning: 'A system call on the volume failed.' },
  'storage-lost': { meaning: 'The volume or the embedded database was removed, replaced or unmounted during use.' },
  'storage-link': { meaning: 'A link or a file is where a folder of this program should be.' },
  'folder-exists': { meaning: 'The dataset’s folder on the volume belongs to something else.' },
  'source-outside': {
    meaning: 'A source file was replaced after it was checked and now lies outside its folder.',
    exitCode: ExitCode.invalidData,
  },
  'source-unreadable': {
    meaning: 'A source file could not be copied: it changed or disappeared after it was checked.',
  },
});
