import { ConfigError, MAX_CONFIG_BYTES, resolveEnvironment, type RunConfig } from '@tracebloc/ingestor-config';
import { fileVariable, SECRET_VARIABLES, readInput } from '@tracebloc/ingestor-core';
import type { Intent, TaskType } from '@tracebloc/ingestor-contract';
import { environment, resolve } from '@tracebloc/ingestor-cli';
import { wrongUsage } from '../errors.js';
import { CONFIG_FOLDER, CREDENTIAL_VARIABLES, jobObjects, podEnvironment, type JobObjects } from './objects.js';
import { checkName, checkSettings, nameOfTable, type JobSettings } from './settings.js';

/** One configuration, or one for training and one for testing. */
export interface ConfigFiles {
  /** One file, or two of which one has each intent, in any order. */
  config?: readonly string[];
  train?: string;
  test?: string;
}

export interface JobPlan {
  name: string;
  table: string;
  intent: Intent;
  objects: JobObjects;
  warnings: string[];
}

/**
 * Checks the configurations as the pod does, except that the data files exist, and makes the objects of each run. The
 * run for training comes first. Throws a `ConfigError` or an error of wrong usage.
 */
export async function planJobs(
  files: ConfigFiles,
  settings: JobSettings,
  tasks: readonly TaskType[],
): Promise<JobPlan[]> {
  checkSettings(settings);
  const plans: JobPlan[] = [];
  for (const chosen of chooseFiles(files)) plans.push(await planJob(chosen, settings, tasks));
  if (files.config?.length === 2) orderByIntent(plans);
  const [first, second] = plans;
  if (second && (first!.table === second.table || first!.name === second.name)) {
    const same = first!.table === second.table ? `Both configurations have table: ${second.table}` : undefined;
    throw wrongUsage(
      `${same ?? `Both Jobs would be named ${second.name}`}.`,
      'Give the two datasets tables with different names.',
    );
  }
  return plans;
}

/** Sorts the runs by intent. Throws when both have the same. */
function orderByIntent(plans: JobPlan[]): void {
  const [first, second] = plans;
  if (first!.intent === second!.intent) {
    throw wrongUsage(
      `Both --config files have intent: ${first!.intent}.`,
      'Give one with intent: train and one with intent: test.',
    );
  }
  if (first!.intent === 'test') plans.reverse();
}

interface ChosenFile {
  file: string;
  /** The intent that the flag demands; undefined for --config. */
  intent?: Intent;
  /** The file is one of two, so that --name is only the beginning of the Job's name. */
  isOneOfTwo: boolean;
}

async function planJob(
  { file, intent, isOneOfTwo }: ChosenFile,
  settings: JobSettings,
  tasks: readonly TaskType[],
): Promise<JobPlan> {
  // These two files are on this machine, not in the pod.
  const {
    INGEST_CONFIG: _config,
    INGESTOR_CA: _ca,
    ...variables
  } = podEnvironment(await jobObjects('', { config: '' }, settings));
  const env = withoutSecretFiles(variables);
  const flags = { config: file, ca: settings.ca };
  const { config } = await resolve({ tasks, purpose: 'show', flags, env, elsewhere: CONFIG_FOLDER });
  if (intent !== undefined && config.intent !== intent) {
    throw wrongUsage(`--${intent}: ${file} has intent: ${config.intent}.`, `Give a file with intent: ${intent}.`);
  }
  const warnings = [...config.warnings, ...checkPaths(file, config)];
  const credentials = settings.createSecret ? credentialsOf(environment()) : undefined;
  if (credentials) checkCredentials(env, credentials);
  const name = nameOf(config.table, isOneOfTwo ? config.intent : undefined, settings);
  const text = (await readInput(file, { limit: MAX_CONFIG_BYTES, pipes: true })).toString();
  return {
    name,
    table: config.table,
    intent: config.intent,
    objects: await jobObjects(name, { config: text, ca: config.ca }, settings, credentials),
    warnings,
  };
}

/** Replaces the variables that name a file in the pod with a secret by the secret's variable with a placeholder. */
function withoutSecretFiles(variables: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(variables).map(([variable, value]) => {
    const secret = SECRET_VARIABLES.find((name) => fileVariable(name) === variable);
    return secret === undefined ? [variable, value] : [secret, value && 'in-the-pod'];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

function chooseFiles({ config = [], train, test }: ConfigFiles): ChosenFile[] {
  if (config.length > 0 && (train !== undefined || test !== undefined)) {
    throw wrongUsage('--config cannot be combined with --train or --test.', 'Give --config, or --train and --test.');
  }
  if (config.length > 2) {
    throw wrongUsage(`--config is given ${config.length} times.`, 'Give it once, or twice for training and testing.');
  }
  if (config.length > 0) return config.map((file) => ({ file, isOneOfTwo: config.length === 2 }));
  const files: ChosenFile[] = [
    ...(train === undefined ? [] : [{ file: train, intent: 'train' as const, isOneOfTwo: true }]),
    ...(test === undefined ? [] : [{ file: test, intent: 'test' as const, isOneOfTwo: true }]),
  ];
  if (files.length > 0) return files;
  throw wrongUsage(
    'No configuration is given.',
    'Give an ingest.yaml with --config, or two of them, one for training and one for testing.',
  );
}

/** `--name` is the name of one Job, and the beginning of the names of two. */
function nameOf(table: string, intent: Intent | undefined, { name }: JobSettings): string {
  if (name === undefined) return nameOfTable(table);
  return intent === undefined ? name : checkName(`${name}-${intent}`, '--name');
}

/**
 * Refuses paths that are relative to the file: in the pod, only the file itself is in its folder. Warns of paths outside
 * the shared volume, which only the image could hold.
 */
function checkPaths(file: string, { source, storage }: RunConfig): string[] {
  const paths = [
    ...Object.entries({ [source.format]: source.path, ...source.sidecars }),
    ...(source.otherManifests ?? []).map((path) => ['other_manifests', path] as const),
  ];
  const inside = (path: string, folder: string) => path.startsWith(`${folder.replace(/\/+$/, '')}/`);
  const relative = paths.filter(([, path]) => inside(path, CONFIG_FOLDER));
  if (relative.length > 0) {
    const fix = `Give the path that it has in the pod, such as ${storage.path}/…; the shared volume is mounted there.`;
    throw new ConfigError(
      relative.map(([field]) => ({
        source: file,
        field,
        message: 'the path is relative to this file, which has no data beside it in the pod',
        fix,
      })),
    );
  }
  return paths
    .filter(([, path]) => !inside(path, storage.path))
    .map(([field, path]) => `${field}: ${path} is not on the shared volume, which the pod has at ${storage.path}.`);
}

/** Returns the credentials that are set, by their variables, for the Secret. */
function credentialsOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set = CREDENTIAL_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  return Object.fromEntries(set) as Record<string, string>;
}

/** Throws a `ConfigError` when the run would lack some. `podEnv` are the other variables of the pod. */
function checkCredentials(
  podEnv: Readonly<Record<string, string>>,
  credentials: Readonly<Record<string, string>>,
): void {
  try {
    resolveEnvironment({ ...podEnv, ...credentials }, {}, { needs: ['database', 'backend'] });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.problems, 'missing-credentials');
  }
}
