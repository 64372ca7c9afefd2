import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { documentOf } from '@tracebloc/ingestor-testing/command';
import { eventually, gate, JOB, JobWorld, LOCAL } from './job.test-support.js';

/** kubectl keeps the test's API server honest: what it does with the same objects, a real cluster would do too. */
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
const withKubectl = hasKubectl ? describe : describe.skip;

let world: JobWorld;

beforeAll(async () => {
  world = await JobWorld.start();
});
afterEach(() => world.kubernetes.reset());
afterAll(() => world.stop());

withKubectl('kubectl and ingestor see the same (skipped where kubectl is not installed):', () => {
  it('a Job that ingestor submitted', async () => {
    const done = gate();
    world.next({ run: async ({ log }) => (log('first'), await done.opened, log('last'), 0) });
    await world.submit('--no-follow');

    expect(await world.kubectl('get', 'jobs,pods', '--output', 'name')).toMatch(
      /^job\.batch\/ingest-churn-train\npod\/ingest-churn-train-\w+\n$/,
    );
    const job = JSON.parse(await world.kubectl('get', 'job', JOB, '--output', 'json')) as object;
    expect(job).toMatchObject({ metadata: { name: JOB, labels: { 'app.kubernetes.io/name': 'ingestor' } } });
    await eventually('a pod that runs', () => JSON.stringify(world.kubernetes.list('pods')).includes('"running"'));
    expect(await world.kubectl('describe', 'job', JOB)).toMatch(/Normal +SuccessfulCreate .*Created pod: ingest-churn/);
    expect(await world.kubectl('describe', 'pods')).toMatch(/Normal +Started .*Started container/);
    expect(await world.kubectl('logs', `job/${JOB}`)).toBe('first\n');

    const [logs, waited] = [
      world.kubectl('logs', '-f', `job/${JOB}`),
      world.kubectl('wait', `job/${JOB}`, '--for=condition=Complete'),
    ];
    done.open();
    expect(await logs).toBe('first\nlast\n');
    expect(await waited).toContain(`job.batch/${JOB} condition met`);

    expect(await world.kubectl('delete', 'job', JOB)).toContain(`"${JOB}" deleted`);
    expect([...world.names('jobs'), ...world.names('pods'), ...world.names('configmaps')]).toEqual([]);
  });

  it('a Job in shards', async () => {
    const done = gate();
    world.next({ run: async ({ env, log }) => (log(`index ${env.JOB_COMPLETION_INDEX!}`), await done.opened, 0) });
    await world.submitShards(3, '--no-follow');
    const ofIndex = ['--selector', 'batch.kubernetes.io/job-completion-index=2'];
    await eventually('three pods', () => JSON.stringify(world.kubernetes.list('pods')).split('"running"').length === 4);
    expect(await world.kubectl('get', 'pods', '--output', 'name', ...ofIndex)).toMatch(
      /^pod\/ingest-churn-train-2-\w+\n$/,
    );
    expect(await world.kubectl('describe', 'pods', ...ofIndex)).toMatch(/JOB_COMPLETION_INDEX: +\(v1:metadata\.labels/);
    expect(await world.kubectl('logs', ...ofIndex)).toBe('index 2\n');
    const count = ['get', 'job', JOB, '--output', 'jsonpath={.status.active}/{.status.succeeded}/{.spec.completions}'];
    expect(await world.kubectl(...count)).toBe('3/0/3');
    const waited = world.kubectl('wait', `job/${JOB}`, '--for=condition=Complete');
    done.open();
    expect(await waited).toContain('condition met');
    expect(await world.kubectl(...count)).toBe('0/3/3');
    const described = await world.kubectl('describe', 'job', JOB);
    expect(described).toMatch(/^Completion Mode: +Indexed$/m);
    expect(described).toMatch(/^Completed Indexes: +0-2$/m);
    expect(described).toMatch(/^Pods Statuses: +0 Active .*\/ 3 Succeeded \/ 0 Failed$/m);
  });

  it('a Job that kubectl applied from what ingestor rendered', async () => {
    world.next({ run: ({ log, files }) => (log(Object.keys(files).join()), 3) });
    await world.run(['render', '-c', 'ingest.yaml', ...LOCAL, '--output', '.']);
    const file = `${JOB}.yaml`;
    expect(await world.kubectl('apply', '--filename', file)).toBe(
      `configmap/${JOB} created\njob.batch/${JOB} created\n`,
    );
    expect(await world.kubectl('apply', '--filename', file)).toBe(
      `configmap/${JOB} unchanged\njob.batch/${JOB} unchanged\n`,
    );
    await expect(world.kubectl('create', '--filename', file)).rejects.toThrow('already exists');
    await expect(world.kubectl('apply', '--filename', file, '--server-side')).rejects.toThrow('only JSON is taken');

    const followed = await world.run(['logs', JOB, '--follow']);
    expect(followed).toMatchObject({ code: 3, stdout: '/etc/ingestor/ingest.yaml\n' });
    expect(documentOf(await world.run(['status', '--json']))).toMatchObject([{ name: JOB, exitCode: 3 }]);
    const deleted = await world.run(['delete', JOB, '--yes']);
    expect(deleted.stdout).toBe(`Deleted job/${JOB}, configmap/${JOB} in namespace default.\n`);
    await expect(world.kubectl('get', 'job', JOB)).rejects.toThrow(`jobs.batch "${JOB}" not found`);
    await expect(world.kubectl('logs', `job/${JOB}`)).rejects.toThrow('not found');
  });

  it('a changed configuration, an immutable template, a Secret, and what is refused', async () => {
    await world.run(['render', '-c', 'ingest.yaml', ...LOCAL, '--output', '.']);
    await world.kubectl('apply', '--filename', `${JOB}.yaml`);
    await world.config('changed.yaml', { table: 'churn_train', label: 'z' });
    await world.run(['render', '-c', 'changed.yaml', ...LOCAL, '--image', 'other:1', '--output', 'changed']);
    const changed = world.kubectl('apply', '--filename', `changed/${JOB}.yaml`);
    await expect(changed).rejects.toThrow('field is immutable');
    expect(JSON.stringify(world.kubernetes.list('configmaps'))).toContain('label: \\"z\\"');

    await world.write('bad.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: Bad_Name}\n');
    await expect(world.kubectl('apply', '--filename', 'bad.yaml')).rejects.toThrow('is invalid');
    await world.write('secret.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {A: b}\n');
    await world.kubectl('apply', '--filename', 'secret.yaml');
    expect(await world.kubectl('get', 'secret', 'keys', '--output', 'jsonpath={.data.A}')).toBe('Yg==');
    world.kubernetes.deny({ verb: 'delete', resource: 'secrets' });
    await expect(world.kubectl('delete', 'secret', 'keys')).rejects.toThrow('cannot delete resource "secrets"');
    await expect(world.kubectl('get', 'jobs', '--token', 'wrong')).rejects.toThrow('Unauthorized');
  });
});
