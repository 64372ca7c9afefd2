import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeObject, PodBehaviour } from '../testing/kubernetes/fake-kubernetes.js';
import type { JobState } from '../services/state.js';
import { documentOf, type Ended } from '@tracebloc/ingestor-testing/command';
import { eventually, JOB, JobWorld, LOCAL } from './job.test-support.js';

let world: JobWorld;

beforeAll(async () => {
  world = await JobWorld.start();
  world.kubernetes.addClaim('unbound', 'Pending');
  world.kubernetes.add('secrets', { metadata: { name: 'empty' } });
});
afterAll(() => world.stop());

interface ErrorDocument {
  error: { code: string; message: string; fix: string[]; exitCode: number };
}

const QUOTA =
  'exceeded quota: small, requested: limits.memory=2Gi, used: limits.memory=3Gi, limited: limits.memory=4Gi';
const SECURITY = 'violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "ingest")';

describe('a pod that does not start is explained, with the fix:', () => {
  const CASES: { code: string; behaviour?: PodBehaviour; args?: string[]; says: string; fix: string }[] = [
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
      args: ['--claim', 'gone'],
      says: 'Namespace default has no claim gone',
      fix: 'kubectl get persistentvolumeclaims --namespace default',
    },
    {
      code: 'claim-unbound',
      args: ['--claim', 'unbound'],
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
      args: ['--env', 'MYSQL_HOST=mysql-client'],
      says: 'Namespace default has no Secret ingest-credentials',
      fix: '--create-secret-from-env',
    },
    {
      code: 'secret-key-missing',
      args: ['--env', 'MYSQL_HOST=mysql-client', '--secret', 'empty'],
      says: 'The Secret empty in namespace default has no DB_PASSWORD.',
      fix: 'kubectl edit secret empty --namespace default',
    },
  ];

  /** All at once, since most of their time is waiting. */
  const submitted = new Map<string, Promise<Ended>>();
  const problems = new Map<string, string | undefined>();
  let documented: string;
  beforeAll(async () => {
    for (const { code, behaviour = {}, args = [] } of CASES) {
      world.kubernetes.behave([behaviour], code);
      submitted.set(code, world.submit('--json', '--name', code, '--start-timeout', '10s', ...args));
    }
    await Promise.all(submitted.values());
    documented = await readFile(new URL('../../../../docs/job.md', import.meta.url), 'utf8');
    const states = documentOf<JobState[]>(await world.run(['status', '--json']));
    for (const { name, problem } of states) problems.set(name, problem?.code);
  });

  it.each(CASES)('$code', async ({ code, says, fix }) => {
    const ended = (await submitted.get(code))!;
    expect(ended.code).toBe(1);
    const { error } = documentOf<ErrorDocument>(ended);
    expect(error).toMatchObject({ code, exitCode: 1 });
    expect(error.message).toContain(`Job ${code} does not start. `);
    expect(error.message).toContain(says);
    expect(error.fix.join('\n')).toContain(fix);
    expect(error.fix.at(-1)).toBe(
      `To submit it anew, delete it first: ingestor job delete ${code} --namespace default`,
    );
    // It was told at once, and status tells it too.
    expect(ended.stderr).toContain(`${code} waits: `);
    expect(problems.get(code)).toBe(code);
    expect(documented).toContain(`\`${code}\``);
  });
});

describe('a pod that may start yet:', () => {
  afterEach(() => world.kubernetes.reset());

  it('what passes by itself is waited for', async () => {
    world.next({ refused: QUOTA }, { refused: QUOTA }, { run: ({ log }) => (log('started after all'), 0) });
    expect(await world.submit()).toMatchObject({ code: 0, stdout: 'started after all\n' });
  });

  it('so may the next pod of a run that has failed', async () => {
    world.next({ run: () => 1 }, { refused: QUOTA });
    const ended = await world.submit('--json', '--start-timeout', '3s');
    expect(documentOf(ended)).toMatchObject({ error: { code: 'quota-exceeded' } });
  });

  it('one that lasts ends the wait long before its time', async () => {
    world.next({ refused: SECURITY });
    const ended = await world.submit();
    expect(ended.code).toBe(1);
    expect(ended.seconds).toBeLessThan(30);
  });

  it('a log that there is none of yet', async () => {
    world.next({ unschedulable: '1 node(s) were unschedulable' });
    await world.submit('--no-follow');
    await eventually('a pod', () => world.names('pods').length > 0);
    const ended = await world.run(['logs', JOB]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Job ingest-churn-train has no log yet: it is waiting. No node accepts the pod');
  });
});

describe('a run that was ended is explained:', () => {
  afterEach(() => world.kubernetes.reset());

  it('out of memory', async () => {
    world.next({ outOfMemory: true });
    const ended = await world.submit();
    expect(ended.code).toBe(137);
    expect(ended.stderr).toContain('The run needed more memory than its limit, 2Gi, and was killed.');
    expect(ended.stderr).toContain('submit it again with more --memory');
  });

  it('deadline, and a Job that is deleted under way', async () => {
    const forever = { run: ({ signal }: { signal: AbortSignal }) => untilAborted(signal) };
    world.next(forever);
    const rendered = documentOf<{ objects: unknown[] }>(
      await world.run(['render', '-c', 'ingest.yaml', ...LOCAL, '--json']),
    );
    const [configMap, job] = rendered.objects as [KubeObject, KubeObject & { spec: object }];
    world.kubernetes.add('configmaps', configMap);
    world.kubernetes.add('jobs', { ...job, spec: { ...job.spec, activeDeadlineSeconds: 3 } });
    const ended = await world.run(['wait', JOB]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('The Job ran longer than its activeDeadlineSeconds, 3, and was stopped.');

    world.kubernetes.reset();
    world.next(forever);
    await world.submit('--no-follow');
    const before = world.kubernetes.requests.length;
    const running = world.start(['logs', JOB, '-f']);
    const requested = () => world.kubernetes.requests.slice(before).some(({ url }) => url.includes('follow=true'));
    await eventually('the log is read', requested);
    world.kubernetes.reset();
    expect((await running.ended).stderr).toContain('was deleted while it was followed');
  });
});

describe('a cluster that cannot be used:', () => {
  afterEach(() => world.kubernetes.reset());

  const kubeconfig = (name: string, text: string) => world.write(name, text);
  const status = async (args: string[], env = {}) => world.run(['status', '--json', ...args], env);

  it('no kubeconfig, a bad one, and a context that there is none of', async () => {
    await kubeconfig('bad', 'a: [');
    await kubeconfig('no-context', JSON.stringify({ apiVersion: 'v1', kind: 'Config', contexts: [] }));
    const none = await status([], { KUBECONFIG: join(world.folder, 'gone') });
    expect(none.code).toBe(2);
    expect(documentOf(none)).toMatchObject({ error: { code: 'no-kubeconfig' } });
    for (const file of ['bad', 'gone', 'no-context']) {
      const ended = await status(['--kubeconfig', file]);
      expect(ended.code).toBe(2);
      expect(documentOf(ended)).toMatchObject({ error: { code: 'bad-kubeconfig' } });
    }
    const unknown = await status(['--context', 'mars']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain(
      'The kubeconfig has no context mars.\n\n  Choose one with --context. It has fake.',
    );
  });

  it('credentials that are not accepted', async () => {
    await kubeconfig('expired', world.kubernetes.kubeconfig({ token: 'expired' }));
    const ended = await status(['--kubeconfig', 'expired']);
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'kubernetes-unauthorized' } });
    expect(ended.stderr).not.toContain('expired"');
  });

  it.each([
    { verb: 'create', resource: 'jobs', args: ['submit', '-c', 'ingest.yaml'] },
    { verb: 'get', resource: 'jobs', args: ['wait', JOB] },
    { verb: 'list', resource: 'jobs', args: ['status'] },
    { verb: 'list', resource: 'pods', args: ['submit', '-c', 'ingest.yaml', ...LOCAL] },
  ] as const)('may not $verb $resource', async ({ verb, resource, args }) => {
    world.kubernetes.deny({ verb, resource });
    const ended = await world.run([...args, '--json']);
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'kubernetes-forbidden' } });
    expect(ended.stderr).toContain(`You may not ${verb} ${resource} in namespace default: ${resource}`);
  });

  it('may not read the log: the run is followed all the same', async () => {
    world.kubernetes.deny({ verb: 'get', resource: 'pods' });
    const ended = await world.submit();
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr).toContain('You may not get pods/log in namespace default');
  });

  it('may not see events: what the pod itself says is told', async () => {
    world.kubernetes.deny({ verb: 'list', resource: 'events' });
    const ended = await world.submit('--claim', 'gone');
    expect(ended.stderr).toContain('Namespace default has no claim gone');
  });

  it('a namespace that there is none of', async () => {
    const ended = await world.submit('--namespace', 'nowhere', '--json');
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'unknown-namespace' } });
    expect(ended.stderr).toContain('kubectl create namespace nowhere');
  });

  it('a certificate that nobody vouches for', async () => {
    const config = JSON.parse(world.kubernetes.kubeconfig()) as { clusters: { cluster: Record<string, string> }[] };
    delete config.clusters[0]!.cluster['certificate-authority-data'];
    await kubeconfig('no-ca', JSON.stringify(config));
    const ended = await status(['--kubeconfig', 'no-ca']);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'kubernetes-certificate' } });
  });

  it('an API server that is away', async () => {
    await world.kubernetes.disconnect();
    const ended = await world.submit('--json');
    await world.kubernetes.reconnect();
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'kubernetes-unreachable' } });
    expect(ended.stderr).toContain(`The API server ${world.kubernetes.url} cannot be reached: nothing listens there.`);
  });

  it('a program for credentials that is not installed', async () => {
    const config = JSON.parse(world.kubernetes.kubeconfig()) as { users: { user: object }[] };
    config.users[0]!.user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' } };
    await kubeconfig('exec', JSON.stringify(config));
    const ended = await status(['--kubeconfig', 'exec']);
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'kubernetes-connection' } });
    expect(ended.stderr).toContain('no-such-plugin');
  });
});

describe('a submission that would come to nothing ends before anything is sent:', () => {
  const CASES: { name: string; args: string[]; env?: Record<string, string>; says: string }[] = [
    { name: 'no configuration', args: [], says: 'No configuration is given.' },
    { name: 'both ways', args: ['-c', 'ingest.yaml', '--test', 'test.yaml'], says: '--config cannot be combined' },
    {
      name: 'the same intent twice',
      args: ['-c', 'ingest.yaml', '-c', 'ingest.yaml'],
      says: 'Both --config files have intent: train.',
    },
    { name: 'three configurations', args: ['-c', 'a', '-c', 'b', '-c', 'c'], says: '--config is given 3 times.' },
    { name: 'wrong intent', args: ['--train', 'test.yaml'], says: '--train: test.yaml has intent: test.' },
    { name: 'bad configuration', args: ['-c', 'bad.yaml'], says: 'bad.yaml:5:9 intent' },
    { name: 'missing file', args: ['-c', 'gone.yaml'], says: 'does not exist' },
    {
      name: 'relative path',
      args: ['-c', 'relative.yaml'],
      says: 'relative.yaml csv: the path is relative to this file',
    },
    { name: 'bad variable', args: ['-c', 'ingest.yaml', '-e', 'BATCH_SIZE=many'], says: 'BATCH_SIZE: "many"' },
    { name: 'secret variable', args: ['-c', 'ingest.yaml', '-e', 'BACKEND_TOKEN=t0p'], says: 'Keep it in a Secret' },
    { name: 'no pair', args: ['-c', 'ingest.yaml', '-e', 'LOG_LEVEL'], says: '--env takes NAME=value.' },
    { name: 'bad name', args: ['-c', 'ingest.yaml', '--name', 'My_Job'], says: '--name: `My_Job` is not a valid name' },
    {
      name: 'bad quantity',
      args: ['-c', 'ingest.yaml', '--memory', 'lots'],
      says: '--memory: `lots` is not a valid quantity',
    },
    {
      name: 'bad time',
      args: ['-c', 'ingest.yaml', '--start-timeout', 'soon'],
      says: '--start-timeout: `soon` is not a valid duration',
    },
    {
      name: 'no credentials',
      args: ['-c', 'ingest.yaml', '--create-secret-from-env'],
      env: { CLIENT_ID: 'me' },
      says: 'CLIENT_PASSWORD: is not set',
    },
    {
      name: 'two Secrets',
      args: ['-c', 'ingest.yaml', '--create-secret-from-env', '--secret', 'x'],
      says: 'cannot be combined',
    },
  ];

  beforeAll(async () => {
    await world.config('bad.yaml', { intent: 'trian' });
    await world.config('relative.yaml', { csv: 'customers.csv' });
  });

  it.each(CASES)('$name', async ({ args, env, says }) => {
    const before = world.kubernetes.requests.length;
    const ended = await world.run(['submit', ...args], env);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(says);
    expect(ended.stderr).not.toContain('t0p');
    expect(world.kubernetes.requests).toHaveLength(before);
  });
});

function untilAborted(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(130)));
}
