import type { JsonObject, JsonSchema } from '@tracebloc/ingestor-contract';

const character = (description: string, ...examples: string[]): JsonSchema => ({
  type: 'string',
  description,
  minLength: 1,
  examples,
});

/** Returns the schema of an option that is one value for the file, or one for each column. */
const forColumns = (value: JsonObject): JsonObject => ({
  anyOf: [value, { type: 'object', additionalProperties: value, minProperties: 1 }],
});

/** The options of `spec.csv_options`. */
export const CSV_OPTIONS: JsonObject = {
  chunk_size: {
    type: 'integer',
    minimum: 1,
    description:
      'The bytes of the file that are read at a time. This changes memory and speed, never the result. A number below 65536 or above 16777216 counts as that limit.',
    examples: [1_048_576],
  },
  delimiter: character(
    'The character or characters between fields; `\\t` is a tab, and `whitespace` any number of spaces and tabs. Default: what a first line such as `sep=;` states, else a tab in a .tsv file and a comma in others.',
    ',',
    ';',
    '\\t',
    '||',
    'whitespace',
  ),
  quotechar: character('The one character around fields that hold a delimiter. Default: a double quote.', '"', "'"),
  escapechar: {
    type: ['string', 'null'],
    minLength: 1,
    description:
      'The one character that protects a quote, a delimiter, a line ending and itself, inside quotes and outside. Doubled quotes are read as well. Default: quotes are only doubled.',
    examples: ['\\'],
  },
  encoding: {
    type: 'string',
    description:
      'The encoding of a CSV or JSON manifest: UTF-8 (default), `utf-16`, `utf-32`, or an older one such as `windows-1252`, `iso-8859-2`, `gb18030`, `shift_jis`, `iso-2022-jp`, `euc-kr`, `koi8-r`, or the DOS code pages `cp437` to `cp869`. Files that begin with a byte order mark need none.',
    examples: ['windows-1252', 'utf-16', 'cp850', 'gb18030'],
  },
  on_bad_lines: {
    enum: ['error', 'warn'],
    description:
      'What happens to rows with another number of fields or with quotes that are not valid: `error` (default) stops the run, `warn` skips and counts them.',
    examples: ['warn'],
  },
  skip_blank_lines: {
    type: 'boolean',
    description: 'Whether empty lines are ignored. Default: true.',
    examples: [false],
  },
  skip_initial_space: {
    type: 'boolean',
    description: 'Whether spaces and tabs before a field are left out. Default: false; before a quote they always are.',
    examples: [true],
  },
  trailing_delimiter: {
    type: 'boolean',
    description: 'Whether rows end with a delimiter, after which there is no field. Default: false.',
    examples: [true],
  },
  comment: character('The one character that begins lines that are not read. Default: none.', '#', '%'),
  header: {
    type: ['integer', 'array', 'string'],
    pattern: '^none$',
    minimum: 1,
    items: { type: 'integer', minimum: 1 },
    minItems: 1,
    maxItems: 10,
    description:
      'The line of the column names, counted from 1; several lines in ascending order, whose names are joined by `_`; or `none`: then the columns have the names of `schema` in its order if it names as many, else `column_1`, `column_2` and so on. Default: the first line that is read and not empty.',
    examples: [3, [2, 3], 'none'],
  },
  units_row: {
    type: 'boolean',
    description: 'Whether the row after the header has the units of the columns, and is not read. Default: false.',
    examples: [true],
  },
  skip_rows: {
    type: 'integer',
    minimum: 0,
    description: 'The number of lines at the start of the file that are not read. Default: 0.',
    examples: [2],
  },
  skip_footer: {
    type: 'integer',
    minimum: 0,
    maximum: 1000,
    description: 'The number of rows at the end of the file that are not read, not counting empty lines. Default: 0.',
    examples: [1],
  },
  na_values: {
    type: ['array', 'object'],
    items: { type: ['string', 'number', 'boolean', 'null'] },
    additionalProperties: { type: 'array', items: { type: ['string', 'number', 'boolean', 'null'] } },
    description:
      "The texts of cells that mean a missing value, in addition to the task's own: a list for all columns, or a list for each column that has its own. In such a mapping, here as in other options, `*` stands for all other columns.",
    examples: [['-', '?', '-999'], { age: ['-999'] }],
  },
  keep_default_na: {
    type: 'boolean',
    description:
      'Whether words such as `NA` and `null` mean a missing value in tasks on tables. Default: true, with a warning that counts them. With false only the empty cell and `na_values` do.',
    examples: [false],
  },
  decimal: {
    ...forColumns({ type: 'string', enum: ['.', ','] }),
    description:
      'The decimal sign of numbers, in all columns or in each of those named. Default: the point, and a column in which that is in doubt is reported. With `.` it is not.',
    examples: [',', { price: ',' }],
  },
  thousands: {
    ...forColumns({ type: 'string', enum: [',', '.', ' ', "'", '_'] }),
    description:
      'The character between groups of digits, which must have their usual length: `1.234.567`; in all columns or in each of those named. A space also means a no-break space. Default: none.',
    examples: ['.', { price: '.' }],
  },
  percent: {
    enum: ['number', 'fraction'],
    description:
      'Numbers may end in a percent sign, and 5% is 5 (`number`) or 0.05 (`fraction`). Default: a percent sign is an error.',
    examples: ['number'],
  },
  currency: {
    type: 'array',
    items: { type: 'string', minLength: 1, pattern: '^[^\\d+.,%\\-]*$' },
    minItems: 1,
    description:
      'Signs and codes of currencies that may stand before or after a number, and are left out. Default: none; they are errors.',
    examples: [['€', 'EUR']],
  },
  negative: {
    ...forColumns({ type: 'string', enum: ['parentheses', 'trailing', 'dash'] }),
    description:
      'How negative numbers are written, beside those with a minus sign before them: `(5)` (`parentheses`), `5-` (`trailing`) or `–5` (`dash`); in all columns or in each of those named. Default: these are errors.',
    examples: ['parentheses', { balance: 'trailing' }],
  },
  units: {
    type: 'object',
    additionalProperties: { type: 'string', pattern: '^[^\\d\\s+.,\\-()](?:.*[^\\s])?$', maxLength: 32 },
    minProperties: 1,
    description:
      'The unit of each of the columns named, which may stand after its numbers and is left out. Default: none; units are errors.',
    examples: [{ weight: 'kg' }],
  },
  date_format: {
    type: ['string', 'object'],
    minLength: 1,
    additionalProperties: { type: 'string', minLength: 1 },
    description:
      'How dates and moments are written, in all columns or in each of those named: YYYY, YY (1969 to 2068), Q (a quarter), WWW (W03, an ISO week), WW (03), E (a day of it, 1 to 7), MM, MMM (Jan), MMMM, DD, D, HH, hh with A (AM or PM), mm, SS, or the codes of strptime. `epoch_s` and `epoch_ms` are numbers since 1970; `excel` are days as Excel counts them, `excel_1904` as old ones of the Mac. A week, a month, a quarter and a year are their first day. Default: the usual formats.',
    examples: ['DD/MM/YYYY', 'D-MMM-YYYY hh:mm A', { month: 'YYYY-MM' }],
  },
  date_language: {
    type: ['string', 'object'],
    minLength: 2,
    additionalProperties: { type: 'string', minLength: 2 },
    description:
      'The language of names of months (MMM and MMMM of `date_format`), in all columns or in each of those named: a tag such as `de` or `fr`. Names may be abbreviated, with or without a point. Default: English.',
    examples: ['de', { invoiced: 'fr' }],
  },
  day_first: {
    type: 'boolean',
    description:
      'Whether the day is first in `01/02/2024` and `01-02-2024`. Default: the month is, and a column in which no value decides is reported; with false it is not.',
    examples: [true],
  },
  time_zone: {
    type: 'string',
    minLength: 1,
    description:
      'The time zone, a name of the IANA database, of moments without an offset, which are then converted to UTC. Of the hours that occur twice at the end of summer time, the order of the rows shows which is meant. Default: moments without an offset are stored as they are.',
    examples: ['Europe/Berlin'],
  },
};

/** The options of `spec.json_options`. */
export const JSON_OPTIONS: JsonObject = {
  records: {
    type: 'string',
    minLength: 1,
    description:
      'The key of the array of records in a file that is one object, such as `data`; of nested objects the keys with points, such as `result.items`. Default: the file is an array, or JSON lines.',
    examples: ['data', 'result.items'],
  },
};
