import type { Finding, FindingCode } from '@tracebloc/ingestor-contract';
import { defineFindings } from './catalogue.js';

type Catalogue = Readonly<Record<string, Omit<FindingCode, 'code'>>>;

const reader = {
  'empty-file': {
    severity: 'error',
    meaning: 'The manifest holds nothing, or only blank lines.',
    fix: 'Give a file that has a header row and at least one data row.',
  },
  'no-rows': {
    severity: 'error',
    meaning: 'The manifest has a header, but no row that can be used.',
    fix: 'Add at least one data row.',
  },
  'not-utf8': {
    severity: 'error',
    meaning: 'The file is not UTF-8 text; reading stopped at the first byte that is not.',
    fix: 'Convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8 old > new`.',
  },
  'empty-column-name': {
    severity: 'error',
    meaning: 'A column of the header has no name.',
    fix: 'Name the column, or leave it out when exporting (in pandas: `to_csv(path, index=False)`).',
  },
  'duplicate-column': {
    severity: 'error',
    meaning: 'Two columns have the same name after trimming; in JSON, a key stands twice in one object.',
    fix: 'Rename or remove one of them.',
  },
  'too-many-columns': {
    severity: 'error',
    meaning: 'The manifest has more than 200,000 columns.',
    fix: 'Check the delimiter, or leave out columns that training does not need; a table takes 4,000.',
  },
  'ragged-row': {
    severity: 'error',
    meaning:
      'A row has more or fewer fields than the header (a warning, and the row is skipped, with `on_bad_lines: warn`).',
    fix: 'Quote fields that hold the delimiter, complete the row, or set `spec.csv_options.on_bad_lines: warn` to skip such rows.',
  },
  'unclosed-quote': {
    severity: 'error',
    meaning: 'A quoted field never ends; the rows from there on were not checked.',
    fix: 'Close the quote, or double a quote that is part of the text.',
  },
  'text-after-quote': {
    severity: 'error',
    meaning: 'Text follows the closing quote of a field; the rows from there on were not checked.',
    fix: 'Double each quote that is part of the text, and quote the whole field.',
  },
  'record-too-long': {
    severity: 'error',
    meaning: 'One record is longer than 16 Mi characters; the rows from there on were not checked.',
    fix: 'Check the delimiter and the line ends of the file.',
  },
  'not-json': {
    severity: 'error',
    meaning: 'The file is neither an array of objects nor JSON lines.',
    fix: 'Start the file with `[` and put the objects in that array, or write one object on each line.',
  },
  'bad-json': {
    severity: 'error',
    meaning: 'The JSON is malformed; in an array, the elements from there on were not checked.',
    fix: 'Write the file with a JSON library; NaN, comments, single quotes and trailing commas are not JSON.',
  },
  'not-an-object': {
    severity: 'error',
    meaning: 'An element of the JSON array, or a line, is not an object.',
    fix: 'Write each record as an object: {"column": value}.',
  },
  'nested-value': {
    severity: 'error',
    meaning: 'A value in a JSON record is itself an object or an array.',
    fix: 'Flatten the record: one key for each column.',
  },
  'unexpected-key': {
    severity: 'error',
    meaning: 'A JSON record has a key that the first record does not have.',
    fix: 'Give the first record every key, with null where it has no value.',
  },
  'broken-text': {
    severity: 'error',
    meaning: 'A JSON string holds half of a surrogate pair, which no encoding can store.',
    fix: 'Write characters beyond U+FFFF as they are or as a full pair of escapes.',
  },
} as const satisfies Catalogue;

const types = {
  'missing-value': {
    severity: 'error',
    meaning: 'A column declared NOT NULL has a missing value.',
    fix: 'Fill the value, or remove NOT NULL from the type in the schema.',
  },
  'not-a-number': {
    severity: 'error',
    meaning: 'A value of a FLOAT, DOUBLE or DECIMAL column, or a numeric label, is not a decimal number.',
    fix: 'Write digits with a point, without thousands separators or units, or declare the column VARCHAR.',
  },
  'not-an-integer': {
    severity: 'error',
    meaning: 'A value of an integer column is not a whole number.',
    fix: 'Correct the value, or declare the column FLOAT or VARCHAR.',
  },
  'number-overflow': {
    severity: 'error',
    meaning: 'A number is too large for FLOAT or DOUBLE.',
    fix: 'Correct the value, or declare a FLOAT column DOUBLE.',
  },
  'out-of-range': {
    severity: 'error',
    meaning: 'A number, date or time is outside the range of its type; UNSIGNED takes no negative number.',
    fix: 'Correct the value, or declare a wider type.',
  },
  'too-many-decimals': {
    severity: 'error',
    meaning: 'A number, or the seconds of a time, has more digits after the point than the type keeps.',
    fix: 'Round the value, or declare more digits: DECIMAL(12,4), DATETIME(6).',
  },
  'text-too-long': {
    severity: 'error',
    meaning: 'A text has more characters than its CHAR or VARCHAR, or more than 65,535 bytes in a TEXT.',
    fix: 'Shorten the text, or declare a longer type.',
  },
  'not-a-boolean': {
    severity: 'error',
    meaning: 'A value of a BOOLEAN column is none of true, false, t, f, yes, no, y, n, 1, 0.',
    fix: 'Use one of these words, in any case.',
  },
  'not-a-date': {
    severity: 'error',
    meaning: 'A value of a DATE column is not in a known format.',
    fix: 'Write dates as YYYY-MM-DD.',
  },
  'not-a-datetime': {
    severity: 'error',
    meaning: 'A value of a DATETIME or TIMESTAMP column is not in a known format.',
    fix: 'Write dates with times as YYYY-MM-DD HH:MM:SS.',
  },
  'not-a-time': {
    severity: 'error',
    meaning: 'A value of a TIME column is not in a known format.',
    fix: 'Write times as HH:MM:SS.',
  },
  'unreal-date': {
    severity: 'error',
    meaning: 'A date or time of day does not exist, such as 31 February or 25:00.',
    fix: 'Correct the value; check whether day and month are swapped.',
  },
} as const satisfies Catalogue;

const columns = {
  'missing-column': {
    severity: 'error',
    meaning: 'The label, a schema column or the data_id column is not in the header.',
    fix: 'Correct the name in `ingest.yaml`, or add the column to the file.',
  },
  'column-name-differs': {
    severity: 'warning',
    meaning: 'A column was found only by ignoring case and surrounding space.',
    fix: 'Write the name in `ingest.yaml` as it stands in the file.',
  },
  'unlisted-column': {
    severity: 'warning',
    meaning: 'The file has columns that the schema does not list; they are left out.',
    fix: 'Add the columns to `schema`, if they should be stored.',
  },
  'missing-key': {
    severity: 'error',
    meaning: 'The column that `data_id` names has no value.',
    fix: 'Fill the value, or use `data_id: {strategy: uuid}`.',
  },
  'key-too-long': {
    severity: 'error',
    meaning: 'A value of the column that `data_id` names is longer than 255 characters.',
    fix: 'Use a shorter key, or `data_id: {strategy: uuid}`.',
  },
} as const satisfies Catalogue;

const labels = {
  'missing-label': {
    severity: 'warning',
    meaning: 'A row has no label; it is stored without one.',
    fix: 'Fill the label or remove the row, if it should take part in training.',
  },
  'label-too-long': {
    severity: 'error',
    meaning: 'A label is longer than 255 characters.',
    fix: 'Check that `label` names the right column, or shorten the label.',
  },
  'one-class': {
    severity: 'error',
    meaning: 'The label column of a classification has fewer than two distinct values.',
    fix: 'Check that `label` names the right column and that the file holds every class.',
  },
} as const satisfies Catalogue;

const files = {
  'missing-filename': {
    severity: 'error',
    meaning: 'A row names no file.',
    fix: 'Fill the `filename` of the row, or remove the row.',
  },
  'unsafe-filename': {
    severity: 'error',
    meaning: 'A file name holds a path, or is a link that leads out of its folder.',
    fix: 'Name a file that lies in the folder itself; replace a link by a copy of its target.',
  },
  'filename-too-long': {
    severity: 'error',
    meaning: 'A file name has more than 255 bytes in the form (Unicode NFC) in which it arrives.',
    fix: 'Give the file a shorter name.',
  },
  'ambiguous-filename': {
    severity: 'error',
    meaning:
      'Two files of a folder would arrive under one name: their names differ only in the case of the extension or in how accents are encoded.',
    fix: 'Rename or remove one of them.',
  },
  'missing-file': {
    severity: 'error',
    meaning: 'A row names a file that is not in the folder.',
    fix: 'Correct the name (case counts), add the file, or remove the row.',
  },
  'wrong-extension': {
    severity: 'error',
    meaning: 'A file has another extension than the one that the dataset states.',
    fix: 'Convert the file, or set `spec.file_options.extension` to the extension that all files have.',
  },
  'unreadable-file': {
    severity: 'error',
    meaning: 'A file cannot be opened, or is a folder, a socket or the like.',
    fix: "Put a regular file there that the run's user may read.",
  },
  'zero-byte-file': {
    severity: 'error',
    meaning: 'A file has no bytes.',
    fix: 'Restore the file from its source, or remove it and its rows.',
  },
  'unpaired-file': {
    severity: 'error',
    meaning: 'A file has no partner of the same name in the folder that goes with its own.',
    fix: 'Add the partner, or remove the file and its rows.',
  },
  'unnamed-file': {
    severity: 'warning',
    meaning: 'A folder holds files that no row names; they are left out.',
    fix: 'Add rows for them, if they should take part in training.',
  },
  'repeated-file': {
    severity: 'warning',
    meaning: 'Several rows name one file; it arrives once, and each row becomes a record.',
    fix: 'Remove the rows that are not meant.',
  },
} as const satisfies Catalogue;

const all = { ...reader, ...types, ...columns, ...labels, ...files };
export type DatasetFindingCode = keyof typeof all;

/** Makes a finding, or reports one: see `FindingCatalogue`. */
export const { make: makeFinding, report: reportFinding } = defineFindings<DatasetFindingCode>(all);

/** What a `DatasetReader` reports. */
export const READER_FINDINGS = defineFindings(reader).list;
/** What the checks of `compileCheck` and `compileCell` report. */
export const TYPE_FINDINGS = defineFindings(types).list;
/** What `resolveColumns`, `reportUnlisted` and `readKey` report. */
export const COLUMN_FINDINGS = defineFindings(columns).list;
/** What `readLabel` and `ClassCheck` report. */
export const LABEL_FINDINGS = defineFindings(labels).list;

/** What `SidecarFolder` and `checkPairs` report, and `repeated-file`, which is for tasks whose rows are records. */
export const FILE_FINDINGS = defineFindings(files).list;

/** Ends the reading of a file: what follows the finding's place cannot be made sense of. */
export class UnreadableError extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
    this.name = 'UnreadableError';
  }
}
