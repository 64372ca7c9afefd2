import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually, gate, untilStopped } from '../testing/wait.test-support.js';
import { interrupt, JOB, TestCluster } from './cluster.test-support.js';
import { confirmedDelete } from './delete.js';
import { observeJob } from './state.js';

let test: TestCluster;

beforeAll(async () => {
  test = await TestCluster.start();
});
afterEach(() => test.reset());
afterAll(() => test.stop());

const everything = () => ['jobs', 'pods', 'configmaps', 'secrets'].flatMap((kind) => test.names(kind));

describe('confirmedDelete', () => {
  it('deletes the Job, its pod, its ConfigMap and its own Secret, and waits until the pod has ended', async () => {
    const [running, stopped] = [gate(), gate()];
    test.next({ run: async (container) => (running.open(), await untilStopped(container), await stopped.opened, 130) });
    await test.submit({}, { DB_PASSWORD: 'p' });
    await running.opened;
    await expect(confirmedDelete(test.cluster, JOB, false)).rejects.toMatchObject({
      code: 'not-confirmed',
      exitCode: 2,
      fix: ['Confirm with --yes.'],
    });
    const deleted = confirmedDelete(test.cluster, JOB, true);
    await eventually('the Secret is gone', () => test.names('secrets').length === 0);
    expect(test.names('jobs')).toEqual([JOB]);
    stopped.open();
    const objects = [`job/${JOB}`, `configmap/${JOB}`, `secret/${JOB}`];
    expect(await deleted).toEqual({ name: JOB, namespace: 'default', objects });
    expect(everything()).toEqual([]);
  });

  it.each(['named', JOB])('keeps a Secret that the Job only names: %s', async (secret) => {
    test.kubernetes.add('secrets', { metadata: { name: secret } });
    await test.submit({ secret });
    expect((await confirmedDelete(test.cluster, JOB, true)).objects).toEqual([`job/${JOB}`, `configmap/${JOB}`]);
    expect(everything()).toEqual([secret]);
    test.kubernetes.remove('secrets', secret);
  });

  it('ends on SIGINT while the pod has not ended, and says how to check', async () => {
    const [running, stopped] = [gate(), gate()];
    test.next({ run: async () => (running.open(), await stopped.opened, 130) });
    await test.submit();
    await running.opened;
    // The submission leaves a handler that ends the process.
    process.removeAllListeners('SIGINT');
    const deleted = confirmedDelete(test.cluster, JOB, true).catch((error: unknown) => error);
    await eventually('a handler', () => process.listenerCount('SIGINT') > 0);
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    interrupt('SIGINT');
    expect(stderr).toHaveBeenCalledWith('Stopping on SIGINT: Kubernetes goes on deleting.\n');
    stderr.mockRestore();
    expect(await deleted).toMatchObject({
      code: 'interrupted',
      exitCode: 130,
      fix: ['Check whether it is gone: ingestor job status --namespace default'],
    });
    stopped.open();
  });
});

describe('a Job that does not exist or belongs to another program', () => {
  it('is neither shown, followed nor deleted', async () => {
    const unknown = {
      code: 'unknown-job',
      message: expect.stringContaining('There is no Job gone in namespace default'),
    };
    await expect(observeJob(test.cluster, 'gone')).rejects.toMatchObject(unknown);
    await expect(test.follow({}, ['gone']).states).rejects.toMatchObject(unknown);
    await expect(confirmedDelete(test.cluster, 'gone', true)).rejects.toMatchObject(unknown);

    const { job } = (await test.plan()).objects;
    test.kubernetes.add('jobs', { ...(JSON.parse(JSON.stringify(job)) as typeof job), metadata: { name: 'foreign' } });
    await expect(confirmedDelete(test.cluster, 'foreign', true)).rejects.toMatchObject({
      code: 'unknown-job',
      message: 'Job foreign in namespace default was not created by ingestor.',
    });
    expect(await test.cluster.listJobs()).toEqual([]);
  });
});
