import type { DataLayout } from './data-layout.js';
import type { Finding, Report } from './finding.js';
import type { JsonObject, JsonSchema } from './json.js';
import type { RowBatch } from './reader.js';
import type { SurveyedOption } from './survey.js';

/**
 * A format of tables, for example CSV, or a layout of files that gives a table. It turns files into rows of text cells.
 * Everything else is the host's: the encoding, gzip, several files, the checks of the header and of the cells, shards, and
 * whether a file changed while it was read.
 */
export type TableFormat = TextTableFormat | FileTableFormat | DataLayout;

interface AnyTableFormat {
  /**
   * The field of `ingest.yaml` that has the path of the table, in snake case: `csv`. `spec.<name>_options` has the options of
   * the format.
   */
  name: string;
  /** The name in sentences: `CSV`. */
  title: string;
  /** What the field of `ingest.yaml` names, in a sentence. */
  summary: string;
  /** The extensions of such files in lower case, with the dot; the usual one is first. */
  extensions: readonly string[];
  /** JSON Schema of `spec.<name>_options`: an object with `properties`. */
  options: JsonSchema;
}

/** A format of text. Its files may be gzipped, and are divided among shards by their bytes. */
export interface TextTableFormat<Options = JsonObject> extends AnyTableFormat {
  kind: 'text';
  open(options: Options): TextTable;
}

/** A format whose files are read from several places, for example Parquet. They are divided among shards by their rows. */
export interface FileTableFormat extends AnyTableFormat {
  kind: 'file';
  /**
   * Opens a file. Throws a `TableError` for a file that cannot be read. `options` fit the schema and have its defaults.
   */
  open(file: TableFile, options: JsonObject): Promise<FileTable>;
  /** Returns the tables of a file that has several, such as the sheets of a workbook. Throws a `TableError` as `open` does. */
  inspect?(file: TableFile): Promise<TableInspection>;
}

/** The tables of a file, for `ingestor init`. */
export interface TableInspection {
  /** The option that names one of them: `sheet`. */
  option: string;
  tables: readonly InspectedTable[];
  /** Names that the option may have too, although there is no table: sheets that are empty. */
  others: readonly string[];
}

export interface InspectedTable {
  name: string;
  /** What it holds, without its values: `120 rows`. */
  description: string;
  /** Further options that it needs. */
  options: readonly SurveyedOption[];
}

/** How the files of one format and with one set of options are read. */
export interface TextTable {
  parse: ParseRows;
  /** Whether the names of the columns are one line of the file, which may occur again where files were joined. */
  hasHeaderLine: boolean;
  /** Whether rows that cannot be read are left out with a warning. */
  skipsBadRows?: boolean;
  /** Whether the columns are found by their names in each row, so that a column may be absent from some rows. */
  namesCells?: boolean;
  /** Returns why a file with this beginning cannot be read with these options, if that is known. */
  refuse?(beginning: string): Promise<Finding | undefined>;
  /** Returns what is doubtful about the header. After an error the rows are not read. */
  doubt?(beginning: TableBeginning): Finding[];
  /** Finds columns that first occur after the first row. `wanted` are names of the configuration, or all columns. */
  findColumns?(wanted: readonly string[] | 'all'): ColumnFinder;
}

/** The beginning of a text table, and what was read as its header. */
export interface TableBeginning {
  /** Whole lines. */
  text: string;
  header: readonly string[];
  /** Whether the configuration has a column of this name. */
  isNamed: (name: string) => boolean;
}

/** Finds the columns of a table whose rows need not all have the same ones. */
export interface ColumnFinder {
  /** Parses a file from its start while columns are looked for. */
  parse: ParseRows;
  /** Is given the columns of the first row. */
  addFirst(names: readonly string[]): void;
  /** Whether no further column is wanted. */
  readonly isComplete: boolean;
  /** The columns that were found after the first row. */
  readonly found: readonly string[];
  /** Returns a parser whose rows have the columns of the first row and then these. */
  parseWith(columns: readonly string[]): ParseRows;
}

/** Whether the rows of a piece of text come before the rows that are wanted, are wanted, or come after them. */
export type ShardPosition = 'before' | 'wanted' | 'after';

/** Receives what the parser of a format finds while it reads. */
export interface ParseObserver {
  report: Report;
  /** Is called for a row that is left out with a warning. */
  skip(): void;
  /** The position of the rows that end in the latest piece. After the wanted rows the parser may end. */
  readonly position: ShardPosition;
  /** Counts rows before the wanted ones that were not parsed. */
  pass(rows: number): void;
}

/**
 * Parses a file's text into rows of one width; the first row has the column names. Reports a row that cannot be used and
 * continues. Throws an error with a `finding`, after the rows before it, where the rest of the file cannot be interpreted.
 */
export type ParseRows = (pieces: AsyncIterable<string>, observer: ParseObserver) => AsyncIterable<RowBatch>;

/** A file that a format reads. */
export interface TableFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Returns bytes from an offset on: all of them, or fewer at the end of the file. They are the first ones of `into`, if it is given. */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
}

/** A column of a file that states the types of its columns. */
export interface TableColumn {
  name: string;
  /** The SQL type that holds every value of the file's type. It is absent for text, whose length the type does not say. */
  sql?: string;
  /** Is set if the values cannot become text cells, and the rows therefore do not have the column. */
  unsupported?: {
    /** What the values are, after "The column holds": `lists`. */
    holds: string;
    /** What to do, in a sentence. */
    fix: string;
  };
}

/** A file whose header was read. */
export interface FileTable {
  columns: readonly TableColumn[];
  /** Whether the file states the types of its columns, so that a column without one is text, whatever its values are. */
  statesTypes?: boolean;
  /** The number of rows that `read` can return. */
  rows: number;
  /**
   * Yields the rows from the index `from` up to, but not including, `to`, in order. Each has a cell for each of `columns`,
   * which are indices of supported columns. Integers and decimals are exact, other numbers the shortest text that is read as
   * the same number, dates YYYY-MM-DD, moments ISO 8601 with `Z` if they are in UTC. A missing value is the empty cell.
   */
  read(from: number, to: number, columns: readonly number[]): AsyncIterable<RowBatch>;
}

/** What a format throws for a file that it cannot read. */
export class TableError extends Error {
  override readonly name = 'TableError';

  /**
   * @param message What is wrong with the file, as a sentence.
   * @param fix What the user should do, as a sentence.
   */
  constructor(
    message: string,
    readonly fix = 'Write the file again with the program that made it.',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Recognises a `TableError` by its form, since a plugin may bring another copy of this package. */
export function isTableError(error: unknown): error is TableError {
  return error instanceof Error && error.name === 'TableError' && 'fix' in error && typeof error.fix === 'string';
}
