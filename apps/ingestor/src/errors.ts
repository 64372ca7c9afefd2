import { defineErrors, ExitCode } from '@tracebloc/ingestor-core';

/** The errors that the host's commands throw, beside those of the libraries. */
const errors = defineErrors({
  ambiguous: {
    meaning:
      'The data fits several answers to questions of `init`, and there is no terminal to ask on. With `--json` they are in `error.questions`.',
    exitCode: ExitCode.usage,
  },
  'cannot-split': {
    meaning: 'The manifest consists of several files, or has a format that `split` cannot write.',
    exitCode: ExitCode.usage,
  },
  'file-exists': { meaning: 'A file that the command would write exists already.', exitCode: ExitCode.usage },
  'file-not-writable': { meaning: 'A file that the command would write cannot be written.', exitCode: ExitCode.usage },
  'git-refused': {
    meaning: 'A plugin depends on a git repository, which is never installed.',
    exitCode: ExitCode.usage,
  },
  'install-failed': { meaning: 'npm failed to install a plugin for a reason that no other code describes.' },
  'local-not-writable': { meaning: 'The folder of `--local` cannot be made or written.' },
  'no-configuration': {
    meaning: 'Neither arguments nor flags nor variables give a configuration, and the folder has no `ingest.yaml`.',
    exitCode: ExitCode.usage,
  },
  'no-table': { meaning: 'The folder that `init` was given has no table.', exitCode: ExitCode.usage },
  'not-confirmed': {
    meaning: 'The command deletes something, and that was not confirmed.',
    exitCode: ExitCode.usage,
  },
  'nothing-fits': { meaning: 'The data fits none of the installed tasks.', exitCode: ExitCode.usage },
  'npm-missing': { meaning: 'npm, which installs plugins, is missing from the installation of the ingestor.' },
  'output-is-input': {
    meaning: 'A file that the command would write is one that it reads.',
    exitCode: ExitCode.usage,
  },
  'plugin-not-found': { meaning: 'The registry does not have the named package or version.', exitCode: ExitCode.usage },
  'plugin-not-installable': {
    meaning: 'What was named is not a plugin that can be installed.',
    exitCode: ExitCode.usage,
  },
  'plugins-not-writable': { meaning: 'The folder of the installed plugins cannot be written.' },
  'registry-refused': { meaning: 'The registry refuses access to a package.' },
  'registry-unreachable': { meaning: 'The registry of packages cannot be reached.' },
  'report-not-writable': { meaning: 'The report cannot be written.', exitCode: ExitCode.usage },
  'storage-full': { meaning: 'There is no room left for a file that the command writes.' },
  'table-name-too-long': {
    meaning: 'The name of a table would be too long with the suffix that `split` appends.',
    exitCode: ExitCode.usage,
  },
  'task-missing': {
    meaning: 'A plugin that was installed for a task does not have the task.',
    exitCode: ExitCode.usage,
  },
  unended: {
    meaning: 'The command waits for something that can never happen; this is a bug of the ingestor or a plugin.',
  },
  'task-misfit': { meaning: 'The data does not fit the task that `init` was given.', exitCode: ExitCode.usage },
  'unknown-command': { meaning: 'There is no command of this name.', exitCode: ExitCode.usage },
  'unknown-sheet': {
    meaning: 'The workbook has no sheet of the name that `--sheet` states, or the sheet is empty.',
    exitCode: ExitCode.usage,
  },
  'unknown-label': { meaning: 'The named label is not a column of the table.', exitCode: ExitCode.usage },
  'unknown-task': { meaning: 'The named task is not installed, and no known plugin has it.', exitCode: ExitCode.usage },
  'wrong-usage': {
    meaning: 'Arguments or flags are missing, not valid or contradict each other.',
    exitCode: ExitCode.usage,
  },
});

export const HOST_ERRORS = errors.list;
export const makeError = errors.make;
