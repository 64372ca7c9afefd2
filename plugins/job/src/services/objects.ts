import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printable, SECRET_VARIABLES } from '@tracebloc/ingestor-core';
import { JOB_ERRORS } from '../errors.js';
import type { ConfigMap, Container, Job, Secret } from './cluster.js';
import type { JobPlan } from './plan.js';
import type { JobSettings } from './settings.js';
import { inShards } from './shards.js';

/** The folder of the ingest.yaml in the pod. */
export const CONFIG_FOLDER = '/etc/ingestor';
export const CONFIG_FILE = 'ingest.yaml';
export const CA_FILE = 'ca.pem';
export const CONTAINER = 'ingest';

/** The variables that come from the Secret and never stand in the Job itself. */
export const CREDENTIAL_VARIABLES = [...SECRET_VARIABLES, 'CLIENT_ID'] as const;

/** The labels by which the Jobs of ingestor are found; kustomize adds the same. */
export const LABELS = { 'app.kubernetes.io/name': 'ingestor', 'app.kubernetes.io/component': 'ingest' };

/** `deploy/job/base/job.yaml`: its copy in the package, which `npm pack` makes, or the file itself in the workspace. */
const TEMPLATES = ['../../job.yaml', '../../../../deploy/job/base/job.yaml'];

/** Returns the Job of `deploy/job/base`, with the labels that kustomize adds. */
async function jobTemplate(): Promise<Job> {
  // The client is slow to load: the help of a command need not wait for it.
  const { loadYaml } = await import('@kubernetes/client-node');
  const job = loadYaml<Job>(readTemplate());
  job.metadata!.labels = { ...LABELS };
  job.spec!.template.metadata = { labels: { ...LABELS } };
  return job;
}

function readTemplate(): string {
  const [packed, own] = TEMPLATES.map((path) => new URL(path, import.meta.url));
  try {
    return readFileSync(packed!, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return readFileSync(own!, 'utf8');
  }
}

/** The objects of one run in the cluster, which all have the Job's name. */
export interface JobObjects {
  configMap: ConfigMap;
  /** Undefined when the Job reads an existing Secret. */
  secret?: Secret;
  job: Job;
}

/** The files in the pod's configuration folder. */
export interface JobFiles {
  /** The text of the ingest.yaml. */
  config: string;
  /** The CAs to trust, as PEM. */
  ca?: string;
}

/** Makes the objects of a run. `credentials`, by their variables, go into a new Secret. */
export async function jobObjects(
  name: string,
  { config, ca }: JobFiles,
  settings: JobSettings,
  credentials?: Readonly<Record<string, string>>,
): Promise<JobObjects> {
  const metadata = () => ({ name, namespace: settings.namespace, labels: { ...LABELS } });
  const files = { [CONFIG_FILE]: config, ...(ca === undefined ? {} : { [CA_FILE]: ca }) };
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(), data: files };
  const job = await jobObject(name, credentials ? { ...settings, secret: name } : settings);
  job.metadata!.namespace = settings.namespace;
  if (!credentials) return { configMap, job };
  const data = Object.fromEntries(
    Object.entries(credentials).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { configMap, secret: { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: metadata(), data }, job };
}

/** Lists the objects in the order in which they are applied. */
export function listObjects({ configMap, secret, job }: JobObjects): (ConfigMap | Job | Secret)[] {
  return [configMap, ...(secret ? [secret] : []), job];
}

/** Returns the variables of the pod that do not come from a Secret. */
export function podEnvironment({ job }: JobObjects): Record<string, string> {
  const { env = [] } = containerOf(job);
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

async function jobObject(name: string, settings: JobSettings): Promise<Job> {
  const job = await jobTemplate();
  const pod = job.spec!.template.spec!;
  const container = containerOf(job);
  const { claim, env, secret, image, imagePullSecret, cpu, memory, shards, overwrite, restart } = settings;
  job.metadata!.name = name;
  container.image = image ?? container.image;
  if (imagePullSecret !== undefined) pod.imagePullSecrets = [{ name: imagePullSecret }];
  container.args!.push(...(overwrite ? ['--overwrite'] : []), ...(restart ? ['--restart'] : []));
  setEnv(container, { ...(claim === undefined ? {} : { CLIENT_PVC: claim }), ...env });
  if (settings.ca !== undefined) setEnv(container, { INGESTOR_CA: `${CONFIG_FOLDER}/${CA_FILE}` });
  if (shards !== undefined) setEnv(container, { INGESTOR_SHARDS: String(shards) });
  if (secret !== undefined) {
    for (const { valueFrom } of container.env!) if (valueFrom) valueFrom.secretKeyRef!.name = secret;
  }
  if (!wantsDatabasePassword(container)) {
    container.env!.find((variable) => variable.name === 'DB_PASSWORD')!.valueFrom!.secretKeyRef!.optional = true;
  }
  setResources(container, { cpu, memory });
  for (const { name: volume, persistentVolumeClaim, configMap } of pod.volumes!) {
    const mount = container.volumeMounts!.find((mounted) => mounted.name === volume)!;
    if (persistentVolumeClaim) {
      persistentVolumeClaim.claimName = claim ?? persistentVolumeClaim.claimName;
      mount.mountPath = env.STORAGE_PATH ?? mount.mountPath;
    }
    if (configMap) configMap.name = name;
  }
  return shards === undefined ? job : { ...job, spec: inShards(job.spec!, shards) };
}

function containerOf(job: Job): Container {
  return job.spec!.template.spec!.containers[0]!;
}

/** A variable of the template keeps its place; a new one goes before those of the Secret. */
function setEnv(container: Container, values: Readonly<Record<string, string>>): void {
  const env = container.env!;
  for (const [name, value] of Object.entries(values)) {
    const known = env.find((variable) => variable.name === name);
    if (known) known.value = value;
    else env.splice(-CREDENTIAL_VARIABLES.length, 0, { name, value });
  }
}

/** Tells whether the Secret must hold the password: the embedded database has none, and a file in the pod may hold it. */
function wantsDatabasePassword({ env }: Container): boolean {
  const valueOf = (name: string) => env!.find((variable) => variable.name === name)?.value ?? '';
  return valueOf('MYSQL_HOST') !== '' && valueOf('DB_PASSWORD_FILE') === '';
}

/** A given quantity is both the request and the limit. */
function setResources({ resources }: Container, given: Record<string, string | undefined>): void {
  for (const [name, quantity] of Object.entries(given)) {
    if (quantity === undefined) continue;
    resources!.requests![name] = quantity;
    resources!.limits![name] = quantity;
  }
}

/** Returns the objects as YAML documents for `kubectl apply`, in printable characters alone. */
export async function objectsYaml(objects: JobObjects): Promise<string> {
  const { dumpYaml } = await import('@kubernetes/client-node');
  return listObjects(objects)
    .map((object) => {
      const text = dumpYaml(object, { lineWidth: -1 });
      // JSON is valid YAML and can escape every character.
      return `---\n${printable(text) === text ? text : `${printable(JSON.stringify(object, null, 2))}\n`}`;
    })
    .join('');
}

/** Writes a file `<name>.yaml` for each run and returns the paths. Only its owner may read a file with a Secret. */
export async function writeObjects(folder: string, plans: readonly JobPlan[]): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
    const files: string[] = [];
    for (const { name, objects } of plans) {
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, await objectsYaml(objects), { mode: objects.secret ? 0o600 : 0o644 });
      files.push(file);
    }
    return files;
  } catch (error) {
    throw JOB_ERRORS.make('output-unwritable', {
      message: `The objects cannot be written to ${folder}: ${(error as Error).message}`,
      fix: 'Name a folder with --output that this user may write to.',
      cause: error,
    });
  }
}
