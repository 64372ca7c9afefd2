import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { loadAllYaml } from '@kubernetes/client-node';
import { Job } from 'kubernetes-models/batch/v1';
import { ConfigMap, Pod as PodModel, type IPod } from 'kubernetes-models/v1';
import { parse } from 'yaml';
import { render } from './kubectl.ts';
import { renderOverlay } from './rendered.ts';
import { RESTRICTED, type Pod } from './restricted.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The variables of a run that ingest.yaml does not replace. */
const VARIABLES = [
  ...['INGEST_CONFIG', 'TITLE', 'BATCH_SIZE', 'LOG_LEVEL', 'CLIENT_ENV', 'BACKEND_URL', 'CLIENT_PVC', 'STORAGE_PATH'],
  ...['MYSQL_HOST', 'MYSQL_PORT', 'DB_NAME', 'DB_USER'],
];
/** The keys of the Secret, and whether each is optional. */
const SECRETS = { DB_PASSWORD: false, BACKEND_TOKEN: true, CLIENT_PASSWORD: true, CLIENT_ID: true };

const text = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

const OVERLAYS = [
  { overlay: 'train', intent: 'train', more: [] },
  { overlay: 'test', intent: 'test', more: [] },
  { overlay: 'sharded', intent: 'train', more: ['INGESTOR_SHARDS'] },
];

describe.each(OVERLAYS)('deploy/job/$overlay', ({ overlay, intent, more }) => {
  const { text: yaml, objects, configMap, job } = renderOverlay(`${ROOT}deploy/job/${overlay}`);
  const pod = job.spec!.template as Pod;
  const container = pod.spec.containers[0]!;
  const env = new Map(container.env!.map((variable) => [variable.name, variable]));

  it('renders objects that the Kubernetes API accepts', () => {
    expect(objects.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Job']);
    new ConfigMap(configMap).validate();
    new Job(job).validate();
  });

  it('has no field that the API does not know', () => {
    // The client's models drop unknown fields.
    expect(JSON.parse(JSON.stringify(loadAllYaml(yaml)))).toEqual(objects);
  });

  it.each(RESTRICTED)('is admitted by `restricted`: $name', ({ violations }) => {
    expect(violations(pod)).toEqual([]);
  });

  it('refers to the ConfigMap, the claim and the emptyDir that it mounts', () => {
    const paths = Object.fromEntries(container.volumeMounts!.map(({ name, mountPath }) => [mountPath, name]));
    const volumeAt = (path: string) => pod.spec.volumes!.find(({ name }) => name === paths[path]);
    expect(volumeAt('/etc/ingestor')?.configMap?.name).toBe(configMap.metadata!.name);
    expect(env.get('INGEST_CONFIG')?.value).toBe(`/etc/ingestor/${Object.keys(configMap.data!).join()}`);
    expect(volumeAt(env.get('STORAGE_PATH')!.value!)?.persistentVolumeClaim?.claimName).toBe(
      env.get('CLIENT_PVC')?.value,
    );
    expect(volumeAt('/tmp')?.emptyDir).toBeDefined();
  });

  it('sets every variable of a run, secrets from the Secret only', () => {
    expect([...env.keys()]).toEqual([...more, ...VARIABLES, ...Object.keys(SECRETS)]);
    for (const [name, optional] of Object.entries(SECRETS)) {
      const secretKeyRef = { name: 'ingest-credentials', key: name, ...(optional ? { optional } : {}) };
      expect(env.get(name)).toEqual({ name, valueFrom: { secretKeyRef } });
    }
    const reference = text('docs/environment.md');
    expect([...env.keys()].filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
  });

  it('runs the image that deploy/Dockerfile builds of this version', () => {
    const { version } = JSON.parse(text('apps/ingestor/package.json')) as { version: string };
    expect(container.image).toBe(`tracebloc/ingestor:${version}`);
    expect(text('deploy/Dockerfile')).toContain(`ARG VERSION=${version}\n`);
  });

  it('has its own names and labels, so that both runs can be active at the same time', () => {
    expect([job.metadata!.name, configMap.metadata!.name]).toEqual([`ingest-${intent}`, `ingest-config-${intent}`]);
    expect(job.metadata!.labels).toMatchObject({ 'tracebloc.io/intent': intent });
    expect(pod.metadata!.labels).toEqual(job.metadata!.labels);
    expect(configMap.data!['ingest.yaml']).toMatch(new RegExp(`^table: \\w+_${intent}\nintent: ${intent}$`, 'm'));
  });
});

it('deploy/job/sharded runs one pod for each shard, and does not repeat an index with bad data', () => {
  const { spec } = renderOverlay(`${ROOT}deploy/job/sharded`).job;
  const count = spec!.template.spec!.containers[0]!.env!.find(({ name }) => name === 'INGESTOR_SHARDS')!.value;
  expect([spec!.completionMode, `${spec!.completions}`, `${spec!.parallelism}`]).toEqual(['Indexed', count, count]);
  // The API accepts only one of the two.
  expect(spec).not.toHaveProperty('backoffLimit');
  const rules = spec!.podFailurePolicy!.rules;
  const actionOn = (code: number) => rules.find(({ onExitCodes }) => onExitCodes?.values.includes(code))?.action;
  expect([1, 2, 3, 130].map(actionOn)).toEqual([undefined, 'FailJob', 'FailIndex', 'Ignore']);
});

describe('deploy/loader', () => {
  const yaml = render(`${ROOT}deploy/loader`);
  const pod = parse(yaml) as IPod;

  it('renders a pod that the Kubernetes API accepts, without unknown fields', () => {
    new PodModel(pod).validate();
    expect(JSON.parse(JSON.stringify(loadAllYaml(yaml)))).toEqual([pod]);
  });

  it.each(RESTRICTED)('is admitted by `restricted`: $name', ({ violations }) => {
    expect(violations({ spec: pod.spec! })).toEqual([]);
  });

  it('mounts the volume as the Jobs do', () => {
    const { job } = renderOverlay(`${ROOT}deploy/job/train`);
    const seen = ({ securityContext, volumes, containers: [container] }: NonNullable<IPod['spec']>) => ({
      image: container!.image,
      securityContext,
      volume: volumes!.find(({ name }) => name === 'shared'),
      mount: container!.volumeMounts!.find(({ name }) => name === 'shared'),
    });
    expect(seen(pod.spec!)).toEqual(seen(job.spec!.template.spec!));
  });
});
