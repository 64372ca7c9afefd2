import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../testing/kubernetes/fake-kubernetes.js';
import type { JobState } from '../services/state.js';
import { documentOf } from '@tracebloc/ingestor-testing/command';
import { eventually, JOB, JobWorld, LOCAL } from './job.test-support.js';

let world: JobWorld;

beforeAll(async () => {
  world = await JobWorld.start();
});
afterAll(() => world.stop());

interface ErrorDocument {
  error: { code: string; message: string; fix: string[]; exitCode: number };
}

const QUOTA =
  'exceeded quota: small, requested: limits.memory=2Gi, used: limits.memory=3Gi, limited: limits.memory=4Gi';
const SECURITY = 'violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "ingest")';

it('a pod that does not start ends the wait with the diagnosis, which status shows too', async () => {
  world.next({ pullError: 'docker.io/tracebloc/ingestor:0.1.0: not found' });
  const ended = await world.submit('--json');
  expect(ended.code).toBe(1);
  const { error } = documentOf<ErrorDocument>(ended);
  expect(error).toMatchObject({ code: 'image-missing', exitCode: 1 });
  expect(error.message).toContain(`Job ${JOB} does not start. The registry has no image tracebloc/ingestor:0.1.0:`);
  expect(error.fix[0]).toBe('Correct the name and tag in --image.');
  expect(error.fix.at(-1)).toBe(`To submit it again, delete it first: ingestor job delete ${JOB} --namespace default`);
  // The problem was reported as soon as it was seen.
  expect(ended.stderr).toContain(`${JOB} waits: `);
  const states = documentOf<JobState[]>(await world.run(['status', '--json']));
  expect(states.map(({ problem }) => problem?.code)).toEqual(['image-missing']);
  world.kubernetes.reset();
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
    {
      name: 'the same intent twice',
      args: ['-c', 'ingest.yaml', '-c', 'ingest.yaml'],
      says: 'Both --config files have intent: train.',
    },
    { name: 'wrong intent', args: ['--train', 'test.yaml'], says: '--train: test.yaml has intent: test.' },
    { name: 'bad configuration', args: ['-c', 'bad.yaml'], says: 'bad.yaml:5:9 intent' },
    { name: 'missing file', args: ['-c', 'gone.yaml'], says: 'does not exist' },
    {
      name: 'relative path',
      args: ['-c', 'relative.yaml'],
      says: 'relative.yaml csv: the path is relative to this file',
    },
    { name: 'bad variable', args: ['-c', 'ingest.yaml', '-e', 'BATCH_SIZE=many'], says: 'BATCH_SIZE: "many"' },
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
