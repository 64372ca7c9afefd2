import { ConfigError, MAX_CONFIG_BYTES, type RunConfig } from '@tracebloc/ingestor-config';
import { fileVariable, SECRET_VARIABLES, readInput } from '@tracebloc/ingestor-core';
import type { Intent, TaskType } from '@tracebloc/ingestor-contract';
import { environment, resolve } from '@tracebloc/ingestor-cli';
import { checkCredentials, credentialsOf } from './credentials.js';
import { checkName, nameOfTable } from './name.js';
import { jobObjects, podEnvironment, type JobObjects } from './objects.js';
import { checkSettings, type JobSettings } from './settings.js';
import { CONFIG_FOLDER } from './template.js';
import { wrongUsage } from './wrong-usage.js';

/** One configuration, or one for training, one for testing, or both. */
export interface ConfigFiles {
  config?: string;
  train?: string;
  test?: string;
}

/** One run as it would be submitted. */
export interface JobPlan {
  name: string;
  table: string;
  objects: JobObjects;
  /** Things to tell the user that stop nothing. */
  warnings: string[];
}

/**
 * Checks the configurations as the pod would, all but whether its files are there, and makes the objects of each run.
 * Throws a `ConfigError`, or an error of wrong usage.
 */
export async function planJobs(
  files: ConfigFiles,
  settings: JobSettings,
  tasks: readonly TaskType[],
): Promise<JobPlan[]> {
  checkSettings(settings);
  const plans: JobPlan[] = [];
  for (const chosen of chooseFiles(files)) plans.push(await planJob(chosen, settings, tasks));
  const [first, second] = plans;
  if (second && (first!.table === second.table || first!.name === second.name)) {
    const same = first!.table === second.table ? `--train and --test both have table: ${second.table}` : undefined;
    throw wrongUsage(
      `${same ?? `Both Jobs would be named ${second.name}`}.`,
      'Give the two datasets tables with different names.',
    );
  }
  return plans;
}

interface ChosenFile {
  file: string;
  /** What the file was given for, if it was. */
  intent?: Intent;
}

async function planJob(
  { file, intent }: ChosenFile,
  settings: JobSettings,
  tasks: readonly TaskType[],
): Promise<JobPlan> {
  // These two files are looked at here, not in the pod.
  const {
    INGEST_CONFIG: _config,
    INGESTOR_CA: _ca,
    ...variables
  } = podEnvironment(jobObjects('', { config: '' }, settings));
  const env = withoutSecretFiles(variables);
  const flags = { config: file, ca: settings.ca };
  const { config } = await resolve({ tasks, purpose: 'show', flags, env, elsewhere: CONFIG_FOLDER });
  if (intent !== undefined && config.intent !== intent) {
    throw wrongUsage(`--${intent}: ${file} has intent: ${config.intent}.`, `Give a file with intent: ${intent}.`);
  }
  const warnings = [...config.warnings, ...checkPaths(file, config)];
  const credentials = settings.createSecret ? credentialsOf(environment()) : undefined;
  if (credentials) checkCredentials(env, credentials);
  const name = nameOf(config.table, intent, settings);
  const text = (await readInput(file, { limit: MAX_CONFIG_BYTES, pipes: true })).toString();
  return {
    name,
    table: config.table,
    objects: jobObjects(name, { config: text, ca: config.ca }, settings, credentials),
    warnings,
  };
}

/** A file with a secret is in the pod only: here a stand-in for its content tells that there is one. */
function withoutSecretFiles(variables: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(variables).map(([variable, value]) => {
    const secret = SECRET_VARIABLES.find((name) => fileVariable(name) === variable);
    return secret === undefined ? [variable, value] : [secret, value && 'in-the-pod'];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

function chooseFiles({ config, train, test }: ConfigFiles): ChosenFile[] {
  if (config !== undefined && (train !== undefined || test !== undefined)) {
    throw wrongUsage('--config goes with neither --train nor --test.', 'Give --config, or --train and --test.');
  }
  if (config !== undefined) return [{ file: config }];
  const files: ChosenFile[] = [
    ...(train === undefined ? [] : [{ file: train, intent: 'train' as const }]),
    ...(test === undefined ? [] : [{ file: test, intent: 'test' as const }]),
  ];
  if (files.length > 0) return files;
  throw wrongUsage('No configuration is given.', 'Give an ingest.yaml with --config, or two with --train and --test.');
}

/** `--name` names one Job; with --train or --test it is what the names begin with. */
function nameOf(table: string, intent: Intent | undefined, { name }: JobSettings): string {
  if (name === undefined) return nameOfTable(table);
  return intent === undefined ? name : checkName(`${name}-${intent}`, '--name');
}

/**
 * A path that is relative to the file cannot be meant for the pod, where only the file itself lies in its folder.
 * One outside the shared volume, which is in the image if anywhere, gets a warning.
 */
function checkPaths(file: string, { source, storage }: RunConfig): string[] {
  const paths = Object.entries({ [source.format]: source.path, ...source.sidecars });
  const inside = (path: string, folder: string) => path.startsWith(`${folder.replace(/\/+$/, '')}/`);
  const relative = paths.filter(([, path]) => inside(path, CONFIG_FOLDER));
  if (relative.length > 0) {
    const fix = `Give the path that it has in the pod, such as ${storage.path}/…; the shared volume is mounted there.`;
    throw new ConfigError(
      relative.map(([field]) => ({
        source: file,
        field,
        message: 'the path is relative to this file, and in the pod no data lies beside it',
        fix,
      })),
    );
  }
  return paths
    .filter(([, path]) => !inside(path, storage.path))
    .map(([field, path]) => `${field}: ${path} is not on the shared volume, which the pod has at ${storage.path}.`);
}
