import { defineFindings } from '../findings/catalogue.js';

/** What `checkText` reports. */
export const textFindings = defineFindings({
  'blank-text': {
    severity: 'error',
    meaning: 'A text is only white space.',
    fix: 'Restore the text from its source, or remove the file and its rows.',
  },
  'nul-in-text': {
    severity: 'error',
    meaning: 'A text has a NUL character, which readers of texts take for its end.',
    fix: 'Remove the NUL characters, for example with `tr -d "\\000"`, or restore the text from its source.',
  },
  'text-too-large': {
    severity: 'error',
    meaning: 'A text is larger than 64 MiB, so it is not converted from the encoding of `spec.file_options.encoding`.',
    fix: 'Convert all texts to UTF-8 before, and remove `spec.file_options.encoding`.',
  },
});

/** What `FieldShape` reports. */
export const fieldFindings = defineFindings({
  'several-lines': {
    severity: 'error',
    meaning: 'A text whose fields a tab separates has several lines.',
    fix: 'Write the text in one line: replace the line breaks inside its fields with spaces.',
  },
  'wrong-field-count': {
    severity: 'error',
    meaning: 'A text has more or fewer fields, which a tab separates, than the task reads.',
    fix: 'Write one tab between two fields, and none inside a field.',
  },
  'empty-field': {
    severity: 'error',
    meaning: 'A field of a text, before or after a tab, is empty or only white space.',
    fix: 'Fill in the field, or remove the file and its rows.',
  },
  'missing-tab': {
    severity: 'warning',
    meaning: 'A text has no tab, so that it is one field and its other field is missing.',
    fix: 'Write the fields with a tab between them, or remove the file and its rows.',
  },
});

/** What `readTextColumn` reports. */
export const columnFindings = defineFindings({
  'repeated-text-name': {
    severity: 'error',
    meaning: 'Two rows that hold their texts give them the same file name.',
    fix: 'Give each row another name, or remove the column of names: the texts are then named by the numbers of the rows.',
  },
  'separator-in-cell': {
    severity: 'warning',
    meaning:
      'Cells that become one text have tabs, or in a pair line breaks, which became spaces: a tab separates the fields of the text.',
    fix: 'Nothing, if a space says the same. Otherwise replace the tabs and line breaks with what should be stored.',
  },
});
