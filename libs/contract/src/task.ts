import type { DataForm, DataLayout, FormFolder, LayoutTable, SourceFolder } from './data-layout.js';
import type { FindingCode, Report } from './finding.js';
import type { JsonObject, JsonSchema, JsonValue } from './json.js';
import type { DatasetReader } from './reader.js';
import type { DatasetRecord } from './record.js';
import type { Column } from './sql-type.js';
import type { StatisticDefinition, StatisticsSink } from './statistics.js';
import type { Detection, Misfit, Survey } from './survey.js';

export type Intent = 'train' | 'test';
export type DataFormat = 'tabular' | 'image' | 'text';

/** A folder of files that a manifest's rows name. */
export interface SidecarFolder {
  /** The field of `ingest.yaml` and the folder's name below the source folder. */
  field: string;
  /** Extensions, with the dot, that it may hold. */
  extensions: readonly string[];
  required: boolean;
  /** The folder of the form that it is, if that has another name than the field. */
  role?: FormFolder;
  /** A field of `ingest.yaml` with which the files come from the rows instead, so that there is no folder. */
  replacedBy?: string;
  /**
   * Whether the task rewrites the files, so that their sizes do not say how much room they need. It may depend on the task's
   * options.
   */
  rewritten?: boolean | ((options: unknown) => boolean);
  description: string;
}

/** The files that make up a task's data. Documentation, detection and the transfer of files use it. */
export interface Layout {
  manifest: readonly ('csv' | 'json')[];
  sidecars: readonly SidecarFolder[];
  /** The form of the data layouts that the task can read instead of a manifest and folders. */
  form?: DataForm;
  /**
   * Gives the rows where the configuration names no manifest and no data layout. Its name is the field of the folder that it
   * reads, which is one of `sidecars`, and it has no options.
   */
  withoutManifest?: DataLayout;
  /** Names of files that may arrive in the dataset's folder beside those that its rows name. */
  companions?: readonly string[];
  /** What a row of the manifest holds, in a sentence. */
  description: string;
}

export interface LabelRule {
  /** `forbidden` is the rule of self-supervised tasks. With `optional` the task finds a label if no column has it. */
  use: 'required' | 'optional' | 'forbidden';
  /** The configuration must state the label policy rather than take the default. */
  statePolicy: boolean;
  /** Whether labels are classes rather than measured values. Default: true unless `statePolicy` is true. */
  classes?: boolean;
  /**
   * Is set if the table stores the label's column too, with the type and the name that the schema declares. This is the name of
   * that column in the table if it is called as one that every table has, such as `label`.
   */
  ownColumn?: string;
}

/** What `records` needs to read one dataset. */
export interface TaskContext<Options> {
  dataset: DatasetReader;
  options: Options;
  /** The label's column as configured; absent for self-supervised tasks. */
  label?: string;
  /** The column whose value becomes `DatasetRecord.key`; absent where the run derives data_id. */
  key?: string;
  /** The column that names each row's file, as configured; absent for tasks without folders. Default: `filename`. */
  filename?: string;
  /** Every column of the configured schema, in order. */
  schema: readonly Column[];
  /** The schema's columns that are stored in the table beside the fixed ones: the schema less label, annotation, id. */
  columns: readonly Column[];
  /** The absolute paths of the sidecar folders that exist, or those of a data layout, by their fields in the task's layout. */
  folders: Readonly<Record<string, string | SourceFolder>>;
  /**
   * The names of files of the same folders in other manifests, which are read once and only when they are asked for. These
   * files are not left over. Absent if the configuration has no `other_manifests`.
   */
  namedElsewhere?: AsyncIterable<string>;
  /**
   * Whether the files of further records will be written. It is false in `validate` and after an error: a record may then
   * leave out `RecordFile.content`. What is checked stays the same.
   */
  readonly wantsFiles: boolean;
  /**
   * `records` calls this once, with what `ShardRule.conclude` needs of the rows that this process read. It is absent if
   * `records` must conclude over all rows itself: it reads them all, or its task has no `conclude`.
   */
  handOn?(part: JsonValue): void;
  /** Receives what the task counts and measures. Absent in hosts of earlier versions. */
  statistics?: StatisticsSink;
  report: Report;
  signal: AbortSignal;
}

/** What `conclude` needs to check a dataset whose rows several processes have read. */
export interface ConclusionContext<Options> extends Pick<
  TaskContext<Options>,
  'options' | 'label' | 'schema' | 'columns' | 'report'
> {
  /** The manifest's name in findings. */
  file: string;
}

/** How several processes, each a shard, make the records of one dataset. */
export interface ShardRule<Options> {
  /**
   * `own`: `records` reads the rows of its shard alone, and makes one record of each. `all`: it reads every row and makes
   * every record, but may skip the work on files, and its findings, if `dataset.isOwn` is false.
   */
  rows: 'own' | 'all';
  /**
   * Reports what only all rows together show. `parts` are what `records` handed on in each shard, in the order of the
   * rows; a shard that handed on nothing is left out. Called once, when every shard is done and no error was found.
   */
  conclude?(parts: readonly JsonValue[], context: ConclusionContext<Options>): void;
}

/** Rows that are parts of one thing, such as the moments of a sequence. A group is never divided between train and test. */
export interface GroupRule<Options> {
  /** What a group is called, in the singular and in lower case: `sequence`. */
  name: string;
  /** Returns the column whose value is the same in all rows of a group, if the schema lists it. */
  column(schema: readonly Column[], options: Options): Column | undefined;
}

/** The task's fields of `ingest.yaml`, which fit its schemas. */
export interface RawOptions {
  fields: JsonObject;
  fileOptions: JsonObject;
}

/**
 * A kind of dataset. One per `category` of `ingest.yaml`.
 *
 * `records` is both the check and the conversion, in one pass over the source, so that `validate` and `ingest` cannot
 * disagree and a file is read once. It only reads. It reports every problem to `context.report` and continues; what it
 * yields after an error is dropped by the pipeline.
 */
export interface TaskType<Options = unknown> {
  /** `category` in ingest.yaml, for example `tabular_classification`. */
  id: string;
  title: string;
  summary: string;
  dataFormat: DataFormat;
  label: LabelRule;
  schema: 'required' | 'optional';
  /** Which cells mean a missing value: `tokens` are the empty cell, NA, NULL and the like; `empty` is the empty cell alone. */
  missing: 'tokens' | 'empty';
  /** The backend's `allow_feature_modification`. */
  allowFeatureModification: boolean;
  /** JSON Schema of the task's own top-level fields in `ingest.yaml`: an object with `properties` and `required`. */
  fields: JsonSchema;
  /** JSON Schema of the task's own `spec.file_options`: an object with `properties` and `required`. */
  fileOptions: JsonSchema;
  layout: Layout;
  /** Every code that `records` reports, beside the reader's. */
  findings: readonly FindingCode[];
  /**
   * Makes the task's options of the fields, which are complete with the schemas' `default`s. Throws an `OptionError` for
   * what a schema cannot express. Without it the options are as `resolveOptions` says. An option of the same name in
   * `fields` and `fileOptions` has its default in `fields`, since the one in `fileOptions` wins.
   */
  resolve?(raw: RawOptions): Options;
  /** What `records` counts and measures of the records that pass, in the order in which it is shown. */
  statistics?: readonly StatisticDefinition[];
  /** The dataset's records, in the manifest's order, deterministically. */
  records(context: TaskContext<Options>): AsyncIterable<DatasetRecord[]>;
  /** Absent: every shard checks the whole dataset and keeps its own records, which is right for any task. */
  shards?: ShardRule<Options>;
  /** Returns the column by which the rows must be ordered. A split into train and test is then a cut between two rows. */
  orderedBy?(schema: readonly Column[], options: Options): Column | undefined;
  /**
   * How rows belong together. `ingestor split` keeps groups whole, a group in train and test is leakage, the column cannot be
   * the `data_id`, and the backend gets the number of groups.
   */
  groups?: GroupRule<Options>;
  /**
   * Columns of the manifest that the table stores even if the schema does not list them, with their SQL types. A schema that lists
   * one decides its type and its place. Case does not count.
   */
  ownColumns?: Readonly<Record<string, string>>;
  /**
   * Returns the names under which the table stores columns of the schema, by the names in the schema, where they differ:
   * training reads some columns by a fixed name. Case does not count.
   */
  storedNames?(options: Options): Readonly<Record<string, string>>;
  /**
   * Returns the SQL types with which the table stores columns of the schema, by the names in the schema, where they differ:
   * a date may become a duration. `null` means that the column is read and not stored. Case does not count.
   */
  storedTypes?(options: Options): Readonly<Record<string, string | null>>;
  /**
   * Returns how the task can read the data that `ingestor init` found, or why it cannot. It looks at the survey first and
   * reads a file only if the survey does not decide. The survey has one manifest, or none if no table was found. `label` is
   * the column that the user named as the label, if any.
   */
  detect?(survey: Survey, label?: string): Promise<Detection | Misfit | undefined>;
  /**
   * Returns what `ingestor init` writes because the dataset in a data layout needs it, such as the size of its images. The
   * folders are those of the form; `table` is the open dataset, whose rows can be read. Hosts of earlier versions do not give it.
   */
  configure?(
    folders: Readonly<Partial<Record<FormFolder, SourceFolder>>>,
    table?: LayoutTable,
  ): Promise<Pick<Detection, 'fields' | 'fileOptions' | 'comments'>>;
  /**
   * Returns the columns of the manifest that the task reads, as its options name them, beside the schema, the label, the key and
   * the names of files.
   */
  columns?(options: Options): readonly string[];
  /**
   * Returns the classes that a label of the table has, each with how often, if a label is more than one class. The backend
   * receives these instead of the label.
   */
  labelCounts?(label: string): ReadonlyMap<string, number>;
  /** The `meta_data` sent to the backend: options and column names and types, never a value of the data. */
  metadata(options: Options, columns: readonly Column[]): JsonObject;
}
