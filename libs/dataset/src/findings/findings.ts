import type { Finding, FindingCode } from '@tracebloc/ingestor-contract';
import { defineFindings } from './catalogue.js';

type Catalogue = Readonly<Record<string, Omit<FindingCode, 'code'>>>;

const reader = {
  'empty-file': {
    severity: 'error',
    meaning: 'The manifest is empty, or has only blank lines.',
    fix: 'Use a file that has a header row and at least one data row.',
  },
  'no-rows': {
    severity: 'error',
    meaning: 'The manifest has a header, but no row that can be used.',
    fix: 'Add at least one data row. If the first line of a CSV file is a row, set `spec.csv_options.header: none`.',
  },
  'not-utf8': {
    severity: 'error',
    meaning: 'The file is not UTF-8 text. Reading stopped at the first invalid byte.',
    fix: 'State the encoding: `spec.csv_options.encoding` is that of a manifest. Or export the file again as UTF-8.',
  },
  'invalid-byte': {
    severity: 'error',
    meaning:
      'The file has a byte that is not valid in its encoding, which an option or a byte order mark states. Reading stopped there.',
    fix: 'Correct the encoding that is stated. If it is right, the file is damaged: export it again.',
  },
  'encoding-contradicted': {
    severity: 'error',
    meaning:
      'The beginning of the file is in another encoding than the one that an option or its XML declaration states: UTF-8, UTF-16 or UTF-32.',
    fix: 'Correct or remove what states the encoding.',
  },
  'doubtful-encoding': {
    severity: 'warning',
    meaning:
      'The file makes no words in the encoding that `spec.csv_options.encoding` states, but does in another; or it has lines in two encodings.',
    fix: 'Correct `spec.csv_options.encoding`. If the reading is right, leave it.',
  },
  'other-format': {
    severity: 'error',
    meaning:
      'The file is not a table but, for example, a Git LFS pointer, an HTML page, an archive, an Office document, Parquet, PDF or base64.',
    fix: 'Convert the file to CSV or JSON.',
  },
  'unreadable-table': {
    severity: 'error',
    meaning: 'The file is not what its format says, is damaged, or is beyond a limit of the format.',
    fix: 'Write the file again with the program that made it.',
  },
  'unsupported-column': {
    severity: 'warning',
    meaning:
      'A column of the file holds values that are no cells, such as lists or bytes. It is left out; if `ingest.yaml` names it, that is an error.',
    fix: 'Write the values to columns of numbers, texts or times.',
  },
  'part-differs': {
    severity: 'error',
    meaning: 'A file of a table that consists of several has other columns than the first one.',
    fix: 'Give all files the same columns, in any order, or name only those that belong together.',
  },
  'damaged-gzip': {
    severity: 'error',
    meaning: 'A gzip archive is damaged, or ends before its content does. The rows after that were not checked.',
    fix: 'Copy or download the file again, and check it with `gunzip -t`.',
  },
  'wrong-delimiter': {
    severity: 'error',
    meaning: 'The header is one name that holds another delimiter. The rows were not checked.',
    fix: 'Set `spec.csv_options.delimiter`.',
  },
  'title-line': {
    severity: 'error',
    meaning: 'The first line looks like a title, and the header follows it. The rows were not checked.',
    fix: 'Set `spec.csv_options.skip_rows` to the number of lines before the header.',
  },
  'no-header': {
    severity: 'warning',
    meaning: 'The line that is read as the header looks like data, so a row is lost.',
    fix: 'If the file has no header, set `spec.csv_options.header: none`, and name all columns in `schema` in their order.',
  },
  'units-row': {
    severity: 'warning',
    meaning: 'The line after the header has texts, such as units, where the rows have numbers or dates.',
    fix: 'If it is not data, set `spec.csv_options.units_row: true`.',
  },
  'space-after-delimiter': {
    severity: 'warning',
    meaning: 'All cells after the first of each row begin with a space, which is stored as a part of texts.',
    fix: 'Set `spec.csv_options.skip_initial_space: true`.',
  },
  'control-character': {
    severity: 'warning',
    meaning: 'A cell has NUL or another control character, mostly after a file was damaged. It is stored as it is.',
    fix: "Look at the line. To remove NUL from the whole file: `tr -d '\\000' < old > new`.",
  },
  'empty-row': {
    severity: 'warning',
    meaning: 'A row of a CSV file has delimiters, but no value. It is read as a row of missing values.',
    fix: 'Remove the line. At the end of the file: set `spec.csv_options.skip_footer` to the number of such lines.',
  },
  'repeated-header': {
    severity: 'error',
    meaning: 'A row is the same as the header. With `on_bad_lines: warn` it is a warning, and the row is skipped.',
    fix: 'Remove the line, or set `spec.csv_options.on_bad_lines: warn` to skip it.',
  },
  'empty-column-name': {
    severity: 'warning',
    meaning: 'A column of the header has no name. It is not stored.',
    fix: 'Name the column if it should be stored.',
  },
  'duplicate-column': {
    severity: 'error',
    meaning:
      'Two columns have the same name after trimming, and `ingest.yaml` names it. In JSON: one object has the same key twice.',
    fix: 'Rename or remove one of them.',
  },
  'too-many-columns': {
    severity: 'error',
    meaning: 'The manifest has more than 200,000 columns.',
    fix: 'Check the delimiter, or remove columns that training does not need. A table can have at most 4,000.',
  },
  'ragged-row': {
    severity: 'error',
    meaning:
      'A row has more or fewer fields than the header. With `on_bad_lines: warn` it is a warning, and the row is skipped.',
    fix: 'Quote fields that contain the delimiter, complete the row, or set `spec.csv_options.on_bad_lines: warn` to skip such rows.',
  },
  'unclosed-quote': {
    severity: 'error',
    meaning:
      'A quoted field is never closed. Its record is left out, and reading goes on at the next line that has the fields of the header. With `on_bad_lines: warn` it is a warning.',
    fix: 'Close the quote, or double a quote that is part of the text.',
  },
  'text-after-quote': {
    severity: 'error',
    meaning:
      'Text follows the closing quote of a field. The record is left out, and reading goes on at the next line that has the fields of the header. With `on_bad_lines: warn` it is a warning.',
    fix: 'Double each quote that is part of the text, and quote the whole field.',
  },
  'quote-in-field': {
    severity: 'warning',
    meaning: 'A field that does not begin with a quote has one in it. The quote is read as text.',
    fix: 'If the field should be quoted, quote all of it and double each quote inside. If it is right as it is, leave it.',
  },
  'record-too-long': {
    severity: 'error',
    meaning: 'One record is longer than 16 Mi characters. The rows after its start were not checked.',
    fix: 'Check the delimiter and the line endings of the file.',
  },
  'json-envelope': {
    severity: 'error',
    meaning: 'The file is one JSON object, and its records are in an array inside it.',
    fix: 'Set `spec.json_options.records` to the key of the array.',
  },
  'records-not-found': {
    severity: 'error',
    meaning: 'The JSON file is not one object with one array at the path `spec.json_options.records`.',
    fix: 'Correct `spec.json_options.records`; for JSON lines and for a file that is an array remove it.',
  },
  'not-json': {
    severity: 'error',
    meaning: 'The file is neither a JSON array of objects nor JSON lines.',
    fix: 'Write one array that contains all objects, or write one object on each line. If the file is a CSV, name it in `csv` instead of `json`.',
  },
  'bad-json': {
    severity: 'error',
    meaning: 'The JSON is malformed. In an array, the elements after this place were not checked.',
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
    meaning: 'A JSON record has a key that neither the first record has nor `ingest.yaml` names.',
    fix: 'Add the column to `schema` if it should be stored, or remove the key.',
  },
  'broken-text': {
    severity: 'error',
    meaning: 'A JSON string contains half of a surrogate pair, which no encoding can store.',
    fix: 'Write characters beyond U+FFFF as they are or as a full pair of escapes.',
  },
} as const satisfies Catalogue;

const types = {
  'missing-value': {
    severity: 'error',
    meaning: 'A value is missing in a column that is declared NOT NULL.',
    fix: 'Fill in the value, or remove NOT NULL from the type in the schema.',
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
    meaning: 'A number, date or time is outside the range of its type. UNSIGNED allows no negative number.',
    fix: 'Correct the value, or declare a type with a larger range.',
  },
  'too-many-decimals': {
    severity: 'error',
    meaning: 'A number, or the seconds of a time, has more digits after the decimal point than the type stores.',
    fix: 'Round the value, or declare more digits: DECIMAL(12,4), DATETIME(6).',
  },
  'text-too-long': {
    severity: 'error',
    meaning: 'A text has more characters than its CHAR or VARCHAR allows, or more than 65,535 bytes in a TEXT.',
    fix: 'Shorten the text, or declare a longer type.',
  },
  'not-a-boolean': {
    severity: 'error',
    meaning: 'A value of a BOOLEAN column is not one of true, false, t, f, yes, no, y, n, 1, 0, 1.0, 0.0.',
    fix: 'Use one of these words, in upper or lower case.',
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
  'ambiguous-number': {
    severity: 'error',
    meaning:
      'A number such as 2.155 has two readings, and no value of its column decides. It is an error if other numbers of the file have a decimal comma. It is a warning if the rest of the column is whole numbers.',
    fix: 'Set `spec.csv_options.decimal: ","` with `thousands: "."` if the point separates thousands, or `decimal: "."` if it does not.',
  },
  'ambiguous-date': {
    severity: 'warning',
    meaning: 'Dates such as 01/02/2022 have two readings, and no value of the column decides between day and month.',
    fix: 'Set `spec.csv_options.day_first: true` if the day is first, or `day_first: false` if the month is.',
  },
  'ambiguous-local-time': {
    severity: 'error',
    meaning:
      'A local time occurs twice, because the clocks went back, and the order of the rows does not show which is meant.',
    fix: 'Write the offset after the time, such as +01:00, or sort the rows by time. In a run with shards, use another number of them.',
  },
  'mixed-offsets': {
    severity: 'warning',
    meaning: 'Some moments of a column have an offset and some have none, so that they may be hours apart.',
    fix: 'Set `spec.csv_options.time_zone` to the zone of those without an offset, which is UTC if it is not set.',
  },
  'words-as-null': {
    severity: 'warning',
    meaning: 'Cells of a column hold words such as NA and null, which became NULL although no option says so.',
    fix: 'If they are values, set `spec.csv_options.keep_default_na: false`. If not, `keep_default_na: true` ends the warning.',
  },
  'na-among-codes': {
    severity: 'warning',
    meaning: 'NA became NULL in a column whose other values are codes of two letters, so that it may be a code too.',
    fix: 'If it is a code, set `spec.csv_options.keep_default_na: false`, and list in `na_values` what means missing.',
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

const labels = {
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

const classes = {
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
} as const satisfies Catalogue;

const tables = {
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

const files = {
  'missing-filename': {
    severity: 'error',
    meaning: 'A row names no file.',
    fix: 'Fill in the `filename` of the row, or remove the row.',
  },
  'unsafe-filename': {
    severity: 'error',
    meaning: 'A file name contains a path, or is a link to a place outside its folder.',
    fix: 'Name a file in the folder itself. Replace a link with a copy of its target.',
  },
  'filename-too-long': {
    severity: 'error',
    meaning: 'A file name has more than 255 bytes in Unicode NFC, the form in which it is stored.',
    fix: 'Give the file a shorter name.',
  },
  'ambiguous-filename': {
    severity: 'error',
    meaning:
      'Two files of a folder would be stored under the same name. They differ only in the case of the extension or in how accents are encoded.',
    fix: 'Rename or remove one of them.',
  },
  'missing-file': {
    severity: 'error',
    meaning: 'A row names a file that is not in the folder.',
    fix: 'Correct the name (upper and lower case differ), add the file, or remove the row.',
  },
  'wrong-extension': {
    severity: 'error',
    meaning: 'A file does not have the extension that the dataset declares.',
    fix: 'Convert the file, or set `spec.file_options.extension` to the extension that all files have.',
  },
  'unreadable-file': {
    severity: 'error',
    meaning: 'A file cannot be opened, or is not a regular file (but a folder or a socket, for example).',
    fix: 'Replace it with a regular file that the user of the run may read.',
  },
  'zero-byte-file': {
    severity: 'error',
    meaning: 'A file has no bytes.',
    fix: 'Restore the file from its source, or remove the file and its rows.',
  },
  'unpaired-file': {
    severity: 'error',
    meaning: 'A file has no partner of the same name in the other folder.',
    fix: 'Add the partner, or remove the file and its rows.',
  },
  'unnamed-file': {
    severity: 'warning',
    meaning: 'A folder has files that no row names. They are not stored.',
    fix: 'Add rows for them if they should be used in training. If another manifest names them, list it in `other_manifests`.',
  },
  'repeated-file': {
    severity: 'warning',
    meaning: 'Several rows name the same file. It is stored once, and each row becomes a record.',
    fix: 'Remove the rows that are not intended.',
  },
} as const satisfies Catalogue;

const all = { ...reader, ...types, ...columns, ...labels, ...classes, ...tables, ...files };
export type DatasetFindingCode = keyof typeof all;

/** See `FindingCatalogue`. */
export const { make: makeFinding, report: reportFinding } = defineFindings<DatasetFindingCode>(all);

/** The findings that a `DatasetReader` reports. */
export const READER_FINDINGS = defineFindings(reader).list;
/** The findings of the checks of `compileCheck` and `compileCell`. */
export const TYPE_FINDINGS = defineFindings(types).list;
/** The findings that `resolveColumns`, `reportUnlisted` and `readKey` report, apart from those of a reader. */
export const COLUMN_FINDINGS = defineFindings(columns).list;
/** The findings that `readLabel` reports. */
export const LABEL_FINDINGS = defineFindings(labels).list;
/** The findings that `ClassCheck` reports. */
export const CLASS_FINDINGS = defineFindings(classes).list;
/** The findings that `checkTable` reports, and so `readRecords`. */
export const TABLE_FINDINGS = defineFindings(tables).list;

/** The findings that `SidecarFolder`, `checkPairs` and `reportRepeated` report. */
export const FILE_FINDINGS = defineFindings(files).list;

/** Ends the reading of a file, because what follows the place of the finding cannot be interpreted. */
export class UnreadableError extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
    this.name = 'UnreadableError';
  }
}
