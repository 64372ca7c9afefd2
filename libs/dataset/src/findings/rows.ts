import type { Catalogue } from './catalogue.js';

/** What is found about columns by their names. */
export const columns = {
  'missing-column': {
    severity: 'error',
    meaning: 'The label, a schema column or the data_id column is not in the header.',
    fix: 'Correct the name in `ingest.yaml`, or add the column to the file.',
  },
  'name-list': {
    severity: 'error',
    meaning: 'The manifest is a list of names, such as of images or classes, and not a table.',
    fix: 'Write a table. Its first line has the names of the columns, such as `filename,label`. Each further line has the name of a file and its label. Name the table in `csv`.',
  },
  'column-name-differs': {
    severity: 'warning',
    meaning: 'A column was found only by ignoring case and surrounding space.',
    fix: 'Write the name in `ingest.yaml` exactly as in the file.',
  },
  'repeated-column': {
    severity: 'warning',
    meaning: 'Several columns have the same name, which `ingest.yaml` does not name. They are not stored.',
    fix: 'Give the columns different names if they should be stored.',
  },
  'unlisted-column': {
    severity: 'warning',
    meaning: 'The file has columns that the schema does not list. They are not stored.',
    fix: 'Add the columns to `schema` if they should be stored.',
  },
  'missing-key': {
    severity: 'error',
    meaning: 'The column that `data_id` names has no value.',
    fix: 'Fill in the value, or use `data_id: {strategy: uuid}`.',
  },
  'key-too-long': {
    severity: 'error',
    meaning: 'A value of the column that `data_id` names is longer than 255 characters.',
    fix: 'Use a shorter key, or `data_id: {strategy: uuid}`.',
  },
} as const satisfies Catalogue;

/** What is found about single labels. */
export const labels = {
  'missing-label': {
    severity: 'warning',
    meaning: 'A row has no label. It is stored without one.',
    fix: 'Fill in the label if the row should be used in training, or remove the row.',
  },
  'label-too-long': {
    severity: 'error',
    meaning: 'A label is longer than 255 characters.',
    fix: 'Check that `label` names the right column, or shorten the label.',
  },
} as const satisfies Catalogue;

/** What is found about the labels of all rows. */
export const classes = {
  'one-class': {
    severity: 'error',
    meaning: 'The label column of a classification has fewer than two distinct values.',
    fix: 'Check that `label` names the right column and that the file has rows of every class.',
  },
  'rare-class': {
    severity: 'warning',
    meaning:
      'A class has under 5 % of the labels, or with more than 10 classes under half of an equal share. Needs 20 labels.',
    fix: 'Check that it is not another spelling of a class. Add rows of it, or expect that a model learns little about it.',
  },
  'similar-classes': {
    severity: 'warning',
    meaning:
      'Several classes are the same word, number or truth value, written in different ways. Of a label that is declared as text, only words are compared.',
    fix: 'If they are one class, write them alike. If they are different classes, leave them.',
  },
} as const satisfies Catalogue;

/** What only the whole table shows. */
export const tables = {
  'total-row': {
    severity: 'warning',
    meaning:
      'The last row, or one of the last three, is a total or a mean of the rows before. It is stored as a record.',
    fix: 'Remove the row. In a CSV file: set `spec.csv_options.skip_footer`.',
  },
  'mixed-values': {
    severity: 'warning',
    meaning: 'Over 95 % of the values of a text column are numbers, or are dates, but this one is not. Needs 20 rows.',
    fix: 'Declare the type of the values, and correct the others. If the column has texts, leave it.',
  },
  'constant-column': {
    severity: 'warning',
    meaning: 'A feature has the same value in all rows, or none. Needs 20 rows.',
    fix: 'Remove the column from `schema`, since a model learns nothing from it.',
  },
  'unique-column': {
    severity: 'warning',
    meaning:
      'A feature has another text, or another whole number in a column named as an id, in every row; or it numbers the rows. Needs 20 rows.',
    fix: 'Remove the column from `schema`. If it names the rows, it can be the `data_id`. If its values are numbers or dates, declare their type.',
  },
} as const satisfies Catalogue;
