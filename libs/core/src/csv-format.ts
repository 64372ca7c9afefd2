/** How the values of a single column are written, where that differs from the file. */
export interface ColumnFormat {
  decimal?: '.' | ',';
  thousands?: string;
  negative?: NegativeSign;
  /** The unit that may stand after each number. */
  unit?: string;
  dateLanguage?: string;
}

/** How negative numbers are written, where they have no minus sign before them: `(5)`, `5-`, or a dash as in `–5`. */
export type NegativeSign = 'parentheses' | 'trailing' | 'dash';

/** How a CSV file is written: `spec.csv_options` with its defaults. */
export interface CsvFormat {
  /** The bytes of the file that are read at a time. */
  chunkSize: number;
  /** One or more characters, or `WHITESPACE`. */
  delimiter: string;
  /** One character, or an empty string if the file has no quotes. */
  quote: string;
  /**
   * The character that protects quotes, delimiters, line endings and itself. It is the quote if quotes are only doubled.
   */
  escape: string;
  /** A name that `encodingNamed` returns. A byte order mark in the file has priority. */
  encoding: string;
  onBadLines: 'error' | 'warn';
  skipBlankLines: boolean;
  /** The texts of cells that mean a missing value, in addition to the task's own. */
  naValues: readonly string[];
  /** The same for single columns, by their names. */
  naColumns?: Readonly<Record<string, readonly string[]>>;
  /** Whether the task's own words, such as NA and null, mean a missing value. If it is absent, they do. */
  keepDefaultNa?: boolean;
  /** The decimal sign. If it is absent, it is the point. */
  decimal?: '.' | ',';
  /** The character between groups of digits. */
  thousands?: string;
  /** Whether numbers may end in a percent sign, and whether 5% is the number 5 or the fraction 0.05. */
  percent?: 'number' | 'fraction';
  /** Signs and codes of currencies that may stand before or after a number. */
  currency?: readonly string[];
  /** How negative numbers are written beside those with a minus sign before them. */
  negative?: NegativeSign;
  /** How dates and moments are written, in all columns. */
  dateFormat?: string;
  /** The same for single columns, by their names. */
  dateColumns?: Readonly<Record<string, string>>;
  /** The language of names of months, as a language tag such as `de`. If it is absent, they are English. */
  dateLanguage?: string;
  /** What differs in single columns, by their names. */
  columnFormats?: Readonly<Record<string, ColumnFormat>>;
  /** Whether the day or the month is first in `01/02/2024`. If it is absent, the month is. */
  dayFirst?: boolean;
  /** The time zone of moments without an offset. */
  timeZone?: string;
  /**
   * Whether the delimiter counts even if it is the default one and a first line such as `sep=;` states another. Other
   * delimiters always count.
   */
  keepsDelimiter?: boolean;
  /** Whether spaces and tabs before an unquoted cell are left out. */
  skipInitialSpace?: boolean;
  /** Whether every row ends with a delimiter, after which there is no cell. */
  trailingDelimiter?: boolean;
  /** The character that begins lines that are not read. */
  comment?: string;
  /** The number of lines at the start of the file that are not read. */
  skipRows?: number;
  /** The number of records at the end of the file that are not rows. */
  skipFooter?: number;
  /**
   * Where the names of the columns are: nowhere, or on these lines, in ascending order, whose names are joined. If it is
   * absent, the first record has the names.
   */
  header?: 'none' | readonly number[];
  /** The names of the columns of a file without a header, if there are as many as columns. */
  columnNames?: readonly string[];
  /** Whether the record after the header has the units of the columns. */
  unitsRow?: boolean;
}

/** The delimiter of aligned columns: any number of spaces and tabs. At the start and end of a line it has no meaning. */
export const WHITESPACE = 'whitespace';

/** The format of a file for which `spec.csv_options` sets nothing. */
export const CSV_DEFAULTS: CsvFormat = {
  chunkSize: 1_048_576,
  delimiter: ',',
  quote: '"',
  escape: '"',
  encoding: 'utf-8',
  onBadLines: 'error',
  skipBlankLines: true,
  naValues: [],
};

/** The fields that the options of `spec.csv_options` set for the whole file. */
export const CSV_FIELDS: Readonly<Record<string, keyof CsvFormat>> = {
  chunk_size: 'chunkSize',
  delimiter: 'delimiter',
  quotechar: 'quote',
  escapechar: 'escape',
  encoding: 'encoding',
  on_bad_lines: 'onBadLines',
  skip_blank_lines: 'skipBlankLines',
  skip_initial_space: 'skipInitialSpace',
  trailing_delimiter: 'trailingDelimiter',
  comment: 'comment',
  header: 'header',
  units_row: 'unitsRow',
  skip_rows: 'skipRows',
  skip_footer: 'skipFooter',
  na_values: 'naValues',
  keep_default_na: 'keepDefaultNa',
  decimal: 'decimal',
  thousands: 'thousands',
  percent: 'percent',
  currency: 'currency',
  negative: 'negative',
  date_format: 'dateFormat',
  date_language: 'dateLanguage',
  day_first: 'dayFirst',
  time_zone: 'timeZone',
};

/** The options that may also be a mapping of columns to texts, and the fields that such a mapping sets. */
export const COLUMN_OPTIONS = {
  decimal: 'decimal',
  thousands: 'thousands',
  negative: 'negative',
  units: 'unit',
  date_language: 'dateLanguage',
} as const satisfies Readonly<Record<string, keyof ColumnFormat>>;

/** The key of a mapping of columns that stands for all others. A unit is never that of all others. */
export const ALL_OTHERS = '*';

/** The fields of options that have one of their own for single columns. */
const OWN_FIELDS: Readonly<Record<string, keyof CsvFormat>> = { na_values: 'naColumns', date_format: 'dateColumns' };

/** Returns the format with options as `spec.csv_options` has them. An option without a value changes nothing. */
export function withCsvOptions(csv: CsvFormat, options: object): CsvFormat {
  const format = { ...csv };
  for (const [name, value] of Object.entries<unknown>({ ...options })) {
    if (value === undefined || value === null) continue;
    const isByColumn = typeof value === 'object' && !Array.isArray(value);
    Object.assign(format, isByColumn ? fieldsByColumn(format, name, value) : { [CSV_FIELDS[name]!]: value });
  }
  return format;
}

/** Returns the fields that an option sets which is a mapping of columns. */
function fieldsByColumn({ columnFormats = {} }: CsvFormat, name: string, mapping: object): Partial<CsvFormat> {
  const field = Object.hasOwn(COLUMN_OPTIONS, name) ? COLUMN_OPTIONS[name as keyof typeof COLUMN_OPTIONS] : undefined;
  const isForFile = (column: string) => column === ALL_OTHERS && name in CSV_FIELDS;
  const columns = Object.entries<unknown>({ ...mapping }).filter(([column]) => !isForFile(column));
  const others = isForFile(ALL_OTHERS) && ALL_OTHERS in mapping ? { [CSV_FIELDS[name]!]: mapping[ALL_OTHERS] } : {};
  if (field === undefined) return { ...others, [OWN_FIELDS[name]!]: Object.fromEntries(columns) };
  const own = columns.map(([column, value]) => [column, { ...columnFormats[column], [field]: value }] as const);
  return { ...others, columnFormats: { ...columnFormats, ...Object.fromEntries(own) } };
}

/** Returns the delimiter of a file for which none is set: a tab in a .tsv or .tsv.gz file, a comma in others. */
export function delimiterFor(path: string): string {
  return /\.(?:tsv|tab)(?:\.gz)?$/i.test(path) ? '\t' : CSV_DEFAULTS.delimiter;
}
