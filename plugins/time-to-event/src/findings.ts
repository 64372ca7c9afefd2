import { defineFindings } from '@tracebloc/ingestor-dataset';

/** The findings about times and events, beside those of all tables. */
export const timeToEventFindings = defineFindings({
  'no-time-column': {
    severity: 'error',
    meaning: 'The schema does not list the `time_column`, or the column is the label.',
    fix: "Name the column of the times in `time_column`, and list it in `schema`; the label is the event's column.",
  },
  'time-not-numeric': {
    severity: 'error',
    meaning: 'The schema declares the `time_column` with a type that is not numeric.',
    fix: 'Declare the column INT or FLOAT, and write how long each record was observed: days, for example, not a date.',
  },
  'missing-time': {
    severity: 'error',
    meaning: 'A row has no time.',
    fix: 'Fill the time, or remove the row.',
  },
  'negative-time': {
    severity: 'error',
    meaning: 'A time is less than 0, or the end of a record is before its start.',
    fix: 'Correct the time: it counts from the start of the observation, which is 0.',
  },
  'time-not-a-date': {
    severity: 'error',
    meaning: 'The schema does not declare `from` and `to` of `time_column` as dates, or as moments.',
    fix: 'List both columns in `schema`, both as DATE or both as TIMESTAMP.',
  },
  'late-end': {
    severity: 'error',
    meaning: 'The end of a record is later than `observed_until`.',
    fix: 'Set `observed_until` of `time_column` to the end of the observation, or correct the end of the record.',
  },
  'event-without-end': {
    severity: 'error',
    meaning: 'A record has the event but no end, so that its time is not known.',
    fix: 'Write the date of the event into the row, or mark the row as censored.',
  },
  'not-an-event': {
    severity: 'error',
    meaning: 'A value of the event column is neither 0 nor 1, or is not one of `event_values`.',
    fix: 'Say with `event_values` what the values mean, or write 1 if the event was seen and 0 if it was not (censored).',
  },
  'doubtful-event': {
    severity: 'warning',
    meaning: 'The label 1 may mean censored: by the name of the column, or because more than 90 % of the rows have it.',
    fix: 'If 1 means censored, set `event_values: { event: 0, censored: 1 }`. If it means the event, `event_values: { event: 1, censored: 0 }` confirms it.',
  },
  'no-event': {
    severity: 'error',
    meaning: 'No row has the event: the label is never 1.',
    fix: 'Check that `label` names the event column, and add records whose event was seen.',
  },
  'no-censored': {
    severity: 'error',
    meaning: 'No row is censored: the label is never 0.',
    fix: 'Check that `label` names the event column, and add records whose event was not seen.',
  },
});
