import { defineFindings } from '@tracebloc/ingestor-dataset';

/** The findings about time series, beside those of all tables. */
export const timeSeriesFindings = defineFindings({
  'no-timestamp-column': {
    severity: 'error',
    meaning: 'The schema does not list the column of the moments: `timestamp`, or the one that `time_column` names.',
    fix: 'Set `time_column` to the column of the moments, and list it in `schema` as TIMESTAMP.',
  },
  'timestamp-type': {
    severity: 'error',
    meaning: 'The schema declares the column of the moments with another type than TIMESTAMP.',
    fix: 'Declare the column TIMESTAMP, or TIMESTAMP(6) if seconds have decimals.',
  },
  'not-numeric-column': {
    severity: 'error',
    meaning: 'The schema declares a feature, or the target, with a type that is not numeric.',
    fix: 'Declare the column INT, FLOAT or the like, write its categories as numbers, or leave it out of `schema`.',
  },
  'missing-timestamp': {
    severity: 'error',
    meaning: 'A row has no timestamp.',
    fix: 'Fill the timestamp, or remove the row.',
  },
  'mixed-time-format': {
    severity: 'error',
    meaning: 'A timestamp is written in another format than the first of the file.',
    fix: 'Write all timestamps in one format; check whether day and month are swapped.',
  },
  'unordered-timestamp': {
    severity: 'error',
    meaning: 'A timestamp is earlier than the one of the row before.',
    fix: 'Sort the rows by their timestamps, the oldest first. If the newest is first, reverse their order. Make a separate dataset of each of several series.',
  },
  'future-timestamp': {
    severity: 'error',
    meaning: 'A timestamp is later than the start of the run; one without an offset is read as UTC.',
    fix: 'Correct the value, remove the forecast rows, or write the offset of local time, for example `+02:00`.',
  },
  'repeated-timestamp': {
    severity: 'warning',
    meaning: 'A timestamp is the same as the one of the row before.',
    fix: 'Remove the repeated row, or check that the file holds one series only.',
  },
  'time-gaps': {
    severity: 'warning',
    meaning: 'Most rows follow each other by the same time, and rows between some of them are missing.',
    fix: 'If values are missing, add a row for each moment with its value, or with one that is estimated from the rows around it. If nothing is measured then, such as at night, leave it so.',
  },
});

export type TimeSeriesFindingCode = Parameters<typeof timeSeriesFindings.report>[1];
