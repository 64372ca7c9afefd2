import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '@tracebloc/ingestor-cli';
import { makeError } from '../errors.js';

/** The configuration that is read when nothing else describes the dataset. */
const DEFAULT = 'ingest.yaml';
/** The variables that describe a dataset. A Job may have no other configuration. */
const DATASET_VARIABLES = ['INGEST_CONFIG', 'SRC_PATH', 'LABEL_FILE', 'TABLE_NAME'];

export interface GivenConfigs {
  /** The files that are arguments of the command. */
  args: readonly (string | undefined)[];
  /** The files that are given with --config. */
  flags: readonly string[];
  /** Other flags name a manifest, so the environment and the flags describe the dataset. */
  hasManifest: boolean;
  /** Other flags say something about the dataset. */
  hasOthers: boolean;
}

export interface ChosenConfigs {
  files: readonly string[];
  /** How they were given, as messages say it. Default: with --config. */
  origin?: string;
}

/**
 * Returns the configuration files of a command: its arguments, those of --config, or `ingest.yaml` in the working folder if
 * neither flags nor variables describe a dataset. Returns none if these do. Throws if there are both arguments and
 * --config, or nothing at all.
 */
export function chooseConfigs(given: GivenConfigs, env = environment(), cwd = process.cwd()): ChosenConfigs {
  const args = given.args.filter((file) => file !== undefined);
  if (args.length > 0 && given.flags.length > 0) {
    throw makeError('wrong-usage', {
      message: `Configurations are given as arguments (${args.join(', ')}) and with --config (${given.flags.join(', ')}).`,
      fix: 'Give each as an argument, or each with --config.',
    });
  }
  if (args.length > 0) return { files: args, origin: 'argument' };
  if (given.flags.length > 0) return { files: given.flags };
  if (given.hasManifest || DATASET_VARIABLES.some((name) => env[name])) return { files: [] };
  if (existsSync(join(cwd, DEFAULT))) return { files: [DEFAULT], origin: 'default' };
  if (given.hasOthers) return { files: [] };
  throw makeError('no-configuration', {
    message: `No configuration is given, and ${cwd} has no ${DEFAULT}.`,
    fix: ['Name the file: ingestor validate data.yaml', 'To write one from your data: ingestor init data.csv'],
  });
}

/** Returns what `split` reads: a YAML file as its argument is the configuration, and `ingest.yaml` is the default. */
export function chooseSplit(
  manifest: string | undefined,
  config: string | undefined,
  cwd = process.cwd(),
): { manifest?: string; config?: string } {
  if (config !== undefined) return { manifest, config };
  if (manifest === undefined) return existsSync(join(cwd, DEFAULT)) ? { config: DEFAULT } : {};
  return /\.ya?ml$/i.test(manifest) ? { config: manifest } : { manifest };
}
