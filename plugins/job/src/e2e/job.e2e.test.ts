import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { documentOf, GOOD_CSV } from '@tracebloc/ingestor-testing/command';
import { eventually, gate } from '../testing/wait.test-support.js';
import { JOB, JobWorld, LOCAL, runIngestor } from './job.test-support.js';

let world: JobWorld;

beforeAll(async () => {
  world = await JobWorld.start();
});
afterEach(() => world.kubernetes.reset());
afterAll(() => world.stop());

const everything = () => ['jobs', 'secrets', 'configmaps'].flatMap((kind) => world.names(kind));

it('render, submit, status, logs and delete accompany a run of the ingestor itself in the pod', async () => {
  const storage = join(world.folder, 'shared');
  await mkdir(storage);
  await writeFile(join(storage, 'good.csv'), GOOD_CSV);
  await world.config('real.yaml', { table: 'really', csv: join(storage, 'good.csv') });
  let seen: Record<string, string> = {};
  world.next({ run: (container) => ((seen = container.env), runIngestor(world.folder, container)) });
  const flags = ['-c', 'real.yaml', ...LOCAL, '-e', `STORAGE_PATH=${storage}`, '--create-secret-from-env'];
  const env = { CLIENT_ID: 'me', CLIENT_PASSWORD: 'hidden' };

  const rendered = await world.run(['render', ...flags, '--output', 'manifests'], env);
  expect(rendered).toMatchObject({ code: 0, stdout: 'manifests/ingest-really.yaml\n' });
  expect(await readFile(join(world.folder, rendered.stdout.trim()), 'utf8')).toContain('kind: Secret');

  // With --json, the log goes to stderr.
  const submitted = await world.run(['submit', ...flags, '--json'], env);
  expect(submitted.code).toBe(0);
  expect(documentOf(submitted)).toMatchObject([{ name: 'ingest-really', phase: 'succeeded', exitCode: 0 }]);
  expect(submitted.stderr).toMatch(/^Job ingest-really is submitted to namespace default\.$/m);
  expect(submitted.stderr).toMatch(/^All records processed successfully$/m);
  expect(submitted.stderr).toMatch(/^✔ Job ingest-really in namespace default succeeded after \d+\.\d s\.$/m);
  expect(seen).toMatchObject({ ...env, STORAGE_PATH: storage });
  expect(await readdir(storage)).toContain('training_test_datasets.sqlite');

  const status = await world.run(['status', 'ingest-really']);
  expect(status.stdout).toMatch(/^✔ Job ingest-really in namespace default succeeded/);
  expect(status.stdout).toMatch(/^ {2}pod {7}ingest-really-\w+: Completed \(exit code 0\), \d+ s old, on node-1$/m);
  const logs = await world.run(['logs', 'ingest-really', '--tail', '1']);
  expect(logs).toMatchObject({ code: 0, stdout: 'All records processed successfully\n' });
  expect(await world.run(['delete', 'ingest-really', '--yes'])).toMatchObject({
    code: 0,
    stdout: 'Deleted job/ingest-really, configmap/ingest-really, secret/ingest-really in namespace default.\n',
  });
  expect([...everything(), ...world.names('pods')]).toEqual([]);
  expect((await world.run(['status'])).stdout).toBe('No Jobs of ingestor in namespace default.\n');
});

it('Ctrl-C leaves the Job to itself, and logs and wait follow it to its exit code', async () => {
  const done = gate();
  world.next({ run: async ({ log }) => (log('under way'), await done.opened, log('bad data'), 3) });
  const submitting = world.start(['submit', '-c', 'ingest.yaml', ...LOCAL]);
  await eventually('the log', () => submitting.output.stdout === 'under way\n');
  submitting.kill('SIGINT');
  const submitted = await submitting.ended;
  expect(submitted.code).toBe(130);
  expect(submitted.stderr).toContain('Stopping on SIGINT: the Job goes on in the cluster.');
  expect(submitted.stderr).toContain('Look again: ingestor job logs ingest-churn-train --namespace default --follow');

  const following = world.start(['logs', JOB, '-f']);
  const waiting = world.start(['wait', JOB, '--json']);
  await eventually('the log again', () => following.output.stdout === 'under way\n');
  done.open();
  expect(await following.ended).toMatchObject({ code: 3, stdout: 'under way\nbad data\n' });
  const waited = await waiting.ended;
  expect(waited.code).toBe(3);
  expect(documentOf(waited)).toMatchObject({ phase: 'failed', exitCode: 3 });
});

it('SIGTERM while it creates the objects leaves nothing behind', async () => {
  const submitting = world.start(['submit', '-c', 'ingest.yaml', ...LOCAL]);
  world.kubernetes.beforeCall = async (call) => {
    if (call !== 'create configmaps') return;
    submitting.kill('SIGTERM');
    await eventually('the signal is heeded', () => submitting.output.stderr.includes('Stopping on SIGTERM'));
  };
  const ended = await submitting.ended;
  expect(ended.code).toBe(130);
  expect(ended.stderr).toContain('Nothing was submitted: what was created is removed again.');
  await eventually('nothing', () => everything().length === 0);
});

it('submits two configurations without following them, lists them, and refuses their names afterwards', async () => {
  world.next({ run: () => 0 });
  world.kubernetes.warning = 'would violate PodSecurity "restricted:latest"';
  const args = ['submit', '--train', 'ingest.yaml', '--test', 'test.yaml', ...LOCAL, '--json'];
  const submitted = await world.run([...args, '--no-follow']);
  expect(submitted.code).toBe(0);
  expect(documentOf(submitted)).toMatchObject([{ name: JOB, namespace: 'default' }, { name: 'ingest-churn-test' }]);
  expect(submitted.stderr).toContain('Stop it:    ingestor job delete ingest-churn-train --namespace default');
  expect(submitted.stderr).toContain('Warning: would violate PodSecurity "restricted:latest"');
  world.kubernetes.warning = undefined;

  const listed = (await world.run(['status'])).stdout;
  for (const name of [JOB, 'ingest-churn-test']) expect(listed).toMatch(new RegExp(`^${name} +\\w+ `, 'm'));
  const refused = await world.run(args);
  expect(refused.code).toBe(1);
  expect(documentOf(refused)).toMatchObject({ error: { code: 'job-exists', exitCode: 1 } });
});

it('sends nothing when the configuration is not valid', async () => {
  await world.config('bad.yaml', { intent: 'trian' });
  const before = world.kubernetes.requests.length;
  const ended = await world.run(['submit', '-c', 'bad.yaml']);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('bad.yaml:5:9 intent');
  expect(world.kubernetes.requests).toHaveLength(before);
});
