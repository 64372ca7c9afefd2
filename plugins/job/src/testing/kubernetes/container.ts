import { CONFIG_MAPS, SECRETS } from './resources.js';
import type { Metadata, Store } from './store.js';
import type { KeyReference, Pod } from './types.js';

/** An object that a pod refers to does not exist. The message has the words of the kubelet. */
export class MissingObject extends Error {}

/** Returns the files of the mounted ConfigMaps by their paths. Throws a `MissingObject`. */
export function containerFiles(store: Store, { metadata: { namespace }, spec }: Pod): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { name: volume, configMap } of spec.volumes ?? []) {
    if (!configMap) continue;
    const found = store.find(CONFIG_MAPS, configMap.name, namespace);
    if (!found) throw new MissingObject(`configmap "${configMap.name}" not found`);
    const mount = spec.containers[0]!.volumeMounts?.find(({ name }) => name === volume);
    for (const [file, text] of Object.entries(found.data ?? {})) files[`${mount?.mountPath ?? ''}/${file}`] = text;
  }
  return files;
}

/** Returns the container's variables. Throws a `MissingObject`. */
export function containerEnvironment(store: Store, { metadata, spec }: Pod): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, value = '', valueFrom } of spec.containers[0]!.env ?? []) {
    const { secretKeyRef: reference, fieldRef } = valueFrom ?? {};
    const plain = fieldRef ? labelValue(metadata, fieldRef.fieldPath) : value;
    const found = reference ? secretValue(store, metadata.namespace!, reference) : plain;
    if (found !== undefined) env[name] = found;
  }
  return env;
}

/** Returns the label that a path such as `metadata.labels['name']` names. */
function labelValue({ labels }: Metadata, path: string): string {
  return labels?.[/^metadata\.labels\['(.+)'\]$/.exec(path)?.[1] ?? ''] ?? '';
}

function secretValue(store: Store, namespace: string, { name, key, optional }: KeyReference): string | undefined {
  const secret = store.find(SECRETS, name, namespace);
  const value = secret?.data?.[key];
  if (value !== undefined) return Buffer.from(value, 'base64').toString();
  if (optional) return undefined;
  throw new MissingObject(
    secret ? `couldn't find key ${key} in Secret ${namespace}/${name}` : `secret "${name}" not found`,
  );
}
