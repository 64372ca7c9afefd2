import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { JOB, TestCluster } from '../../services/cluster.test-support.js';
import { confirmedDelete } from '../../services/delete.js';
import { writeObjects } from '../../services/objects.js';
import type { JobSettings } from '../../services/settings.js';
import { eventually, gate, untilStopped } from '../wait.test-support.js';

const execute = promisify(execFile);

/** kubectl keeps the test's API server honest: what it does with the same objects, a real cluster would do too. */
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
const withKubectl = hasKubectl ? describe : describe.skip;

let test: TestCluster;

beforeAll(async () => {
  test = await TestCluster.start();
});
afterEach(() => test.reset());
afterAll(() => test.stop());

/** Runs kubectl and returns what it prints. Rejects when it fails. */
async function kubectl(...args: string[]): Promise<string> {
  const { folder } = test;
  const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'kubeconfig') };
  const { stdout } = await execute('kubectl', args, { env, cwd: folder, timeout: 30_000 });
  return stdout;
}

/** Writes the objects of a Job as `job render` does, and returns the file. */
async function rendered(folder: string, settings: Partial<JobSettings> = {}): Promise<string> {
  const [file] = await writeObjects(join(test.folder, folder), [await test.plan(settings)]);
  return file!;
}

const running = (count: number) => () =>
  JSON.stringify(test.kubernetes.list('pods')).split('"running"').length === count + 1;

withKubectl('kubectl and ingestor see the same (skipped where kubectl is not installed):', () => {
  it('a Job that ingestor submitted', async () => {
    const done = gate();
    test.next({ run: async ({ log }) => (log('first'), await done.opened, log('last'), 0) });
    await test.submit();
    await eventually('a pod that runs', running(1));

    const [names, job, describedJob, describedPods, log] = await Promise.all([
      kubectl('get', 'jobs,pods', '--output', 'name'),
      kubectl('get', 'job', JOB, '--output', 'json'),
      kubectl('describe', 'job', JOB),
      kubectl('describe', 'pods'),
      kubectl('logs', `job/${JOB}`),
    ]);
    expect(names).toMatch(/^job\.batch\/ingest-churn-train\npod\/ingest-churn-train-\w+\n$/);
    const labels = { 'app.kubernetes.io/name': 'ingestor' };
    expect(JSON.parse(job)).toMatchObject({ metadata: { name: JOB, labels } });
    expect(describedJob).toMatch(/Normal +SuccessfulCreate .*Created pod: ingest-churn/);
    expect(describedPods).toMatch(/Normal +Started .*Started container/);
    expect(log).toBe('first\n');

    const [logs, waited] = [
      kubectl('logs', '-f', `job/${JOB}`),
      kubectl('wait', `job/${JOB}`, '--for=condition=Complete'),
    ];
    done.open();
    expect(await logs).toBe('first\nlast\n');
    expect(await waited).toContain(`job.batch/${JOB} condition met`);

    expect(await kubectl('delete', 'job', JOB)).toContain(`"${JOB}" deleted`);
    expect([...test.names('jobs'), ...test.names('pods'), ...test.names('configmaps')]).toEqual([]);
  });

  it('a Job in shards', async () => {
    const done = gate();
    test.next({ run: async ({ env, log }) => (log(`index ${env.JOB_COMPLETION_INDEX!}`), await done.opened, 0) });
    await test.submitShards(3);
    await eventually('three pods', running(3));
    const ofIndex = ['--selector', 'batch.kubernetes.io/job-completion-index=2'];
    const count = ['get', 'job', JOB, '--output', 'jsonpath={.status.active}/{.status.succeeded}/{.spec.completions}'];
    const [names, described, log, before] = await Promise.all([
      kubectl('get', 'pods', '--output', 'name', ...ofIndex),
      kubectl('describe', 'pods', ...ofIndex),
      kubectl('logs', ...ofIndex),
      kubectl(...count),
    ]);
    expect(names).toMatch(/^pod\/ingest-churn-train-2-\w+\n$/);
    expect(described).toMatch(/JOB_COMPLETION_INDEX: +\(v1:metadata\.labels/);
    expect(log).toBe('index 2\n');
    expect(before).toBe('3/0/3');
    done.open();
    expect(await kubectl('wait', `job/${JOB}`, '--for=condition=Complete')).toContain('condition met');
    expect(await kubectl(...count)).toBe('0/3/3');
    const describedJob = await kubectl('describe', 'job', JOB);
    expect(describedJob).toMatch(/^Completion Mode: +Indexed$/m);
    expect(describedJob).toMatch(/^Completed Indexes: +0-2$/m);
    expect(describedJob).toMatch(/^Pods Statuses: +0 Active .*\/ 3 Succeeded \/ 0 Failed$/m);
  });

  it('a Job that kubectl applied from what ingestor rendered', async () => {
    test.next({ run: ({ log, files }) => (log(Object.keys(files).join()), 3) });
    const file = await rendered('.');
    expect(await kubectl('apply', '--filename', file)).toBe(`configmap/${JOB} created\njob.batch/${JOB} created\n`);
    expect(await kubectl('apply', '--filename', file)).toBe(`configmap/${JOB} unchanged\njob.batch/${JOB} unchanged\n`);
    await expect(kubectl('create', '--filename', file)).rejects.toThrow('already exists');
    await expect(kubectl('apply', '--filename', file, '--server-side')).rejects.toThrow('only JSON is taken');

    const { lines, states } = test.follow();
    expect(await states).toMatchObject([{ name: JOB, exitCode: 3 }]);
    expect(lines).toEqual(['/etc/ingestor/ingest.yaml']);
    const { objects } = await confirmedDelete(test.cluster, JOB, true);
    expect(objects).toEqual([`job/${JOB}`, `configmap/${JOB}`]);
    await expect(kubectl('get', 'job', JOB)).rejects.toThrow(`jobs.batch "${JOB}" not found`);
    await expect(kubectl('logs', `job/${JOB}`)).rejects.toThrow('not found');
  });

  it('a changed configuration, an immutable template, a Secret, and what is refused', async () => {
    test.next({ run: untilStopped });
    await kubectl('apply', '--filename', await rendered('.'));
    const changed = await test.plan({ image: 'other:1' });
    changed.objects.configMap.data!['ingest.yaml'] = 'label: z';
    const [file] = await writeObjects(join(test.folder, 'changed'), [changed]);
    await expect(kubectl('apply', '--filename', file!)).rejects.toThrow('field is immutable');
    expect(test.kubernetes.list('configmaps')).toMatchObject([{ data: { 'ingest.yaml': 'label: z' } }]);

    const [bad, secret] = ['bad', 'secret'].map((name) => join(test.folder, `${name}.yaml`)) as [string, string];
    await writeFile(bad, 'apiVersion: v1\nkind: Secret\nmetadata: {name: Bad_Name}\n');
    await expect(kubectl('apply', '--filename', bad)).rejects.toThrow('is invalid');
    await writeFile(secret, 'apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {A: b}\n');
    await kubectl('apply', '--filename', secret);
    expect(await kubectl('get', 'secret', 'keys', '--output', 'jsonpath={.data.A}')).toBe('Yg==');
    test.kubernetes.deny({ verb: 'delete', resource: 'secrets' });
    await expect(kubectl('delete', 'secret', 'keys')).rejects.toThrow('cannot delete resource "secrets"');
    await expect(kubectl('get', 'jobs', '--token', 'wrong')).rejects.toThrow('Unauthorized');
  });
});
