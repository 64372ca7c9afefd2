import { JOBS, SECRETS, type Resource } from './fake-kubernetes-resources.js';
import { StatusError } from './fake-kubernetes-status.js';
import type { KubeObject } from './fake-kubernetes-store.js';
import type { Data, Job } from './fake-kubernetes-types.js';

/** Checks an object as far as the API server's own rules would turn it down in these tests, and completes it. */
export function admit(resource: Resource, object: KubeObject, uid: string): void {
  const { name } = object.metadata;
  const problems = isName(name) ? [] : [`metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain`];
  if (resource === JOBS) problems.push(...jobProblems(object as Job));
  if (problems.length > 0) {
    const { kind, group } = resource;
    throw new StatusError(
      422,
      `${kind}${group === '' ? '' : `.${group}`} "${name}" is invalid: ${problems.join(', ')}`,
    );
  }
  if (resource === SECRETS) encodeData(object);
  if (resource === JOBS) completeJob(object as Job, uid);
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name);
}

function jobProblems({ spec }: Job): string[] {
  const pod = spec.template.spec;
  const problems: string[] = [];
  const at = (path: string, what: string) => problems.push(`spec.template.spec.${path}: ${what}`);
  if (!['Never', 'OnFailure'].includes(pod.restartPolicy ?? '')) {
    at('restartPolicy', `Required value: valid values: "OnFailure", "Never"`);
  }
  const volumes = (pod.volumes ?? []).map(({ name }) => name);
  for (const [index, container] of pod.containers.entries()) {
    if (!container.image) at(`containers[${index}].image`, 'Required value');
    for (const [mount, { name }] of (container.volumeMounts ?? []).entries()) {
      if (!volumes.includes(name)) at(`containers[${index}].volumeMounts[${mount}].name`, `Not found: "${name}"`);
    }
  }
  if (spec.podFailurePolicy && pod.restartPolicy !== 'Never') {
    at('restartPolicy', 'Invalid value: only "Never" is supported when podFailurePolicy is specified');
  }
  return problems;
}

function encodeData(secret: Data): void {
  const { stringData = {} } = secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  secret.data = { ...secret.data, ...(Object.fromEntries(encoded) as Record<string, string>) };
  delete secret.stringData;
}

/** What ties the pods to the Job. */
function completeJob({ metadata: { name }, spec }: Job, uid: string): void {
  const labels = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name };
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  spec.template.metadata = {
    ...spec.template.metadata,
    labels: { ...spec.template.metadata?.labels, ...labels, 'controller-uid': uid, 'job-name': name },
  };
}
