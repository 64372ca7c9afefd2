import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority } from '@tracebloc/ingestor-testing';
import type { ConfigMap, Job } from '../services/cluster.js';
import { documentOf, start, type Env, GOOD_CSV } from '@tracebloc/ingestor-testing/command';
import { eventually, gate, JOB, JobWorld, LOCAL, runIngestor } from './job.test-support.js';

let world: JobWorld;

beforeAll(async () => {
  world = await JobWorld.start();
});
afterEach(() => world.kubernetes.reset());
afterAll(() => world.stop());

describe('job submit', () => {
  it('prints each line of the log as it is written, and ends with the run', async () => {
    const [first, last] = [gate(), gate()];
    world.next({
      run: async ({ log }) => {
        log('Validating churn_train: 10%');
        await first.opened;
        log('Validating churn_train: 90%');
        await last.opened;
        log('All records processed successfully');
        return 0;
      },
    });
    const running = world.start(['submit', '-c', 'ingest.yaml', ...LOCAL]);
    await eventually('the first line', () => running.output.stdout === 'Validating churn_train: 10%\n');
    first.open();
    await eventually('the second line', () => running.output.stdout.endsWith('90%\n'));
    last.open();
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/90%\nAll records processed successfully\n$/);
    expect(ended.stderr).toMatch(/^Job ingest-churn-train is submitted to namespace default\.$/m);
    expect(ended.stderr).toMatch(/^✔ Job ingest-churn-train in namespace default succeeded after \d\.\d s\.$/m);
  });

  it('runs the ingestor itself in the pod, with the configuration, variables and Secret that it was given', async () => {
    const storage = join(world.folder, 'shared');
    await mkdir(storage);
    await writeFile(join(storage, 'good.csv'), GOOD_CSV);
    await world.config('real.yaml', { table: 'really', csv: join(storage, 'good.csv') });
    let seen: Record<string, string> = {};
    world.next({ run: (container) => ((seen = container.env), runIngestor(world.folder, container)) });
    const args = ['submit', '-c', 'real.yaml', ...LOCAL, '-e', `STORAGE_PATH=${storage}`, '--create-secret-from-env'];
    const ended = await world.run(args, { CLIENT_ID: 'me', CLIENT_PASSWORD: 'hidden' });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^All records processed successfully$/m) });
    expect(seen).toMatchObject({ CLIENT_ID: 'me', CLIENT_PASSWORD: 'hidden', STORAGE_PATH: storage });
    expect(await readdir(storage)).toContain('training_test_datasets.sqlite');
    const listed = await start(['datasets', 'list', '--json'], {
      cwd: world.folder,
      env: { CLIENT_ENV: 'local', STORAGE_PATH: storage },
    }).ended;
    expect(documentOf(listed)).toMatchObject([{ table: 'really', records: 3 }]);
  });

  it('brings the CAs of --ca into the pod', async () => {
    const { ca } = await createAuthority();
    await writeFile(join(world.folder, 'ca.pem'), `# ours\n${ca}`);
    world.next({ run: () => 0 });
    expect(await world.submit('--ca', 'ca.pem')).toMatchObject({ code: 0 });
    const rendered = await world.run(['render', '-c', 'ingest.yaml', '--ca', 'ca.pem', '--json']);
    const [configMap, job] = documentOf<{ objects: [ConfigMap, Job] }>(rendered).objects;
    expect(configMap.data).toEqual({ 'ingest.yaml': expect.any(String), 'ca.pem': ca.trim() });
    const [container] = job.spec!.template.spec!.containers;
    expect(container!.env).toContainEqual({ name: 'INGESTOR_CA', value: '/etc/ingestor/ca.pem' });
    expect(container!.volumeMounts).toContainEqual(expect.objectContaining({ mountPath: '/etc/ingestor' }));

    const gone = await world.run(['render', '-c', 'ingest.yaml', '--ca', 'gone.pem']);
    expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('--ca: the file does not exist') });
  });

  it.each([1, 2, 3, 42])('exits with the code of the run: %i', async (code) => {
    const limit = code === 1 || code === 42 ? 4 : 1;
    world.next({ run: () => code });
    const ended = await world.submit('--json');
    expect(ended.code).toBe(code);
    expect(documentOf(ended)).toMatchObject([{ name: JOB, phase: 'failed', exitCode: code }]);
    // Wrong configuration and bad data are not tried again.
    expect(world.names('pods')).toHaveLength(limit);
    expect(ended.stderr).toContain(`failed after`);
  });

  it('follows a run that Kubernetes starts again in another pod, to the code of the last', async () => {
    world.next({ run: ({ log }) => (log('the backend is away'), 1) }, { run: ({ log }) => (log('continued'), 0) });
    const ended = await world.submit();
    expect(ended).toMatchObject({ code: 0, stdout: 'the backend is away\ncontinued\n' });
  });

  it('prints the log of the first pod before that of the second, whichever comes first', async () => {
    world.next({ run: ({ log }) => (log('first'), 1) }, { run: ({ log }) => (log('second'), 0) });
    await world.submit('--no-follow');
    expect(await world.run(['wait', JOB])).toMatchObject({ code: 0 });
    const [first, second] = world.names('pods');
    const asked = gate();
    world.kubernetes.beforeLog = async (pod) => {
      // The first log comes late: after the second, if that one is asked for meanwhile.
      if (pod === second) asked.open();
      if (pod === first) await Promise.race([asked.opened.then(() => sleep(200)), sleep(500)]);
    };
    const ended = await world.run(['logs', JOB, '--follow']);
    expect(ended).toMatchObject({ code: 0, stdout: 'first\nsecond\n' });
  });

  it('loses no line and repeats none when the connection is cut or the API server is away for a while', async () => {
    const gates = [gate(), gate(), gate()];
    world.next({
      run: async ({ log }) => {
        for (const [index, { opened }] of gates.entries()) {
          log(`line ${index}a`);
          log(`line ${index}b`);
          await opened;
        }
        return 0;
      },
    });
    const running = world.start(['submit', '-c', 'ingest.yaml', ...LOCAL]);
    const shows = (text: string) => eventually(text, () => running.output.stdout.includes(text));
    await shows('line 0b');
    world.kubernetes.cutConnections();
    gates[0]!.open();
    await shows('line 1b');
    await world.kubernetes.disconnect();
    gates[1]!.open();
    await eventually('a word on that', () => running.output.stderr.includes('cannot be reached'));
    await world.kubernetes.reconnect();
    await shows('line 2b');
    gates[2]!.open();
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe('line 0a\nline 0b\nline 1a\nline 1b\nline 2a\nline 2b\n');
    expect(ended.stderr).toContain('nothing listens there. The Job goes on; trying again.');
  });

  it('leaves the Job to itself on Ctrl-C, and says how to look again', async () => {
    const done = gate();
    world.next({ run: async ({ log }) => (log('under way'), await done.opened, 0) });
    const running = world.start(['submit', '-c', 'ingest.yaml', ...LOCAL]);
    await eventually('the log', () => running.output.stdout.includes('under way'));
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('Stopping on SIGINT: the Job goes on in the cluster.');
    expect(ended.stderr).toContain('Look again: ingestor job logs ingest-churn-train --namespace default --follow');
    expect(documentOf(await world.run(['status', JOB, '--json']))).toMatchObject({ phase: 'running' });
    done.open();
    expect(await world.run(['wait', JOB])).toMatchObject({ code: 0 });
  });

  it('--no-follow is done when the Job is made', async () => {
    const ended = await world.submit('--no-follow', '--json');
    expect(ended.code).toBe(0);
    expect(documentOf(ended)).toMatchObject([{ name: JOB, namespace: 'default' }]);
    expect(ended.stderr).toContain('Stop it:    ingestor job delete ingest-churn-train --namespace default');
  });

  it('two configurations run side by side, each log line prefixed with the name of its Job', async () => {
    const both = gate();
    let running = 0;
    world.next({
      run: async ({ log }) => {
        if (++running === 2) both.open();
        await both.opened;
        log('done');
        return 0;
      },
    });
    const ended = await world.run(['submit', '--train', 'ingest.yaml', '--test', 'test.yaml', ...LOCAL]);
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split('\n').sort()).toEqual(['ingest-churn-test | done', 'ingest-churn-train | done']);

    world.kubernetes.reset();
    world.next({ run: () => 3 });
    const failed = await world.run([
      'submit',
      '--config',
      'test.yaml',
      '--config',
      'ingest.yaml',
      '--name',
      'mine',
      ...LOCAL,
    ]);
    expect(failed.code).toBe(3);
    expect(world.names('jobs').sort()).toEqual(['mine-test', 'mine-train']);
  });

  it('makes the config, the Secret it was told to and nothing else, and refuses a name in use', async () => {
    world.next({ run: () => 3 });
    const env = { DB_PASSWORD: 'p', BACKEND_TOKEN: 't', HOME_SWEET: 'x' };
    await world.run(['submit', '-c', 'ingest.yaml', '--create-secret-from-env'], env);
    const made = world.kubernetes.requests
      .filter(({ method }) => method === 'POST')
      .map(({ url }) => url.split('/').at(-1));
    expect(made.slice(-3)).toEqual(['jobs', 'secrets', 'configmaps']);
    const [secret] = world.kubernetes.list('secrets');
    expect(secret).toMatchObject({
      metadata: { name: JOB, ownerReferences: [{ kind: 'Job', name: JOB }] },
      data: { DB_PASSWORD: 'cA==', BACKEND_TOKEN: 'dA==' },
    });

    const before = world.kubernetes.requests.length;
    const again = await world.submit();
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(
      /Namespace default already has a Job ingest-churn-train: failed with exit code 3, created \d+ s ago\./,
    );
    expect(again.stderr).toContain('ingestor job delete ingest-churn-train --namespace default');
    expect(world.kubernetes.requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('leaves nothing behind where it may not make all of it', async () => {
    world.kubernetes.deny({ verb: 'create', resource: 'configmaps' });
    const ended = await world.submit('--json');
    expect(documentOf(ended)).toMatchObject({ error: { code: 'kubernetes-forbidden', exitCode: 1 } });
    expect(ended.stderr).toContain('You may not create configmaps in namespace default');
    expect(ended.stderr).toContain('kubectl auth can-i create configmaps --namespace default');
    await eventually('no Job', () => world.names('jobs').length === 0);
  });

  it.each(['secrets', 'configmaps'])('stopped while it makes %s, leaves nothing behind', async (resource) => {
    const args = ['submit', '-c', 'ingest.yaml', '--create-secret-from-env'];
    const running = world.start(args, { DB_PASSWORD: 'p', BACKEND_TOKEN: 't' });
    world.kubernetes.beforeCall = async (call) => {
      if (call !== `create ${resource}` || running.output.stderr.includes('Stopping')) return;
      running.kill('SIGTERM');
      await eventually('the signal is heeded', () => running.output.stderr.includes('Stopping on SIGTERM'));
    };
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('Stopping on SIGTERM: removing what was created.');
    expect(ended.stderr).toContain('Nothing was submitted: what was created is removed again.');
    await eventually(
      'nothing',
      () => ['jobs', 'secrets', 'configmaps'].flatMap((kind) => world.names(kind)).length === 0,
    );
  });

  it('stopped, names what cannot be removed, and how to do that', async () => {
    world.kubernetes.deny({ verb: 'delete', resource: 'jobs' });
    const running = world.start(['submit', '-c', 'ingest.yaml', ...LOCAL, '--json']);
    world.kubernetes.beforeCall = async (call) => {
      if (call !== 'create configmaps') return;
      running.kill('SIGINT');
      await eventually('the signal is heeded', () => running.output.stderr.includes('Stopping on SIGINT'));
    };
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(documentOf(ended)).toMatchObject({
      error: { code: 'job-incomplete', fix: [`Delete it: ingestor job delete ${JOB} --namespace default`] },
    });
  });

  it('stopped, waits eight seconds for an API server that does not answer, and says what may be left', async () => {
    const never = gate();
    const running = world.start(['submit', '-c', 'ingest.yaml', ...LOCAL, '--json']);
    world.kubernetes.beforeCall = async (call) => {
      if (call !== 'create configmaps') return;
      running.kill('SIGINT');
      await never.opened;
    };
    const ended = await running.ended;
    never.open();
    expect(ended.code).toBe(130);
    expect(documentOf(ended)).toMatchObject({
      error: { code: 'job-incomplete', fix: [`Delete it: ingestor job delete ${JOB} --namespace default`] },
    });
  });

  it('goes on with the Job whose answer was lost', async () => {
    world.kubernetes.beforeAnswer = (call) => {
      if (call === 'create jobs') world.kubernetes.cutConnections();
    };
    const ended = await world.submit();
    expect(ended).toMatchObject({ code: 0 });
    expect(world.names('configmaps')).toEqual([JOB]);
  });

  it('removes the first of two where the second is refused, and says so', async () => {
    const never = gate();
    world.next({ run: async () => (await never.opened, 0) });
    let made = 0;
    world.kubernetes.beforeCall = (call) => {
      if (call === 'create configmaps' && ++made === 1)
        world.kubernetes.deny({ verb: 'create', resource: 'configmaps' });
    };
    const args = ['submit', '--train', 'ingest.yaml', '--test', 'test.yaml', ...LOCAL];
    const ended = await world.run(args);
    never.open();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('You may not create configmaps in namespace default');
    expect(ended.stderr).toContain(`Job ${JOB}, which was created before, is removed again.`);
    await eventually('no Job', () => world.names('jobs').length === 0);
  });

  it('tells what the API server warns of', async () => {
    world.kubernetes.warning = 'would violate PodSecurity "restricted:latest"';
    const ended = await world.submit('--no-follow');
    world.kubernetes.warning = undefined;
    expect(ended.stderr).toContain('Warning: would violate PodSecurity "restricted:latest"');
  });
});

describe('job status, logs, wait and delete', () => {
  it('status lists Jobs, and shows one', async () => {
    expect((await world.run(['status'])).stdout).toBe('No Jobs of ingestor in namespace default.\n');
    world.next({ run: () => 3 });
    await world.submit();
    expect((await world.run(['status'])).stdout).toMatch(/^ingest-churn-train +failed +3 +1 +\d+ s$/m);
    const { stdout } = await world.run(['status', JOB]);
    expect(stdout).toMatch(
      /Job ingest-churn-train in namespace default failed .*: exit code 3, the data failed validation/,
    );
    expect(stdout).toMatch(/^ {2}pod {7}ingest-churn-train-\w+: Error \(exit code 3\), \d+ s old, on node-1$/m);
  });

  it('logs prints what there is, the last lines of it, or follows', async () => {
    const done = gate();
    world.next({ run: async ({ log }) => (log('one'), log('two'), await done.opened, log('three'), 3) });
    await world.submit('--no-follow');
    const running = world.start(['logs', JOB, '-f']);
    await eventually('two lines', () => running.output.stdout === 'one\ntwo\n');
    expect(await world.run(['logs', JOB])).toMatchObject({ code: 0, stdout: 'one\ntwo\n' });
    expect(await world.run(['logs', JOB, '--tail', '1'])).toMatchObject({ code: 0, stdout: 'two\n' });
    done.open();
    expect(await running.ended).toMatchObject({ code: 3, stdout: 'one\ntwo\nthree\n' });
  });

  it('wait ends with the run, or when its time is over', async () => {
    const done = gate();
    world.next({ run: async () => (await done.opened, 3) });
    await world.submit('--no-follow');
    const ended = await world.run(['wait', JOB, '--timeout', '2s', '--json']);
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'timeout' } });
    const running = world.start(['wait', JOB, '--json']);
    done.open();
    expect(documentOf(await running.ended)).toMatchObject({ phase: 'failed', exitCode: 3 });
    expect((await running.ended).code).toBe(3);
  });

  it('delete takes the Job, its pod, config and own Secret, waits for them, and leaves a Secret that was named', async () => {
    const stopped = gate();
    world.next({
      run: async ({ log, signal }) => {
        log('under way');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await stopped.opened;
        return 130;
      },
    });
    const env = { DB_PASSWORD: 'p', BACKEND_TOKEN: 't' };
    await world.run(['submit', '-c', 'ingest.yaml', '--create-secret-from-env', '--no-follow'], env);
    await eventually('a pod', () => world.names('pods').length === 1);
    expect((await world.run(['delete', JOB])).stderr).toContain('Confirm with --yes.');
    expect((await world.run(['delete', JOB])).code).toBe(2);

    const running = world.start(['delete', JOB, '--yes']);
    await eventually('the Secret is gone', () => world.names('secrets').length === 0);
    expect(world.names('jobs')).toEqual([JOB]);
    stopped.open();
    expect(await running.ended).toMatchObject({
      code: 0,
      stdout: `Deleted job/${JOB}, configmap/${JOB}, secret/${JOB} in namespace default.\n`,
    });
    expect([...world.names('pods'), ...world.names('configmaps')]).toEqual([]);
  });

  it.each(['status', 'logs', 'wait', 'delete'])('%s: no such Job', async (command) => {
    const ended = await world.run([command, 'gone', ...(command === 'delete' ? ['--yes'] : [])]);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('There is no Job gone in namespace default');
  });
});

describe('job render', () => {
  it('writes files that only their owner may read where they hold a Secret', async () => {
    const env = { DB_PASSWORD: 'p', BACKEND_TOKEN: 't' };
    const args = ['render', '--train', 'ingest.yaml', '--test', 'test.yaml'];
    expect((await world.run([...args, '--output', 'manifests'])).stdout).toBe(
      `manifests/${JOB}.yaml\nmanifests/ingest-churn-test.yaml\n`,
    );
    expect((await stat(join(world.folder, 'manifests', `${JOB}.yaml`))).mode & 0o777).toBe(0o644);
    await world.run([...args, '--output', 'secret', '--create-secret-from-env'], env);
    expect((await stat(join(world.folder, 'secret', `${JOB}.yaml`))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(world.folder, 'secret', `${JOB}.yaml`), 'utf8')).toContain('kind: Secret');
  });

  it.each([
    ['BACKEND_TOKEN_FILE', { DB_PASSWORD: 'p' }],
    ['DB_PASSWORD_FILE', { BACKEND_TOKEN: 't' }],
    ['CLIENT_PASSWORD_FILE', { DB_PASSWORD: 'p', CLIENT_ID: 'me' }],
  ])('does not look here for a file that the pod has: %s', async (name, env: Env) => {
    const value = '/var/run/secrets/ingestor/secret';
    for (const more of [[], ['--create-secret-from-env']]) {
      const ended = await world.run(['render', '-c', 'ingest.yaml', '--json', '-e', `${name}=${value}`, ...more], env);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      const job = documentOf<{ objects: (ConfigMap | Job)[] }>(ended).objects.at(-1) as Job;
      const [container] = job.spec!.template.spec!.containers;
      expect(container!.env).toContainEqual({ name, value });
      const password = container!.env!.find((variable) => variable.name === 'DB_PASSWORD');
      expect(password!.valueFrom!.secretKeyRef!.optional).toBe(name === 'DB_PASSWORD_FILE' ? true : undefined);
    }
  });

  it('passes on that a backend is called over http, which is refused otherwise', async () => {
    const args = ['render', '-c', 'ingest.yaml', '--json', '-e', 'BACKEND_URL=http://backend.tracebloc:8000'];
    const refused = await world.run(args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('BACKEND_ALLOW_HTTP=true');
    const { code, stdout } = await world.run([...args, '-e', 'BACKEND_ALLOW_HTTP=true']);
    expect({ code, passedOn: stdout.includes('"BACKEND_ALLOW_HTTP"') }).toEqual({ code: 0, passedOn: true });
  });

  it('takes the flags into the objects', async () => {
    const args = [
      '--image',
      'r.example/i:2',
      '--namespace',
      'team',
      '--claim',
      'other',
      '--secret',
      'keys',
      '--cpu',
      '3',
    ];
    const more = ['--memory', '5Gi', '--image-pull-secret', 'pull', '--name', 'x', '-e', 'NEW=a=b', '--overwrite'];
    const ended = await world.run(['render', '-c', 'ingest.yaml', '--json', ...args, ...more]);
    const { objects } = documentOf<{ objects: unknown[] }>(ended);
    const secretKeyRef = { name: 'keys', key: 'DB_PASSWORD' };
    expect(objects).toMatchObject([
      { kind: 'ConfigMap', metadata: { name: 'x', namespace: 'team' } },
      {
        kind: 'Job',
        metadata: { name: 'x', namespace: 'team' },
        spec: {
          template: {
            spec: {
              imagePullSecrets: [{ name: 'pull' }],
              containers: [
                {
                  image: 'r.example/i:2',
                  args: ['ingest', '--overwrite'],
                  resources: { requests: { cpu: '3', memory: '5Gi' }, limits: { cpu: '3', memory: '5Gi' } },
                  env: expect.arrayContaining([
                    { name: 'CLIENT_PVC', value: 'other' },
                    { name: 'NEW', value: 'a=b' },
                    { name: 'DB_PASSWORD', valueFrom: { secretKeyRef } },
                  ]),
                },
              ],
              volumes: expect.arrayContaining([{ name: 'shared', persistentVolumeClaim: { claimName: 'other' } }]),
            },
          },
        },
      },
    ]);
  });
});
