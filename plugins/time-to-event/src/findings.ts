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
    meaning: 'A time is less than 0.',
    fix: 'Correct the time: it counts from the start of the observation, which is 0.',
  },
  'not-an-event': {
    severity: 'error',
    meaning: 'A value of the event column is neither 0 nor 1.',
    fix: 'Write 1 if the event was seen and 0 if it was not (censored).',
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
