import type { JsonObject, JsonValue } from './json.js';

/** What a look at a file or folder found, before any task is chosen. */
export interface Survey {
  /** Absolute path of the folder that was looked at; of a file, the folder that holds it. */
  root: string;
  /** The tables found at the root, or the one file that was named. */
  manifests: readonly ManifestProfile[];
  /** The folders found directly below the root, by name. */
  folders: readonly FolderProfile[];
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
  format: 'csv' | 'json';
  /** The CSV's delimiter. */
  delimiter: string;
  rows: number;
  columns: readonly ColumnProfile[];
  /** The options of `spec.csv_options`, beside the delimiter, with which the profile was made because the data needs them. */
  options?: readonly SurveyedOption[];
}

/** An option that was detected. */
export interface SurveyedOption {
  /** Its name in `spec.csv_options`. */
  name: string;
  value: JsonValue;
  /** A sentence without a full stop that says why; it quotes no value of the data. */
  reason: string;
}

export interface ColumnProfile {
  name: string;
  /** A SQL type that takes every value of the column, with some room for others of their kind; `words` are missing. */
  sql: string;
  /** The same of every cell as text: VARCHAR or TEXT. */
  textSql: string;
  /** False where a text is longer than any type takes. */
  fits: boolean;
  missing: number;
  /** Those of the missing values that are written as NA, null and the like: text to a task whose `missing` is `empty`. */
  words: number;
  /** Distinct values that are not missing, counted up to `DISTINCT_LIMIT`, in a table of over 100 columns to fewer. */
  distinct: number;
  /** Whether there are more than were counted. */
  moreDistinct: boolean;
  /** The distinct values, where there are no more than `VALUES_LIMIT`; for judging only, never written anywhere. */
  values?: readonly string[];
  /** Whether every value is at least the one before; of numbers and times. */
  ascending: boolean;
}

export const DISTINCT_LIMIT = 10_000;
export const VALUES_LIMIT = 20;

/** How well data fits a task. */
export type Fit =
  /** Only this task has data of this form, as images with annotations. */
  | 'certain'
  /** The usual reading of such data. */
  | 'likely'
  /** It can be read so, if the user means it. */
  | 'possible';

/** One way to read surveyed data: what the task would be configured with. */
export interface Detection {
  fit: Fit;
  /** What was found, as a sentence for people: "a table of 276 rows whose column Species has 3 values". */
  found: string;
  /** The survey's manifest, with another `sql` for a column of which the task wants another type. */
  manifest: ManifestProfile;
  /** Columns that may be the label, the likeliest first; empty where the task takes none. */
  labels: readonly string[];
  /** Names of the columns for `schema`; the label among them is left out once it is known. */
  schema: readonly string[];
  /** The task's further fields of `ingest.yaml`, folders as paths relative to the root: `{images: 'images'}`. */
  fields: JsonObject;
  /** `spec.file_options` that differ from the defaults. */
  fileOptions: JsonObject;
}
