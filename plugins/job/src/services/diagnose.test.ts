import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { PodBehaviour } from '../testing/kubernetes/fake-kubernetes.js';
import { JOB, TestCluster } from './cluster.test-support.js';
import type { Problem } from './diagnose.js';
import type { JobSettings } from './settings.js';

let test: TestCluster;

beforeAll(async () => {
  test = await TestCluster.start();
  test.kubernetes.addClaim('unbound', 'Pending');
  test.kubernetes.add('secrets', { metadata: { name: 'empty' } });
});
afterEach(() => test.reset());
afterAll(() => test.stop());

/** Waits until the Job has a problem with this code. */
async function problemOf(code: string): Promise<Problem> {
  for (;;) {
    const { problem } = await test.state();
    if (problem?.code === code) return problem;
  }
}

const QUOTA =
  'exceeded quota: small, requested: limits.memory=2Gi, used: limits.memory=3Gi, limited: limits.memory=4Gi';
const SECURITY = 'violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "ingest")';

interface Case {
  code: string;
  behaviour?: PodBehaviour;
  settings?: Partial<JobSettings>;
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
    fix: `kubectl describe pod ${JOB}-`,
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
    test.next(behaviour);
    await test.submit(settings);
    const problem = await problemOf(code);
    expect(problem.message).toContain(says);
    expect(problem.fix.join('\n')).toContain(fix);
    const documented = await readFile(new URL('../../../../docs/job.md', import.meta.url), 'utf8');
    expect(documented).toContain(`\`${code}\``);
  });
});
