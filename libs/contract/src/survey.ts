import type { JsonObject, JsonValue } from './json.js';
import type { OpenManifest } from './reader.js';

/** What was found in a file or folder before any task is chosen. */
export interface Survey {
  /** Absolute path of the surveyed folder, or of the folder that holds the surveyed file. */
  root: string;
  /** The tables found at the root, or the one file that was named. */
  manifests: readonly ManifestProfile[];
  /** The folders found directly below the root, by name. */
  folders: readonly FolderProfile[];
  /** The files of the root itself by extension, as in `FolderProfile`, beside the tables. */
  extensions?: Readonly<Record<string, number>>;
}

/** A folder of files, counted without opening them. */
export interface FolderProfile {
  name: string;
  /** Absolute. */
  path: string;
  /** Files by extension: lower case, with the dot; the empty string for none. */
  extensions: Readonly<Record<string, number>>;
}

/** A table, read to its end. */
export interface ManifestProfile {
  /** Absolute path. */
  path: string;
  /** The `name` of a `TableFormat`. */
  format: string;
  /** The path of the array of records, of JSON that is one object. */
  records?: string;
  rows: number;
  columns: readonly ColumnProfile[];
  /** The options of `spec.csv_options` with which the profile was made because the data needs them. */
  options?: readonly SurveyedOption[];
  /** The options of `spec.<format>_options` with which the profile was made, of a format that is not built in. */
  tableOptions?: readonly SurveyedOption[];
  /** The columns that cannot be stored. The profile is without those whose values are no cells. */
  leftOut?: readonly LeftOutColumn[];
  /**
   * Opens the table again as the profile was made of it, for what the profile does not decide. It is absent in hosts of earlier
   * versions.
   */
  reopen?: () => Promise<OpenManifest | undefined>;
  /** Sentences about what no value of the data decides: how it was read, and how else it may be meant. They quote no value. */
  doubts?: readonly string[];
}

/** A column that cannot be stored. */
export interface LeftOutColumn {
  name: string;
  /** What prevents it, as a clause whose subject is the column: `it holds lists, which cannot be stored`. */
  reason: string;
  /** What to do, in a sentence. */
  fix: string;
}

/** An option that was detected. */
export interface SurveyedOption {
  /** Its name in the options of the format, such as `spec.csv_options`. */
  name: string;
  value: JsonValue;
  /** A sentence without a full stop that says why; it quotes no value of the data. */
  reason: string;
}

export interface ColumnProfile {
  name: string;
  /** A SQL type that can hold every value of the column, with some room for longer ones. `words` count as missing. */
  sql: string;
  /** The type that can hold every cell as text: VARCHAR or TEXT. */
  textSql: string;
  /** False if a text is longer than any type can hold. */
  fits: boolean;
  missing: number;
  /** The missing values that are written as NA, null and the like. They are text for a task whose `missing` is `empty`. */
  words: number;
  /**
   * The number of distinct values that are not missing. Counting stops at `DISTINCT_LIMIT`, or earlier in a table of more than
   * 100 columns.
   */
  distinct: number;
  /** Whether there are more distinct values than were counted. */
  moreDistinct: boolean;
  /** The distinct values, if there are at most `VALUES_LIMIT`. They only help to decide and are never written. */
  values?: readonly string[];
  /** Whether no value is less than the one before. It is false unless all values are numbers or times. */
  ascending: boolean;
  /** The latest value of dates or moments, as a table stores it: `YYYY-MM-DD[ HH:MM:SS[.ffffff]]`. */
  latest?: string;
  /**
   * The number of cells that name a file, with or without its extension, for each folder beside the table by its name. Absent
   * if none does.
   */
  files?: Readonly<Record<string, number>>;
  /** Whether each value is a list of tags `O`, `B-<type>` and `I-<type>`, separated by white space, and not all are `O`. */
  tags?: boolean;
}

export const DISTINCT_LIMIT = 10_000;
export const VALUES_LIMIT = 20;

/** How well data fits a task. */
export type Fit =
  /** Only this task has data of this form, for example images with annotations. */
  | 'certain'
  /** The usual reading of such data. */
  | 'likely'
  /** It can be read so, if the user means it. */
  | 'possible';

/** A configuration with which a task could read the surveyed data. */
export interface Detection {
  fit: Fit;
  /** What was found, as a sentence for people: "a table of 276 rows whose column Species has 3 values". */
  found: string;
  /** The survey's manifest, with another `sql` for each column that the task needs in another type. */
  manifest: ManifestProfile;
  /** Columns that may be the label, the likeliest first. It is empty if the task has no label. */
  labels: readonly string[];
  /** Names of the columns for `schema`; the label among them is left out once it is known. */
  schema: readonly string[];
  /** The task's further fields of `ingest.yaml`, folders as paths relative to the root: `{images: 'images'}`. */
  fields: JsonObject;
  /** `spec.file_options` that differ from the defaults. */
  fileOptions: JsonObject;
  /**
   * What speaks against this reading, as a clause without a full stop, if the data may well be meant so. When another task fits
   * better, `ingestor init` then names this one too.
   */
  caveat?: string;
  /** What `ingestor init` writes beside a field or a file option, by its name, instead of its description. */
  comments?: Readonly<Record<string, string>>;
}

/** Why a task cannot read the surveyed data. */
export interface Misfit {
  /** What the task misses, as a clause without a full stop: "no column holds times in ascending order". */
  reason: string;
  /** What to do with the data, as sentences. Data that follows them fits the task. */
  fix: string;
  /** Whether the data looks as if it were meant for the task. `ingestor init` then tells the misfit unasked. */
  near?: boolean;
}

/** Tells what `TaskType.detect` returns apart. `undefined` is what tasks of earlier versions return instead of a `Misfit`. */
export function isDetection(result: Detection | Misfit | undefined): result is Detection {
  return result !== undefined && 'fit' in result;
}
