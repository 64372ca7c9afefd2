import type { Column, Intent, TaskType } from '@tracebloc/ingestor-contract';
import type { Credentials, CsvFormat, DatabaseConfig, LabelPolicy } from '@tracebloc/ingestor-core';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export interface Source {
  format: 'csv' | 'json';
  /** Absolute path of the manifest. */
  path: string;
  csv: CsvFormat;
  /** Sidecar folders by their field (`images`, ...), absolute. */
  sidecars: Readonly<Record<string, string>>;
}

/**
 * Credentials and password are empty where the run needs none (`validate`, `show`) and the environment gives none.
 */
export type BackendConfig =
  | { kind: 'local' }
  | {
      kind: 'remote';
      url: string;
      credentials: Credentials;
      /** For how long a call that fails for a passing reason is repeated, in seconds; 0: not at all. */
      retrySeconds: number;
      /** For how long the answer to a call is waited for, in seconds. */
      timeoutSeconds: number;
    };

/** The part of a run's configuration that needs no dataset, immutable. */
/** One of several processes that ingest one dataset together. */
export interface Shard {
  /** 0-based. */
  index: number;
  /** Two or more. */
  count: number;
}

export interface EnvironmentConfig {
  /** Absent: the run makes `<task>_<run id>`. */
  title?: string;
  batchSize: number;
  logLevel: LogLevel;
  database: DatabaseConfig;
  storage: { path: string; claim: string };
  /** Certificates, as PEM, that backend and database may have been issued by, beside those that Node trusts. */
  ca?: string;
  backend: BackendConfig;
  /** Absent: this process ingests the whole dataset. Only ever there to ingest. */
  shard?: Shard;
  /** Things to tell the user that stop nothing. */
  warnings: readonly string[];
}

export interface EnvironmentResolution {
  config: EnvironmentConfig;
  values: readonly ResolvedValue[];
}

/** Everything a run needs to know, resolved and immutable. */
export interface RunConfig extends EnvironmentConfig {
  task: TaskType;
  /** The task's options, completed by `TaskType.resolve`. */
  options: unknown;
  table: string;
  intent: Intent;
  source: Source;
  label?: { column: string; policy: LabelPolicy };
  dataId: { strategy: 'uuid' | 'content_hash' } | { strategy: 'column'; column: string };
  /** The schema as configured, in order. */
  schema: readonly Column[];
  /** The schema's columns that the table stores beside the fixed ones. */
  columns: readonly Column[];
}

/** Where a resolved value came from, as people read it: `flag --table`, `TABLE_NAME`, `ingest.yaml:4:8`, `default`. */
export interface ResolvedValue {
  field: string;
  /** As shown: secrets are masked. */
  value: string;
  origin: string;
}

export interface Resolution {
  config: RunConfig;
  values: readonly ResolvedValue[];
}

/** Flags of a run, by the field of `ingest.yaml` or the environment variable that they win over. */
export interface ConfigFlags {
  config?: string;
  task?: string;
  table?: string;
  intent?: string;
  title?: string;
  /** The manifest; CSV, JSON or JSON lines by its extension. */
  labelFile?: string;
  label?: string;
  labelPolicy?: string;
  /** A YAML flow mapping, `{age: INT}`, or `@file.yaml`. */
  schema?: string;
  timeColumn?: string;
  batchSize?: string;
  shards?: string;
  shardIndex?: string;
  storage?: string;
  /** A PEM file of certificates to trust. */
  ca?: string;
  logLevel?: string;
}

export interface ResolveInput {
  tasks: readonly TaskType[];
  flags: ConfigFlags;
  env: Readonly<Record<string, string | undefined>>;
  /** Working folder, for relative paths in flags and environment; those in a file are relative to the file. */
  cwd: string;
  /** A configuration object given from code instead of a file. */
  document?: Readonly<Record<string, unknown>>;
  /** `validate` needs no backend credentials and no database password. */
  purpose: 'ingest' | 'validate' | 'show';
  /** The folder that the file lies in on the machine that runs it, where that is another one: its paths are not looked at. */
  elsewhere?: string;
}

/** One thing wrong with the configuration. */
export interface ConfigProblem {
  /** `ingest.yaml`, an environment variable or a flag. */
  source: string;
  line?: number;
  column?: number;
  field?: string;
  message: string;
  fix: string;
}
