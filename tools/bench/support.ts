import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MariaDb } from '@tracebloc/ingestor-testing';
import { measureProcess, type Command, type Measurement } from './measure.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Holds the files of all benchmarks; git ignores it. */
export const folder = join(root, '.bench');
export const bin = join(root, 'apps/ingestor/bin/run.js');

export interface Flags {
  only: string[];
  rows: number;
  rounds: number;
}

/**
 * Reads `--only`, `--rows` and `--rounds`; the defaults are those given, or all parts.
 * @throws if `--only` names a part that the benchmark does not have.
 */
export function readFlags(
  args: string[],
  parts: readonly string[],
  defaults: { only?: readonly string[]; rows?: number; rounds: number },
): Flags {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: (defaults.only ?? parts).join(',') },
      rows: { type: 'string', default: String(defaults.rows ?? 0) },
      rounds: { type: 'string', default: String(defaults.rounds) },
    },
  });
  const only = values.only.split(',').filter((part) => part !== '');
  const other = only.find((part) => !parts.includes(part));
  if (other !== undefined) throw new Error(`--only ${other}: the parts are ${parts.join(', ')}`);
  return { only, rows: Number(values.rows), rounds: Number(values.rounds) };
}

/** Where a measured process stores; without a server, in the embedded database below the folder. */
export interface Target {
  storage: string;
  server?: Pick<MariaDb, 'host' | 'port' | 'user' | 'password'>;
}

/** Returns the environment of a command without a backend. */
export function environment({ storage, server }: Target): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    CLIENT_ENV: 'local',
    STORAGE_PATH: storage,
    ...(server && {
      MYSQL_HOST: server.host,
      MYSQL_PORT: String(server.port),
      DB_USER: server.user,
      DB_PASSWORD: server.password,
    }),
  };
}

/** The fields of an `ingest.yaml` that differ between benchmarks. */
export interface Fields {
  category: string;
  table: string;
  [field: string]: unknown;
}

/** Writes a configuration into a folder, beside which its relative paths begin, and returns its path. */
export function writeConfig(base: string, fields: Fields): string {
  const path = join(base, `${fields.table}.yaml`);
  const common = { apiVersion: 'tracebloc.io/v1', kind: 'IngestConfig', intent: 'train', label: 'label' };
  writeFileSync(path, JSON.stringify({ ...common, ...fields }));
  return path;
}

export function ingestCommand(config: string, target: Target, flags: readonly string[] = []): Command {
  return { command: bin, args: ['ingest', '--config', config, ...flags], env: environment(target) };
}

/**
 * Moves a folder away, to be removed when the benchmark has ended. On ext4 without a journal, files take up to ten times as
 * long to create for some minutes after many others were removed.
 */
export function setAside(base: string, path: string): void {
  const aside = join(base, 'aside');
  if (!existsSync(path)) return;
  mkdirSync(aside, { recursive: true });
  renameSync(path, join(aside, randomUUID()));
}

/** Removes what was set aside. */
export function removeAside(base: string): void {
  rmSync(join(base, 'aside'), { recursive: true, force: true });
}

/** Measures an ingest with a new configuration, and removes that again. */
export async function measureIngest(base: string, fields: Fields, target: Target): Promise<Measurement> {
  const config = writeConfig(base, fields);
  const { command, args, env } = ingestCommand(config, target);
  const measured = await measureProcess(command, args, env);
  rmSync(config);
  return measured;
}

export function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function describe({ seconds, processorSeconds, rssMb }: Measurement): string {
  return `${seconds.toFixed(2)} s, ${processorSeconds.toFixed(2)} s of processor, ${rssMb.toFixed(0)} MB`;
}

/** Returns the number as a part of a name: `100k`, `1m`. */
export function shortNumber(value: number): string {
  if (value >= 1e6 && value % 1e6 === 0) return `${value / 1e6}m`;
  return value >= 1000 && value % 1000 === 0 ? `${value / 1000}k` : String(value);
}
