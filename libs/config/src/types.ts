import type {
  Column,
  DataLayout,
  Intent,
  JsonObject,
  LayoutPlaces,
  LayoutRequest,
  TableFormat,
  TaskType,
} from '@tracebloc/ingestor-contract';
import type { Credentials, CsvFormat, DatabaseConfig, JsonFormat, LabelPolicy } from '@tracebloc/ingestor-core';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export interface Source {
  /** The `name` of the table format: the field that names the manifest. */
  format: string;
  /** The format, unless it is built in, and its options, if there are any. */
  table?: TableFormat;
  tableOptions?: JsonObject;
  /** The absolute path of the manifest, or a pattern that names several files. */
  path: string;
  /** The absolute paths of the files of a pattern, in natural order. It is absent for a manifest that is one file. */
  parts?: readonly string[];
  /** The dataset, if a data layout gives it. `parts` are then its files, and `sidecars` its folders. */
  layout?: LayoutSource;
  csv: CsvFormat;
  /** Is absent if `spec.json_options` sets nothing. */
  json?: JsonFormat;
  /** The absolute paths of the sidecar folders, by their fields such as `images`. */
  sidecars: Readonly<Record<string, string>>;
  /** The absolute paths of other manifests that name files of the same folders. Is absent without any. */
  otherManifests?: readonly string[];
}

/** A dataset in a data layout, and where it is. */
export interface LayoutSource {
  layout: DataLayout;
  request: LayoutRequest;
  places: LayoutPlaces;
}

/** The credentials are empty if the command needs none (`validate`, `show`) and the environment sets none. */
export type BackendConfig =
  | { kind: 'local' }
  | {
      kind: 'remote';
      url: string;
      credentials: Credentials;
      /** A call that fails transiently is repeated for this time, in seconds. With 0 it is not repeated. */
      retrySeconds: number;
      /** The longest wait for the answer to a call, in seconds. */
      timeoutSeconds: number;
    };

/** One of several processes that ingest one dataset together. */
export interface Shard {
  /** The first shard has index 0. */
  index: number;
  /** At least 2. */
  count: number;
}

/** The immutable part of a run's configuration that needs no dataset. */
export interface EnvironmentConfig {
  /** Default: `<task>_<run id>`. */
  title?: string;
  batchSize: number;
  logLevel: LogLevel;
  database: DatabaseConfig;
  storage: { path: string; claim: string };
  /** PEM certificates of CAs to trust for backend and database, in addition to those of Node. */
  ca?: string;
  backend: BackendConfig;
  /** `undefined` means that this process ingests the whole dataset. Only `ingest` sets it. */
  shard?: Shard;
  /** Messages for the user about settings that are valid and probably not intended. */
  warnings: readonly string[];
}

export interface EnvironmentResolution {
  config: EnvironmentConfig;
  values: readonly ResolvedValue[];
}

/** The complete, immutable configuration of a run. */
export interface RunConfig extends EnvironmentConfig {
  task: TaskType;
  /** The task's options, which `TaskType.resolve` has completed. */
  options: unknown;
  table: string;
  intent: Intent;
  source: Source;
  label?: { column: string; policy: LabelPolicy };
  dataId: { strategy: 'uuid' | 'content_hash' } | { strategy: 'column'; column: string };
  /** The column that names each row's file; absent for tasks without folders. */
  filename?: string;
  /** All columns of the configured schema, in its order. */
  schema: readonly Column[];
  /** The columns of the schema that the table stores in addition to the fixed columns. */
  columns: readonly Column[];
}

/** A value with its origin in readable form: `flag --table`, `TABLE_NAME`, `ingest.yaml:4:8` or `default`. */
export interface ResolvedValue {
  field: string;
  /** The value for display; secrets are masked. */
  value: string;
  origin: string;
  /** `not found here` for a path that this machine does not have. Only `show` sets it, and goes on. */
  note?: string;
}

export interface Resolution {
  config: RunConfig;
  values: readonly ResolvedValue[];
}

/** The flags of a run. Each wins over the field of `ingest.yaml` or the environment variable of the same meaning. */
export interface ConfigFlags {
  config?: string;
  /** How `config` was given, as messages say it. Default: `flag --config`. */
  configOrigin?: string;
  task?: string;
  table?: string;
  intent?: string;
  title?: string;
  /** The path of the manifest, whose extension says whether it is CSV, JSON or JSON lines. */
  labelFile?: string;
  label?: string;
  labelPolicy?: string;
  /** A YAML flow mapping such as `{age: INT}`, or `@file.yaml`. */
  schema?: string;
  timeColumn?: string;
  batchSize?: string;
  shards?: string;
  shardIndex?: string;
  storage?: string;
  /** The path of a PEM file with certificates to trust. */
  ca?: string;
  logLevel?: string;
  /** Stores in `./.ingestor` of the working folder, without a backend. */
  local?: boolean;
}

/** The flags with a value. */
export type ValueFlag = Exclude<keyof ConfigFlags, 'local'>;

export interface ResolveInput {
  tasks: readonly TaskType[];
  /** The table formats beside the built-in CSV and JSON. */
  tables?: readonly TableFormat[];
  flags: ConfigFlags;
  env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths in flags and variables start from. Those in a file start from its folder. */
  cwd: string;
  /** A configuration object from code, instead of a file. */
  document?: Readonly<Record<string, unknown>>;
  /** Only `ingest` requires the credentials of the backend and the password of the database. */
  purpose: 'ingest' | 'validate' | 'show';
  /** The folder of the file on another machine, which will use the configuration. Its paths are then not checked. */
  elsewhere?: string;
}

export interface ConfigProblem {
  /** A file, an environment variable or a flag. */
  source: string;
  line?: number;
  column?: number;
  field?: string;
  message: string;
  fix: string;
}
