import type { Catalogue } from './catalogue.js';

/** What is found while the rows of a manifest are read. */
export const reader = {
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
    meaning: 'The line after the header has texts, such as units, where the rows have numbers, dates or other texts.',
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
    meaning:
      'A row of a CSV file has delimiters, but no value. It is read as a row of missing values. With `on_bad_lines: warn` it is skipped.',
    fix: 'Remove the line. At the end of the file: set `spec.csv_options.skip_footer` to the number of such lines.',
  },
  'repeated-header': {
    severity: 'error',
    meaning: 'A row is the same as the header. With `on_bad_lines: warn` it is a warning, and the row is skipped.',
    fix: 'Remove the line, or set `spec.csv_options.on_bad_lines: warn` to skip it.',
  },
  'odd-row': {
    severity: 'warning',
    meaning:
      'A row of a CSV file is unlike all rows around it in several columns. It may be another line of the header, the header of another table, a note or a total. Needs 12 rows.',
    fix: 'If another table begins there, write its lines to another file. If it is not a row, remove the line. If it is one, leave it.',
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
  'other-quote': {
    severity: 'warning',
    meaning:
      'Cells begin and end with a character such as an apostrophe that is not the quote of the file. It is stored as a part of the text.',
    fix: 'If they are the quotes of the file, set `spec.csv_options.quotechar`. If they belong to the texts, leave them.',
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
