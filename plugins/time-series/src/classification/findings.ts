import { defineFindings } from '@tracebloc/ingestor-dataset';

/** The findings about labelled sequences, beside those of all tables. */
export const sequenceFindings = defineFindings({
  'no-sequence-column': {
    severity: 'error',
    meaning: 'The schema does not list the column of the sequences, or that of their times.',
    fix: 'List both columns in `schema`, and name them in `sequence_column` and `time_column`.',
  },
  'sequence-time-type': {
    severity: 'error',
    meaning: 'The schema declares the times of sequences with a type that is neither TIMESTAMP, DATETIME nor a number.',
    fix: 'Declare the column TIMESTAMP if it holds times, or INT, BIGINT or DOUBLE if it counts steps or seconds.',
  },
  'missing-sequence': {
    severity: 'error',
    meaning: 'A row does not say to which sequence it belongs.',
    fix: "Fill in the sequence's id, or remove the row.",
  },
  'missing-sequence-time': {
    severity: 'error',
    meaning: 'A row of a sequence has no time, so that its place in the sequence is not known.',
    fix: 'Fill in the time or the step, or remove the row.',
  },
  'mixed-label': {
    severity: 'error',
    meaning:
      'The rows of a sequence do not all have the same label. A row without a label differs from one that has it.',
    fix: 'Write the label of the sequence into all of its rows. If the label changes with time, give each part its own id.',
  },
  'unordered-sequence': {
    severity: 'error',
    meaning:
      'A row is earlier than the row before it of the same sequence. Rows of other sequences may be between them.',
    fix: 'Sort the rows by sequence and time. If an id is used for several recordings, give each its own.',
  },
  'single-row-sequences': {
    severity: 'warning',
    meaning: 'Sequences have only one row, so that nothing in them follows anything.',
    fix: 'Check that `sequence_column` names the column whose values recur in all rows of a sequence.',
  },
  'too-many-sequences': {
    severity: 'error',
    meaning:
      'There are more sequences than can be checked: 5,000,000 in a dataset, or 200,000 in each shard. Or there are more than 10,000 classes.',
    fix: 'Check that `sequence_column` and `label` name the right columns. Ingest up to 5,000,000 sequences without `--shards`; divide more among several datasets.',
  },
});
