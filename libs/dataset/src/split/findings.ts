import { defineFindings } from '../findings/catalogue.js';

/** What `splitManifest` reports beside the reader's findings and those of columns. */
export const SPLIT_FINDINGS = defineFindings({
  'unreadable-time': {
    severity: 'error',
    meaning: 'A value of the column that `--time` names is neither a number nor a date, or is missing.',
    fix: 'Correct the value, or split at random, without --time.',
  },
  'time-not-ascending': {
    severity: 'error',
    meaning: 'A row is earlier than the one above it, so that the latest rows are not the last.',
    fix: 'Sort the file by the time column first.',
  },
  'missing-group': {
    severity: 'warning',
    meaning: 'Rows have no value in the column that `--group-by` names; they stay together as one group.',
    fix: 'Fill the value, if the rows belong to different groups.',
  },
  'single-row-class': {
    severity: 'warning',
    meaning: 'A class has one row, so that one set lacks it: the test set, unless groups or times decide.',
    fix: 'Add rows of the class, or leave it out.',
  },
  'one-sided-class': {
    severity: 'warning',
    meaning: 'All rows of a class lie on one side, since their groups, or the times, keep them together.',
    fix: 'Choose another --seed or --test-size, or a column with smaller groups.',
  },
});
