import { CREDENTIAL_VARIABLES } from './template.js';
import { checkName } from './name.js';
import { wrongUsage } from './wrong-usage.js';

/** What may differ from one Job to the next; a value that is absent stays as in the template. */
export interface JobSettings {
  name?: string;
  namespace?: string;
  image?: string;
  claim?: string;
  /** A Secret that is there already. */
  secret?: string;
  /** Make a Secret of this process's environment instead. */
  createSecret: boolean;
  /** A PEM file of CAs that the pod is to trust. */
  ca?: string;
  /** Variables of the pod. */
  env: Readonly<Record<string, string>>;
  cpu?: string;
  memory?: string;
  /** Pods that ingest the dataset together, two or more; absent: one. */
  shards?: number;
  imagePullSecret?: string;
  overwrite: boolean;
  restart: boolean;
}

/** A whole or decimal number with one of Kubernetes' units. */
const QUANTITY = /^\d+(\.\d+)?(m|[kMGTPE]i?|Ki)?$/;

/** Variables that a flag of their own sets. */
const OTHERWISE: Readonly<Record<string, string>> = {
  CLIENT_PVC: 'Name the claim with --claim.',
  INGEST_CONFIG: 'Give the configuration with --config, or --train and --test.',
  INGESTOR_CA: 'Give the file on this machine with --ca.',
  INGESTOR_SHARDS: 'Give the number with --shards.',
  INGESTOR_SHARD_INDEX: 'With --shards, Kubernetes tells each pod its own.',
  JOB_COMPLETION_INDEX: 'With --shards, Kubernetes tells each pod its own.',
  ...Object.fromEntries(
    CREDENTIAL_VARIABLES.map((name) => [
      name,
      'Keep it in a Secret (--secret), or let one be made of the environment (--create-secret-from-env).',
    ]),
  ),
};

/** Throws an error of wrong usage for what Kubernetes, or the run, would not take. */
export function checkSettings(settings: JobSettings): JobSettings {
  const { secret, createSecret, env, image, shards } = settings;
  if (secret !== undefined && createSecret) {
    throw wrongUsage('--secret and --create-secret-from-env are both given.', 'Give one of them.');
  }
  for (const flag of ['name', 'namespace', 'secret', 'claim', 'imagePullSecret'] as const) {
    const value = settings[flag];
    if (value !== undefined) checkName(value, flag === 'imagePullSecret' ? '--image-pull-secret' : `--${flag}`);
  }
  for (const flag of ['cpu', 'memory'] as const) {
    const value = settings[flag];
    if (value !== undefined && !QUANTITY.test(value)) {
      const example = flag === 'cpu' ? '500m or 2' : '512Mi or 4Gi';
      throw wrongUsage(`--${flag}: "${value}" is no quantity of Kubernetes.`, `Give one such as ${example}.`);
    }
  }
  if (image !== undefined && !/^\S+$/.test(image)) {
    throw wrongUsage(`--image: "${image}" names no image.`, 'Give one such as registry.example.com/ingestor:0.1.0.');
  }
  if (shards !== undefined && env.MYSQL_HOST === '') {
    throw wrongUsage(
      '--shards needs a database server, and --env MYSQL_HOST= asks for the embedded database, which is for one pod.',
      'Name the server with --env MYSQL_HOST=…, or leave out --shards.',
    );
  }
  for (const name of Object.keys(env)) {
    const how = OTHERWISE[name];
    if (how !== undefined) throw wrongUsage(`--env does not take ${name}.`, how);
  }
  return settings;
}

/** `['LOG_LEVEL=INFO']` as an object. */
export function readEnv(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(pair) ?? [];
      // The pair may hold a secret that was given in the wrong way, so it is not repeated.
      if (name === undefined) throw wrongUsage('--env takes NAME=value.', 'For example --env LOG_LEVEL=INFO.');
      return [name, value!];
    }),
  );
}
