import { defineErrors, ExitCode } from '@tracebloc/ingestor-core';

/** The errors that this package throws. */
export const DATASET_ERRORS = defineErrors({
  'file-not-found': { meaning: 'There is no file at the path of the manifest.', exitCode: ExitCode.usage },
  'not-a-file': {
    meaning: 'The path of the manifest leads to a folder, a pipe, a socket or a device.',
    exitCode: ExitCode.usage,
  },
  'file-unreadable': { meaning: 'The manifest cannot be opened.', exitCode: ExitCode.usage },
  'folder-unreadable': {
    meaning: 'A folder of files does not exist, is not a folder, or cannot be listed.',
    exitCode: ExitCode.usage,
  },
  'path-not-found': { meaning: 'There is neither a file nor a folder at the path.', exitCode: ExitCode.usage },
  'path-unreadable': { meaning: 'The file or folder at the path cannot be examined.', exitCode: ExitCode.usage },
  'system-file': {
    meaning: 'The path leads to where the system shows its own state, for example `/proc`.',
    exitCode: ExitCode.usage,
  },
  'source-changed-while-read': {
    meaning: 'The manifest or one of its files changed while a run read it; nothing was published.',
    exitCode: ExitCode.invalidData,
  },
  'source-changed': { meaning: 'The manifest changed while it was being split.' },
  'too-few-rows': { meaning: 'The manifest has one row, which cannot be split.', exitCode: ExitCode.invalidData },
  'test-size-too-large': {
    meaning: 'The test set is to have as many rows as the manifest, or more.',
    exitCode: ExitCode.usage,
  },
  'one-sided-split': {
    meaning: 'The rows cannot be split, because they all belong together or each is the only one of its class.',
    exitCode: ExitCode.invalidData,
  },
  'too-many-groups': {
    meaning: 'The column that `--group-by` names has more distinct values than can be kept apart.',
    exitCode: ExitCode.usage,
  },
  'too-many-classes': {
    meaning: 'The column that `--label` names has more distinct values than can be kept in proportion.',
    exitCode: ExitCode.usage,
  },
});
