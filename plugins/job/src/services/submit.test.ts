import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually, gate, untilStopped } from '../testing/wait.test-support.js';
import { interrupt, JOB, TestCluster } from './cluster.test-support.js';
import { LABELS } from './objects.js';
import { claimWarnings, submitJobs } from './submit.js';

let test: TestCluster;
/** What was written to stderr, which here is only what a signal does. */
let stderr: string[];

beforeAll(async () => {
  test = await TestCluster.start();
});
beforeEach(() => {
  stderr = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.push(String(text)) > 0);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  test.reset();
  for (const kind of ['configmaps', 'secrets']) test.kubernetes.remove(kind, JOB);
});
afterAll(() => test.stop());

const CREDENTIALS = { DB_PASSWORD: 'p', BACKEND_TOKEN: 't' };
const everything = () => ['jobs', 'secrets', 'configmaps'].flatMap((kind) => test.names(kind));
const requests = (...methods: string[]) => test.kubernetes.requests.filter(({ method }) => methods.includes(method));
const INCOMPLETE = {
  code: 'job-incomplete',
  exitCode: 130,
  fix: [`Delete it: ingestor job delete ${JOB} --namespace default`],
};

describe('submitJobs', () => {
  it('creates the Job, the Secret and the ConfigMap, which are deleted with the Job', async () => {
    test.next({ run: untilStopped });
    await test.submit({}, CREDENTIALS);
    const created = requests('POST').map(({ url }) => url.split('/').at(-1));
    expect(created.slice(-3)).toEqual(['jobs', 'secrets', 'configmaps']);
    const metadata = { name: JOB, ownerReferences: [{ kind: 'Job', name: JOB }] };
    expect(test.kubernetes.list('secrets')).toMatchObject([
      { metadata, data: { DB_PASSWORD: 'cA==', BACKEND_TOKEN: 'dA==' } },
    ]);
    expect(test.kubernetes.list('configmaps')).toMatchObject([{ metadata, data: { 'ingest.yaml': 'csv: x' } }]);
  });

  it('refuses a name in use, says what has it, and changes nothing', async () => {
    test.next({ run: () => 3 });
    await test.run();
    const before = requests('POST', 'PUT', 'DELETE').length;
    await expect(test.submit()).rejects.toMatchObject({
      code: 'job-exists',
      message: expect.stringMatching(
        /^Namespace default already has a Job ingest-churn-train: failed with exit code 3, created \d+ s ago\.$/,
      ),
      fix: expect.arrayContaining([expect.stringContaining(`ingestor job delete ${JOB} --namespace default`)]),
    });
    expect(requests('POST', 'PUT', 'DELETE')).toHaveLength(before);
  });

  it('replaces a ConfigMap and a Secret that a deleted Job has left', async () => {
    test.kubernetes.add('configmaps', { metadata: { name: JOB, labels: LABELS } });
    test.kubernetes.add('secrets', { metadata: { name: JOB, labels: LABELS } });
    await test.submit({}, CREDENTIALS);
    expect(test.kubernetes.list('configmaps')).toMatchObject([{ data: { 'ingest.yaml': 'csv: x' } }]);
    expect(test.kubernetes.list('secrets')).toMatchObject([{ data: { DB_PASSWORD: 'cA==' } }]);
  });

  it.each(['configmaps', 'secrets'])('refuses to replace %s of another program, and leaves nothing', async (kind) => {
    test.kubernetes.add(kind, { metadata: { name: JOB } });
    await expect(test.submit({}, CREDENTIALS)).rejects.toMatchObject({ code: 'name-in-use' });
    await eventually('no Job', () => test.names('jobs').length === 0);
    expect(test.names(kind)).toEqual([JOB]);
  });

  it('leaves nothing behind when it may not create everything', async () => {
    test.kubernetes.deny({ verb: 'create', resource: 'configmaps' });
    await expect(test.submit()).rejects.toMatchObject({
      code: 'kubernetes-forbidden',
      exitCode: 1,
      message: expect.stringContaining('You may not create configmaps in namespace default'),
      fix: expect.arrayContaining([
        expect.stringContaining('kubectl auth can-i create configmaps --namespace default'),
      ]),
    });
    await eventually('nothing', () => everything().length === 0);
  });

  it('removes the first of two Jobs when the second is refused, and says so', async () => {
    test.next({ run: untilStopped });
    let made = 0;
    test.kubernetes.beforeCall = (call) => {
      if (call === 'create configmaps' && ++made === 1)
        test.kubernetes.deny({ verb: 'create', resource: 'configmaps' });
    };
    const plans = [await test.plan(), await test.plan({ name: 'second' })];
    await expect(submitJobs(test.cluster, plans)).rejects.toMatchObject({
      code: 'kubernetes-forbidden',
      message: expect.stringMatching(
        /You may not create configmaps in namespace default.* Job ingest-churn-train, which was created before, is removed again\.$/,
      ),
    });
    await eventually('nothing', () => everything().length === 0);
  });

  it('continues with the Job whose answer was lost', async () => {
    test.kubernetes.beforeAnswer = (call) => {
      if (call === 'create jobs') test.kubernetes.cutConnections();
    };
    const { state } = await test.run();
    expect(state.exitCode).toBe(0);
    expect(test.names('configmaps')).toEqual([JOB]);
  });
});

describe('submitJobs, stopped by a signal,', () => {
  it.each(['secrets', 'configmaps'])('leaves nothing behind while it creates %s', async (kind) => {
    test.kubernetes.beforeCall = (call) => {
      if (call === `create ${kind}`) interrupt('SIGTERM');
    };
    await expect(test.submit({}, CREDENTIALS)).rejects.toMatchObject({
      code: 'interrupted',
      exitCode: 130,
      message: 'Nothing was submitted: what was created is removed again.',
    });
    expect(stderr).toEqual(['Stopping on SIGTERM: removing what was created.\n']);
    await eventually('nothing', () => everything().length === 0);
  });

  it('names what cannot be removed, and the command for it', async () => {
    test.kubernetes.deny({ verb: 'delete', resource: 'jobs' });
    test.kubernetes.beforeCall = (call) => {
      if (call === 'create configmaps') interrupt('SIGINT');
    };
    await expect(test.submit()).rejects.toMatchObject(INCOMPLETE);
  });

  it('waits eight seconds for an API server that does not answer, and names what may be left', async () => {
    const [called, answered] = [gate(), gate()];
    test.kubernetes.beforeCall = async (call) => {
      if (call !== 'create configmaps') return;
      called.open();
      await answered.opened;
    };
    const submitted = test.submit().catch((error: unknown) => error);
    await called.opened;
    // `interruptible` alone uses this timer; the connection is that of a real server.
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate', 'performance', 'Date'] });
    process.emit('SIGINT', 'SIGINT');
    let hasEnded = false;
    void submitted.then(() => (hasEnded = true));
    await jest.advanceTimersByTimeAsync(7999);
    expect(hasEnded).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    jest.useRealTimers();
    expect(await submitted).toMatchObject(INCOMPLETE);
    answered.open();
  });
});

describe('claimWarnings', () => {
  it('warns of a claim that only one node can mount, when it may see claims', async () => {
    test.kubernetes.addClaim('one-node', 'Bound', 'ReadWriteOnce');
    const sharded = await test.plan({ claim: 'one-node', shards: 2 });
    expect(await claimWarnings(test.cluster, [sharded, await test.plan({ claim: 'one-node' })])).toEqual([
      expect.stringMatching(/^Claim one-node is ReadWriteOnce: the shards that are not on the node .* cannot start\./),
    ]);
    expect(await claimWarnings(test.cluster, [await test.plan({ shards: 2 })])).toEqual([]);
    test.kubernetes.deny({ verb: 'list', resource: 'persistentvolumeclaims' });
    expect(await claimWarnings(test.cluster, [sharded])).toEqual([]);
  });
});
