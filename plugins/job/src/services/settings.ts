import { createHash } from 'node:crypto';
import { wrongUsage } from '../errors.js';
import { CREDENTIAL_VARIABLES } from './objects.js';

/** What differs between Jobs. A value that is undefined stays as in the template. */
export interface JobSettings {
  name?: string;
  namespace?: string;
  image?: string;
  claim?: string;
  /** An existing Secret. */
  secret?: string;
  /** Creates a Secret from this process's environment instead. */
  createSecret: boolean;
  /** A PEM file of CAs that the pod trusts too. */
  ca?: string;
  /** Variables of the pod. */
  env: Readonly<Record<string, string>>;
  cpu?: string;
  memory?: string;
  /** Pods that ingest the dataset together, at least two; undefined means one. */
  shards?: number;
  imagePullSecret?: string;
  overwrite: boolean;
  restart: boolean;
}

/** A decimal number with an optional unit of Kubernetes. */
const QUANTITY = /^\d+(\.\d+)?(m|[kMGTPE]i?|Ki)?$/;

/** Variables that have their own flag, with how to set them. */
const OWN_FLAGS: Readonly<Record<string, string>> = {
  CLIENT_PVC: 'Name the claim with --claim.',
  INGEST_CONFIG: 'Give the configuration with --config, or --train and --test.',
  INGESTOR_CA: 'Give the file on this machine with --ca.',
  INGESTOR_SHARDS: 'Give the number with --shards.',
  INGESTOR_SHARD_INDEX: 'With --shards, Kubernetes sets it in each pod.',
  JOB_COMPLETION_INDEX: 'With --shards, Kubernetes sets it in each pod.',
  ...Object.fromEntries(
    CREDENTIAL_VARIABLES.map((name) => [
      name,
      'Keep it in a Secret (--secret), or create one from the environment (--create-secret-from-env).',
    ]),
  ),
};

/** Throws an error of wrong usage for values that Kubernetes or the run would refuse. */
export function checkSettings(settings: JobSettings): JobSettings {
  const { secret, createSecret, env, image, shards } = settings;
  if (secret !== undefined && createSecret) {
    throw wrongUsage('--secret and --create-secret-from-env cannot be combined.', 'Give one of them.');
  }
  for (const flag of ['name', 'namespace', 'secret', 'claim', 'imagePullSecret'] as const) {
    const value = settings[flag];
    if (value !== undefined) checkName(value, flag === 'imagePullSecret' ? '--image-pull-secret' : `--${flag}`);
  }
  for (const flag of ['cpu', 'memory'] as const) {
    const value = settings[flag];
    if (value !== undefined && !QUANTITY.test(value)) {
      const example = flag === 'cpu' ? '500m or 2' : '512Mi or 4Gi';
      throw wrongUsage(
        `--${flag}: \`${value}\` is not a valid quantity.`,
        `Use a number with a unit of Kubernetes, such as ${example}.`,
      );
    }
  }
  if (image !== undefined && !/^\S+$/.test(image)) {
    throw wrongUsage(
      `--image: \`${image}\` is not a valid image name.`,
      'Use a name such as registry.example.com/ingestor:0.1.0.',
    );
  }
  if (shards !== undefined && env.MYSQL_HOST === '') {
    throw wrongUsage(
      '--shards needs a database server, and --env MYSQL_HOST= asks for the embedded database, which is for one pod.',
      'Name the server with --env MYSQL_HOST=…, or leave out --shards.',
    );
  }
  for (const name of Object.keys(env)) {
    const how = OWN_FLAGS[name];
    if (how !== undefined) throw wrongUsage(`--env does not take ${name}.`, how);
  }
  return settings;
}

/** Reads pairs such as `LOG_LEVEL=INFO`. Throws an error of wrong usage. */
export function readEnv(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(pair) ?? [];
      // The pair may hold a secret, so the message does not repeat it.
      if (name === undefined) throw wrongUsage('--env takes NAME=value.', 'For example --env LOG_LEVEL=INFO.');
      return [name, value!];
    }),
  );
}

/** The name of a Job is also the value of a label of its pods, which has this many characters at most. */
const MAX_NAME_LENGTH = 63;

/** Returns `ingest-churn-train` for `churn_train`. A name that is too long ends in a hash, so that it stays unique. */
export function nameOfTable(table: string): string {
  const safe = table
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const name = `ingest-${safe === '' ? hash(table) : safe}`;
  return name.length <= MAX_NAME_LENGTH
    ? name
    : `${name.slice(0, MAX_NAME_LENGTH - 9).replace(/-$/, '')}-${hash(table)}`;
}

/** Throws an error of wrong usage when Kubernetes would refuse the name. */
export function checkName(name: string, flag: string): string {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= MAX_NAME_LENGTH) return name;
  throw wrongUsage(
    `${flag}: \`${name}\` is not a valid name in Kubernetes.`,
    `Use up to ${MAX_NAME_LENGTH} lower-case letters, digits and -, with a letter or digit at both ends.`,
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
