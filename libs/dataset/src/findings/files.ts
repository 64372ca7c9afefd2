import type { Catalogue } from './catalogue.js';

/** What is found about the files that rows name. */
export const files = {
  'missing-filename': {
    severity: 'error',
    meaning: 'A row names no file.',
    fix: 'Fill in the `filename` of the row, or remove the row.',
  },
  'unsafe-filename': {
    severity: 'error',
    meaning: 'A file name contains a path, or is a link to a place outside its folder.',
    fix: 'Name a file in the folder itself. Replace a link with a copy of its target.',
  },
  'filename-too-long': {
    severity: 'error',
    meaning: 'A file name has more than 255 bytes in Unicode NFC, the form in which it is stored.',
    fix: 'Give the file a shorter name.',
  },
  'ambiguous-filename': {
    severity: 'error',
    meaning:
      'Two files of a folder would be stored under the same name. They differ only in the case of the extension or in how accents are encoded.',
    fix: 'Rename or remove one of them.',
  },
  'missing-file': {
    severity: 'error',
    meaning: 'A row names a file that is not in the folder.',
    fix: 'Correct the name (upper and lower case differ), add the file, or remove the row.',
  },
  'wrong-extension': {
    severity: 'error',
    meaning: 'A file does not have the extension that the dataset declares.',
    fix: 'Convert the file, or set `spec.file_options.extension` to the extension that all files have.',
  },
  'unreadable-file': {
    severity: 'error',
    meaning: 'A file cannot be opened, or is not a regular file (but a folder or a socket, for example).',
    fix: 'Replace it with a regular file that the user of the run may read.',
  },
  'zero-byte-file': {
    severity: 'error',
    meaning: 'A file has no bytes.',
    fix: 'Restore the file from its source, or remove the file and its rows.',
  },
  'unpaired-file': {
    severity: 'error',
    meaning: 'A file has no partner of the same name in the other folder.',
    fix: 'Add the partner, or remove the file and its rows.',
  },
  'unnamed-file': {
    severity: 'warning',
    meaning: 'A folder has files that no row names. They are not stored.',
    fix: 'Add rows for them if they should be used in training. If another manifest names them, list it in `other_manifests`.',
  },
  'repeated-file': {
    severity: 'warning',
    meaning: 'Several rows name the same file. It is stored once, and each row becomes a record.',
    fix: 'Remove the rows that are not intended.',
  },
} as const satisfies Catalogue;
