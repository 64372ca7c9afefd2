import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeKubernetes, type FakeKubernetes, type PodBehaviour } from '../testing/kubernetes/fake-kubernetes.js';
import { openCluster, type Cluster } from './cluster.js';
import type { Problem } from './diagnose.js';
import { jobObjects } from './objects.js';
import { observeJob } from './state.js';
import { submitJobs } from './submit.js';

let folder: string;
let kubernetes: FakeKubernetes;
let cluster: Cluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-diagnose-'));
  kubernetes = await startFakeKubernetes();
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubernetes.kubeconfig());
  cluster = await openCluster({ kubeconfig }, () => undefined);
  kubernetes.addClaim('unbound', 'Pending');
  kubernetes.add('secrets', { metadata: { name: 'empty' } });
});
afterAll(async () => {
  await kubernetes.stop();
  await rm(folder, { recursive: true });
});

/** The embedded database and no backend, so that the pod needs no Secret. */
const LOCAL = { MYSQL_HOST: '', CLIENT_ENV: 'local' };

/** Submits a Job whose pod behaves as given, and returns the first problem with `code`. */
async function problemOf(
  code: string,
  behaviour: PodBehaviour,
  settings: { claim?: string; secret?: string; env?: Record<string, string> },
): Promise<Problem | undefined> {
  kubernetes.behave([behaviour], code);
  const all = { env: LOCAL, createSecret: false, overwrite: false, restart: false, ...settings };
  const objects = await jobObjects(code, { config: '' }, all);
  await submitJobs(cluster, [{ name: code, table: code, intent: 'train', objects, warnings: [] }]);
  for (const until = performance.now() + 20_000; performance.now() < until;) {
    const { problem } = (await observeJob(cluster, code)).state;
    if (problem?.code === code) return problem;
    await sleep(50);
  }
  return undefined;
}

const QUOTA =
  'exceeded quota: small, requested: limits.memory=2Gi, used: limits.memory=3Gi, limited: limits.memory=4Gi';
const SECURITY = 'violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "ingest")';

interface Case {
  code: string;
  behaviour?: PodBehaviour;
  settings?: Parameters<typeof problemOf>[2];
  says: string;
  fix: string;
}

const CASES: Case[] = [
  {
    code: 'image-missing',
    behaviour: { pullError: 'docker.io/tracebloc/ingestor:0.1.0: not found' },
    says: 'The registry has no image tracebloc/ingestor:0.1.0:',
    fix: 'Correct the name and tag in --image.',
  },
  {
    code: 'image-denied',
    behaviour: { pullError: 'pull access denied, insufficient_scope: authorization failed' },
    says: 'The registry refuses to hand out the image tracebloc/ingestor:0.1.0:',
    fix: 'kubectl create secret docker-registry regcred --namespace default',
  },
  {
    code: 'image-pull',
    behaviour: { pullError: 'dial tcp: lookup registry: no such host' },
    says: 'The image tracebloc/ingestor:0.1.0 cannot be pulled:',
    fix: 'the nodes reach the registry',
  },
  {
    code: 'quota-exceeded',
    behaviour: { refused: QUOTA },
    says: 'The quota small of namespace default has no room for the pod: it asks for limits.memory=2Gi, limits.memory=3Gi is used and limits.memory=4Gi allowed.',
    fix: 'Ask for less with --cpu and --memory',
  },
  {
    code: 'pod-security',
    behaviour: { refused: SECURITY },
    says: 'admits only pods of the Pod Security Standard restricted:latest, and refuses this one: runAsNonRoot != true',
    fix: 'something in the cluster changes it',
  },
  {
    code: 'admission-refused',
    behaviour: { refused: 'admission webhook "policy.example.com" denied the request: no label owner' },
    says: 'denied the request: no label owner.',
    fix: 'Change what it names',
  },
  {
    code: 'claim-missing',
    settings: { claim: 'gone' },
    says: 'Namespace default has no claim gone',
    fix: 'kubectl get persistentvolumeclaims --namespace default',
  },
  {
    code: 'claim-unbound',
    settings: { claim: 'unbound' },
    says: 'The claim of the shared volume is not bound to a volume yet.',
    fix: 'kubectl describe persistentvolumeclaims --namespace default',
  },
  {
    code: 'no-room',
    behaviour: { unschedulable: '1 Insufficient cpu, 1 Insufficient memory' },
    says: 'No node has enough cpu and memory for the pod:',
    fix: 'Ask for less with --cpu and --memory',
  },
  {
    code: 'unschedulable',
    behaviour: { unschedulable: '1 node(s) had untolerated taint {gpu: true}' },
    says: 'No node accepts the pod: 0/1 nodes are available: 1 node(s) had untolerated taint',
    fix: 'kubectl describe pod unschedulable-',
  },
  {
    code: 'secret-missing',
    settings: { env: { CLIENT_ENV: 'local' } },
    says: 'Namespace default has no Secret ingest-credentials',
    fix: '--create-secret-from-env',
  },
  {
    code: 'secret-key-missing',
    settings: { secret: 'empty', env: { CLIENT_ENV: 'local' } },
    says: 'The Secret empty in namespace default has no DB_PASSWORD.',
    fix: 'kubectl edit secret empty --namespace default',
  },
];

describe('a pod that does not start is diagnosed, with the fix and in the documentation:', () => {
  it.each(CASES)('$code', async ({ code, behaviour = {}, settings = {}, says, fix }) => {
    const problem = await problemOf(code, behaviour, settings);
    expect(problem?.message).toContain(says);
    expect(problem?.fix.join('\n')).toContain(fix);
    const documented = await readFile(new URL('../../../../docs/job.md', import.meta.url), 'utf8');
    expect(documented).toContain(`\`${code}\``);
  });
});
