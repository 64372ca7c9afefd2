import type { JobSettings } from './settings.js';
import { inShards } from './shards.js';
import { CA_FILE, CONFIG_FILE, CONFIG_FOLDER, jobTemplate, LABELS, CREDENTIAL_VARIABLES } from './template.js';
import type { ConfigMap, Container, Job, Secret } from './kube-types.js';

/** What one run needs in the cluster; the ConfigMap and the Secret bear the Job's name. */
export interface JobObjects {
  configMap: ConfigMap;
  /** Only where one is to be made. */
  secret?: Secret;
  job: Job;
}

/** The files that the pod gets in its configuration's folder. */
export interface JobFiles {
  /** The text of the ingest.yaml. */
  config: string;
  /** The CAs to trust, as PEM. */
  ca?: string;
}

/** `credentials` by their variables, where a Secret is to be made of them. */
export function jobObjects(
  name: string,
  { config, ca }: JobFiles,
  settings: JobSettings,
  credentials?: Readonly<Record<string, string>>,
): JobObjects {
  const metadata = () => ({ name, namespace: settings.namespace, labels: { ...LABELS } });
  const files = { [CONFIG_FILE]: config, ...(ca === undefined ? {} : { [CA_FILE]: ca }) };
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(), data: files };
  const job = jobObject(name, credentials ? { ...settings, secret: name } : settings);
  job.metadata!.namespace = settings.namespace;
  if (!credentials) return { configMap, job };
  const data = Object.fromEntries(
    Object.entries(credentials).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { configMap, secret: { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: metadata(), data }, job };
}

/** In the order in which they are to be applied by hand. */
export function listObjects({ configMap, secret, job }: JobObjects): (ConfigMap | Job | Secret)[] {
  return [configMap, ...(secret ? [secret] : []), job];
}

/** The pod's variables that are no secret. */
export function podEnvironment({ job }: JobObjects): Record<string, string> {
  const { env = [] } = containerOf(job);
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

function jobObject(name: string, settings: JobSettings): Job {
  const job = jobTemplate();
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

/** A variable of the template keeps its place; another one goes before those of the Secret. */
function setEnv(container: Container, values: Readonly<Record<string, string>>): void {
  const env = container.env!;
  for (const [name, value] of Object.entries(values)) {
    const known = env.find((variable) => variable.name === name);
    if (known) known.value = value;
    else env.splice(-CREDENTIAL_VARIABLES.length, 0, { name, value });
  }
}

/** Whether a Secret must hold one: the embedded database has none, and the pod may find it in a file of its own. */
function wantsDatabasePassword({ env }: Container): boolean {
  const valueOf = (name: string) => env!.find((variable) => variable.name === name)?.value ?? '';
  return valueOf('MYSQL_HOST') !== '' && valueOf('DB_PASSWORD_FILE') === '';
}

/** What is given is asked for and is the limit too. */
function setResources({ resources }: Container, given: Record<string, string | undefined>): void {
  for (const [name, quantity] of Object.entries(given)) {
    if (quantity === undefined) continue;
    resources!.requests![name] = quantity;
    resources!.limits![name] = quantity;
  }
}
