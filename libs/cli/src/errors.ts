import { defineErrors, ExitCode } from '@tracebloc/ingestor-core';

export const errors = defineErrors({
  'plugin-fault': { meaning: 'An installed plugin cannot be used.', exitCode: ExitCode.usage },
  'plugin-missing': {
    meaning: 'A task was named whose plugin is known but not installed.',
    exitCode: ExitCode.usage,
  },
});

export const CLI_ERRORS = errors.list;
