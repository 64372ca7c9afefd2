import { JOBS, SECRETS, type Resource } from './resources.js';
import { StatusError } from './status.js';
import type { KubeObject } from './store.js';
import type { Data, Job } from './types.js';

/** Checks an object by those rules of the API server that these tests could break, and adds defaults. */
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
  return [...problems, ...indexedProblems(spec)];
}

function indexedProblems(spec: Job['spec']): string[] {
  const { completionMode, completions = 0, backoffLimitPerIndex, podFailurePolicy } = spec;
  const problems: string[] = [];
  const needs = (needed: boolean, met: boolean, what: string) => needed && !met && problems.push(`spec.${what}`);
  const indexed = completionMode === 'Indexed';
  const perIndex = backoffLimitPerIndex !== undefined;
  const never = spec.template.spec.restartPolicy === 'Never';
  needs(indexed, completions > 0, 'completions: Required value: when completion mode is Indexed');
  needs(perIndex, indexed, 'backoffLimitPerIndex: Invalid value: requires indexed completion mode');
  needs(
    perIndex,
    never,
    'template.spec.restartPolicy: only "Never" is supported when backoffLimitPerIndex is specified',
  );
  const failsIndex = podFailurePolicy?.rules.some(({ action }) => action === 'FailIndex') ?? false;
  needs(failsIndex, perIndex, 'podFailurePolicy: "FailIndex" is only supported when backoffLimitPerIndex is specified');
  return problems;
}

function encodeData(secret: Data): void {
  const { stringData = {} } = secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  secret.data = { ...secret.data, ...(Object.fromEntries(encoded) as Record<string, string>) };
  delete secret.stringData;
}

/** Adds the defaults, and the labels that connect the pods with the Job. */
function completeJob({ metadata: { name }, spec }: Job, uid: string): void {
  const labels = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name };
  spec.completionMode ??= 'NonIndexed';
  spec.completions ??= 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1;
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  spec.template.metadata = {
    ...spec.template.metadata,
    labels: { ...spec.template.metadata?.labels, ...labels, 'controller-uid': uid, 'job-name': name },
  };
}
