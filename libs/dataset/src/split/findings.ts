import { defineFindings } from '../findings/catalogue.js';

/** The findings that `splitManifest` reports, beside those of the reader and of columns. */
export const SPLIT_FINDINGS = defineFindings({
  'unreadable-time': {
    severity: 'error',
    meaning: 'A value of the column that `--time` names is neither a number nor a date, or is missing.',
    fix: 'Correct the value, or set `date_format` or `day_first` in the `ingest.yaml` that is split. Otherwise split at random, without `--time`.',
  },
  'time-not-ascending': {
    severity: 'error',
    meaning: 'A row is earlier than the row above it, so the latest rows are not at the end of the file.',
    fix: 'Sort the file by the time column first.',
  },
  'missing-group': {
    severity: 'warning',
    meaning: 'Rows have no value in the column that `--group-by` names. They stay together as one group.',
    fix: 'Fill in the value if the rows belong to different groups.',
  },
  'single-row-class': {
    severity: 'warning',
    meaning:
      'A class has only one row, so one of the two sets has none of it: the test set, unless groups or times decide.',
    fix: 'Add rows of the class, or remove the class.',
  },
  'one-sided-class': {
    severity: 'warning',
    meaning: 'All rows of a class are in one of the two sets, because their groups or times keep them together.',
    fix: 'Choose another `--seed` or `--test-size`, or a column with smaller groups.',
  },
  'group-in-both': {
    severity: 'warning',
    meaning:
      'A column is named like an id of persons or things, such as `patient_id`, and has values with rows in both sets. A model may recognise them, so that the test is too easy.',
    fix: 'If the rows of one value belong together, name the column with `--group-by`.',
  },
});
