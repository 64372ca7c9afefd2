import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningContainer } from '../testing/kubernetes/fake-kubernetes.js';
import { eventually, gate, untilStopped } from '../testing/wait.test-support.js';
import { JOB, TestCluster } from './cluster.test-support.js';

let test: TestCluster;

beforeAll(async () => {
  test = await TestCluster.start();
});
afterEach(() => test.reset());
afterAll(() => test.stop());

const forever = { run: untilStopped };
const QUOTA = 'exceeded quota: small, requested: cpu=2, used: cpu=3, limited: cpu=4';
const SECURITY = 'violates PodSecurity "restricted:latest": runAsNonRoot != true';

describe('followJobs ends with the run:', () => {
  it.each([
    { code: 0, pods: 1 },
    { code: 1, pods: 4 },
    // Wrong configuration and bad data are not tried again.
    { code: 2, pods: 1 },
    { code: 3, pods: 1 },
    { code: 42, pods: 4 },
  ])('with exit code $code after $pods pods', async ({ code, pods }) => {
    test.next({ run: () => code });
    const { state } = await test.run();
    expect(state).toMatchObject({ phase: code === 0 ? 'succeeded' : 'failed', exitCode: code });
    expect(process.exitCode).toBe(code === 0 ? undefined : code);
    expect(test.names('pods')).toHaveLength(pods);
  });

  it('prints each line of the log as it is written', async () => {
    const end = gate();
    test.next({ run: async ({ log }) => (log('10%'), await end.opened, log('done'), 0) });
    await test.submit();
    const { lines, states } = test.follow();
    await eventually('the first line', () => lines.length === 1);
    end.open();
    await states;
    expect(lines).toEqual(['10%', 'done']);
  });

  it('continues with the pod that Kubernetes starts after one that failed', async () => {
    const seen = gate();
    const away = async ({ log }: RunningContainer) => (log('the backend is away'), await seen.opened, 1);
    test.next({ run: away }, { run: ({ log }) => (log('continued'), 0) });
    await test.submit();
    const { lines, told, states } = test.follow();
    await eventually('the first line', () => lines.length === 1);
    seen.open();
    expect(await states).toMatchObject([{ exitCode: 0 }]);
    expect(lines).toEqual(['the backend is away', 'continued']);
    expect(told.join()).toMatch(
      /^ingest-churn-train: Kubernetes starts the run again, in pod ingest-churn-train-\w+\.$/,
    );
  });

  it('prints the log of the first pod before that of the second, even if the first is slow', async () => {
    test.next({ run: ({ log }) => (log('first'), 1) }, { run: ({ log }) => (log('second'), 0) });
    await test.run();
    const [first, second] = test.names('pods');
    const asked = gate();
    test.kubernetes.beforeLog = async (pod) => {
      if (pod === second) asked.open();
      // If the second log is asked for meanwhile, it comes first.
      if (pod === first) await Promise.race([asked.opened.then(() => sleep(50)), sleep(200)]);
    };
    const { lines, states } = test.follow();
    await states;
    expect(lines).toEqual(['first', 'second']);
  });

  it('loses no line and repeats none when connections are cut and the API server is away for a while', async () => {
    const gates = [gate(), gate(), gate()];
    test.next({
      run: async ({ log }) => {
        for (const [index, { opened }] of gates.entries()) {
          log(`line ${index}a`);
          log(`line ${index}b`);
          await opened;
        }
        return 0;
      },
    });
    await test.submit();
    const { lines, told, states } = test.follow();
    const shows = (text: string) => eventually(text, () => lines.includes(text));
    await shows('line 0b');
    test.kubernetes.cutConnections();
    gates[0]!.open();
    await shows('line 1b');
    await test.kubernetes.disconnect();
    gates[1]!.open();
    await eventually('a report of the outage', () => told.join().includes('cannot be reached'));
    await test.kubernetes.reconnect();
    await shows('line 2b');
    gates[2]!.open();
    expect(await states).toMatchObject([{ exitCode: 0 }]);
    expect(lines).toEqual(['line 0a', 'line 0b', 'line 1a', 'line 1b', 'line 2a', 'line 2b']);
    expect(told.filter((text) => text.includes('The Job goes on; trying again.'))).toHaveLength(1);
  });

  it('reads a log again that the API server failed to answer', async () => {
    let failures = 2;
    test.kubernetes.beforeLog = () => (failures-- > 0 ? Promise.reject(new Error('etcd')) : Promise.resolve());
    test.next({ run: ({ log }) => (log('late'), 0) });
    const { lines, told } = await test.run();
    expect(lines).toEqual(['late']);
    expect(told).toEqual([expect.stringMatching(/could not get pods\/log: 500 .* The Job goes on; trying again\.$/)]);
  });

  it('follows two Jobs side by side, each line with the name of its Job', async () => {
    const both = gate();
    let running = 0;
    const run =
      (code: number) =>
      async ({ log }: RunningContainer) => {
        if (++running === 2) both.open();
        await both.opened;
        return (log('done'), code);
      };
    test.kubernetes.behave([{ run: run(0) }], 'a');
    test.kubernetes.behave([{ run: run(3) }], 'b');
    await test.submit({ name: 'a' });
    await test.submit({ name: 'b' });
    const { lines, states } = test.follow({}, ['a', 'b']);
    expect(await states).toMatchObject([{ exitCode: 0 }, { exitCode: 3 }]);
    expect(lines.sort()).toEqual(['a | done', 'b | done']);
    expect(process.exitCode).toBe(3);
  });

  it('follows a run whose log it may not read', async () => {
    test.kubernetes.deny({ verb: 'get', resource: 'pods' });
    const { lines, told, state } = await test.run();
    expect({ lines, exitCode: state.exitCode }).toEqual({ lines: [], exitCode: 0 });
    expect(told.join()).toContain('You may not get pods/log in namespace default');
  });
});

describe('a run that was ended from outside is explained:', () => {
  it('by its limit of memory', async () => {
    test.next({ outOfMemory: true });
    const { state } = await test.run();
    expect(state).toMatchObject({ exitCode: 137, problem: { code: 'out-of-memory' } });
    expect(state.problem!.message).toBe('The run needed more memory than its limit, 2Gi, and was killed.');
    expect(state.problem!.fix.join()).toContain('submit it again with more --memory');
  });

  it('by its deadline', async () => {
    test.next(forever);
    const { objects } = await test.plan();
    objects.job.spec!.activeDeadlineSeconds = 1;
    const { configMap, job } = JSON.parse(JSON.stringify(objects)) as Record<string, { metadata: { name: string } }>;
    test.kubernetes.add('configmaps', configMap!);
    test.kubernetes.add('jobs', job!);
    const [state] = await test.follow().states;
    expect(state).toMatchObject({ exitCode: 1, problem: { code: 'deadline-exceeded' } });
    expect(state!.problem!.message).toContain('The Job ran longer than its activeDeadlineSeconds, 1, and was stopped.');
  });

  it('by the deletion of its Job', async () => {
    test.next({ run: (container) => (container.log('under way'), untilStopped(container)) });
    await test.submit();
    const { lines, states } = test.follow();
    await eventually('the log is read', () => lines.length === 1);
    test.kubernetes.reset();
    await expect(states).rejects.toMatchObject({
      code: 'job-deleted',
      message: expect.stringContaining('was deleted while it was followed'),
    });
  });

  it('by --timeout, after which the Job goes on', async () => {
    test.next(forever);
    await test.submit();
    await expect(test.follow({ timeout: 50 }).states).rejects.toMatchObject({
      code: 'timeout',
      fix: expect.arrayContaining([`Stop it:    ingestor job delete ${JOB} --namespace default`]),
    });
    expect(test.names('jobs')).toEqual([JOB]);
  });
});

describe('a pod that does not start', () => {
  it('ends the wait with the diagnosis, which is reported as soon as it is known', async () => {
    test.next({ pullError: 'docker.io/tracebloc/ingestor:0.1.0: not found' });
    await test.submit();
    const { told, states } = test.follow();
    const error = (await states.catch((reason: unknown) => reason)) as { message: string; fix: string[] };
    expect(error).toMatchObject({ code: 'image-missing', exitCode: 1 });
    expect(error.message).toContain(`Job ${JOB} does not start. The registry has no image tracebloc/ingestor:0.1.0:`);
    expect(error.fix[0]).toBe('Correct the name and tag in --image.');
    expect(error.fix.at(-1)).toBe(
      `To submit it again, delete it first: ingestor job delete ${JOB} --namespace default`,
    );
    expect(told[0]).toMatch(/^ingest-churn-train waits: .*\n {2}Correct the name and tag in --image\.$/);
    expect((await test.state()).problem).toMatchObject({ code: 'image-missing', permanent: true });
  });

  it('is waited for while the cause may go away', async () => {
    test.next({ refused: QUOTA }, { refused: QUOTA }, { run: ({ log }) => (log('started after all'), 0) });
    const { lines } = await test.run();
    expect(lines).toEqual(['started after all']);
  });

  it('ends the wait after --start-timeout, also when an earlier pod has run', async () => {
    test.next({ run: () => 1 }, { refused: QUOTA });
    await test.submit();
    while ((await test.state()).problem === undefined);
    await expect(test.follow({ startTimeout: 100 }).states).rejects.toMatchObject({
      code: 'quota-exceeded',
      exitCode: 1,
    });
    expect(test.names('pods')).toHaveLength(1);
  });

  it('ends the wait long before --start-timeout when the cause does not go away', async () => {
    test.next({ refused: SECURITY });
    const started = performance.now();
    await expect(test.run()).rejects.toMatchObject({ code: 'pod-security' });
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('is diagnosed by what the pod says itself when events may not be seen', async () => {
    test.kubernetes.deny({ verb: 'list', resource: 'events' });
    await expect(test.run({ claim: 'gone' })).rejects.toThrow('Namespace default has no claim gone');
  });

  it('ends the wait without a diagnosis when Kubernetes gives no reason', async () => {
    test.kubernetes.deny({ verb: 'list', resource: 'events' });
    test.next({ refused: QUOTA });
    await expect(test.run({}, { startTimeout: 100 })).rejects.toMatchObject({
      code: 'not-started',
      fix: expect.arrayContaining([`kubectl describe job ${JOB} --namespace default`]),
    });
  });
});
