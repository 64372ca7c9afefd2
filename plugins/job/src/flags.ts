import { Flags } from '@oclif/core';
import type { ClusterFlags } from './services/kubeconfig.js';
import { readEnv, type JobSettings } from './services/settings.js';
import { wrongUsage } from './errors.js';

export const clusterFlags = {
  context: Flags.string({
    description: 'The context of the kubeconfig; default: its current one.',
    helpValue: '<name>',
  }),
  kubeconfig: Flags.string({
    description: 'The kubeconfig (KUBECONFIG); default: ~/.kube/config.',
    helpValue: '<file>',
  }),
  namespace: Flags.string({
    char: 'n',
    description: "The namespace; default: the context's, else default.",
    helpValue: '<name>',
  }),
};

export const startFlags = {
  'start-timeout': Flags.string({
    description: 'How long the pod may wait for its start while the cause may go away.',
    default: '10m',
    helpValue: '<time>',
  }),
};

export const jobFlags = {
  config: Flags.string({
    char: 'c',
    description:
      'An ingest.yaml; its paths are those in the pod. Given twice, once for training and once for testing, it makes two Jobs.',
    helpValue: '<file>',
    multiple: true,
    multipleNonGreedy: true,
  }),
  train: Flags.string({ description: 'An ingest.yaml with intent: train.', helpValue: '<file>' }),
  test: Flags.string({ description: 'An ingest.yaml with intent: test.', helpValue: '<file>' }),
  name: Flags.string({
    description: "The Job's name; default: ingest-<table>. With two configurations, -train and -test are appended.",
    helpValue: '<name>',
  }),
  image: Flags.string({ description: 'The image of the ingestor.', helpValue: '<image>' }),
  'image-pull-secret': Flags.string({
    description: "The Secret with the registry's credentials; default: regcred.",
    helpValue: '<name>',
  }),
  claim: Flags.string({
    description: 'The claim of the shared volume (CLIENT_PVC); default: client-pvc.',
    helpValue: '<name>',
  }),
  secret: Flags.string({
    description:
      'The Secret with DB_PASSWORD and BACKEND_TOKEN, or CLIENT_ID and CLIENT_PASSWORD; default: ingest-credentials.',
    helpValue: '<name>',
  }),
  'create-secret-from-env': Flags.boolean({
    description: 'Create the Secret from these variables of this environment.',
  }),
  env: Flags.string({
    char: 'e',
    description: 'A variable of the pod; may be given more than once.',
    helpValue: 'NAME=value',
    multiple: true,
    multipleNonGreedy: true,
  }),
  cpu: Flags.string({ description: 'CPU to ask for, which is the limit too; such as 2.', helpValue: '<quantity>' }),
  memory: Flags.string({
    description: 'Memory to ask for, which is the limit too; such as 4Gi.',
    helpValue: '<quantity>',
  }),
  shards: Flags.integer({
    description:
      'Pods that ingest the dataset together, 2 to 1000: an Indexed Job. Needs a database server, and a claim that is ReadWriteMany.',
    helpValue: '<n>',
    min: 2,
    max: 1000,
  }),
  ca: Flags.string({
    description: 'A PEM file of CAs that the pod is to trust too (INGESTOR_CA); it goes into the ConfigMap.',
    helpValue: '<file>',
  }),
  overwrite: Flags.boolean({ description: 'Replace the dataset that the table holds, whole.' }),
  restart: Flags.boolean({ description: 'Drop what an interrupted run has staged and begin anew.' }),
};

interface OtherThanText {
  config?: string[];
  'create-secret-from-env': boolean;
  env?: string[];
  shards?: number;
  overwrite: boolean;
  restart: boolean;
}

type Parsed = ClusterFlags & { [Name in Exclude<keyof typeof jobFlags, keyof OtherThanText>]?: string } & OtherThanText;

export function jobSettings(flags: Parsed): JobSettings {
  const { name, namespace, image, claim, secret, ca, cpu, memory, shards, overwrite, restart } = flags;
  return {
    ...{ name, namespace, image, claim, secret, ca, cpu, memory, shards, overwrite, restart },
    createSecret: flags['create-secret-from-env'],
    imagePullSecret: flags['image-pull-secret'],
    env: readEnv(flags.env ?? []),
  };
}

const SECONDS = { s: 1, m: 60, h: 3600 };

/** Returns `90`, `90s`, `5m` or `2h` in milliseconds. Throws an error of wrong usage that names the flag. */
export function readDuration(text: string, flag: string): number {
  const [, number, unit = 's'] = /^(\d{1,6})([smh])?$/.exec(text) ?? [];
  if (number === undefined) {
    throw wrongUsage(`${flag}: \`${text}\` is not a valid duration.`, 'Use a duration such as 90s, 5m or 2h.');
  }
  return Number(number) * SECONDS[unit as keyof typeof SECONDS] * 1000;
}
