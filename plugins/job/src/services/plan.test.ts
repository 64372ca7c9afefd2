import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parser } from '@oclif/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { createAuthority } from '@tracebloc/ingestor-testing';
import { yamlOf, type ConfigFields } from '@tracebloc/ingestor-testing/command';
import { clusterFlags, jobFlags, jobSettings } from '../flags.js';
import type { Container } from './cluster.js';
import { listObjects, objectsYaml, writeObjects } from './objects.js';
import { planJobs, type JobPlan } from './plan.js';

/** What a configuration is resolved with; nothing here reads data. */
const TASK: TaskType = {
  id: 'tabular_classification',
  title: 'Tabular classification',
  summary: 'Predicts the class of a row.',
  dataFormat: 'tabular',
  label: { use: 'required', statePolicy: false },
  schema: 'required',
  missing: 'tokens',
  allowFeatureModification: true,
  fields: { type: 'object', properties: {}, required: [] },
  fileOptions: { type: 'object', properties: {}, required: [] },
  layout: { manifest: ['csv'], sidecars: [], description: 'One row a record.' },
  findings: [],
  async *records() {
    // No record is asked for.
  },
  metadata: () => ({}),
};
const CSV = '/data/shared/churn/customers.csv';
const LOCAL = ['-e', 'MYSQL_HOST=', '-e', 'CLIENT_ENV=local'];

let folder: string;
const config = (name: string, changes: ConfigFields = {}) =>
  writeFile(join(folder, name), yamlOf({ table: 'churn_train', csv: CSV, ...changes }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-plan-'));
  await config('ingest.yaml');
  await config('test.yaml', { table: 'churn_test', intent: 'test' });
  await config('same-table.yaml', { intent: 'test' });
  await config('bad.yaml', { intent: 'trian' });
  await config('relative.yaml', { csv: 'customers.csv' });
  await config('elsewhere.yaml', { csv: '/mnt/customers.csv' });
});
afterAll(() => rm(folder, { recursive: true }));

/** The variables that the test has set in this process. */
const set = new Set<string>();
afterEach(() => {
  for (const name of set) Reflect.deleteProperty(process.env, name);
});

/** Plans what the command line asks for, as `job submit` and `job render` do. Files are those of the test's folder. */
async function plan(args: readonly string[], env: Record<string, string> = {}): Promise<JobPlan[]> {
  for (const [name, value] of Object.entries(env)) {
    set.add(name);
    process.env[name] = value;
  }
  const located = args.map((arg) => (/\.(yaml|pem)$/.test(arg) ? join(folder, arg) : arg));
  const { flags } = await Parser.parse(located, { flags: { ...jobFlags, namespace: clusterFlags.namespace } });
  return planJobs(flags, jobSettings(flags), [TASK]);
}

function containerOf({ objects: { job } }: JobPlan): Container {
  return job.spec!.template.spec!.containers[0]!;
}

describe('wrong usage is refused:', () => {
  it.each([
    { args: [], says: 'No configuration is given.' },
    { args: ['-c', 'a.yaml', '--test', 'b.yaml'], says: '--config cannot be combined with --train or --test.' },
    { args: ['-c', 'a', '-c', 'b', '-c', 'c'], says: '--config is given 3 times.' },
    { args: ['-c', 'a.yaml', '-e', 'BACKEND_TOKEN=t0p'], says: '--env does not take BACKEND_TOKEN.' },
    { args: ['-c', 'a.yaml', '-e', 'LOG_LEVEL'], says: '--env takes NAME=value.' },
    { args: ['-c', 'a.yaml', '--name', 'My_Job'], says: '--name: `My_Job` is not a valid name in Kubernetes.' },
    { args: ['-c', 'a.yaml', '--memory', 'lots'], says: '--memory: `lots` is not a valid quantity.' },
    { args: ['-c', 'a.yaml', '--create-secret-from-env', '--secret', 'x'], says: 'cannot be combined' },
    { args: ['-c', 'a.yaml', '--shards', '2', '--env', 'MYSQL_HOST='], says: '--shards needs a database server' },
    { args: ['-c', 'a.yaml', '--env', 'INGESTOR_SHARDS=2'], says: '--env does not take INGESTOR_SHARDS.' },
    { args: ['-c', 'a.yaml', '--env', 'JOB_COMPLETION_INDEX=0'], says: '--env does not take JOB_COMPLETION_INDEX.' },
    { args: ['-c', 'ingest.yaml', '-c', 'ingest.yaml'], says: 'Both --config files have intent: train.' },
    { args: ['--train', 'test.yaml'], says: 'test.yaml has intent: test.' },
    { args: ['-c', 'ingest.yaml', '-c', 'same-table.yaml'], says: 'Both configurations have table: churn_train.' },
  ])('$args', async ({ args, says }) => {
    const error = await plan(args).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'wrong-usage', exitCode: 2, message: expect.stringContaining(says) });
    expect(JSON.stringify(error)).not.toContain('t0p');
  });

  it.each(['1', '1001'])('--shards %s', async (shards) => {
    await expect(plan(['-c', 'a.yaml', '--shards', shards])).rejects.toThrow('--shards');
  });
});

describe('a configuration that the pod would refuse is refused:', () => {
  const HTTP = ['-e', 'BACKEND_URL=http://backend.tracebloc:8000'];

  it.each([
    { args: ['-c', 'bad.yaml'], says: 'bad.yaml:5:9 intent' },
    { args: ['-c', 'gone.yaml'], says: 'does not exist' },
    { args: ['-c', 'relative.yaml'], says: 'relative.yaml csv: the path is relative to this file' },
    { args: ['-c', 'ingest.yaml', '-e', 'BATCH_SIZE=many'], says: 'BATCH_SIZE: "many"' },
    { args: ['-c', 'ingest.yaml', '--ca', 'gone.pem'], says: '--ca: the file does not exist' },
    {
      args: ['-c', 'ingest.yaml', '--create-secret-from-env'],
      env: { CLIENT_ID: 'me' },
      says: 'CLIENT_PASSWORD: is not set',
    },
    { args: ['-c', 'ingest.yaml', ...HTTP], says: 'BACKEND_ALLOW_HTTP=true' },
  ])('$args', async ({ args, env = {}, says }) => {
    const error = (await plan(args, env).catch((reason: unknown) => reason)) as { message: string; fix: string[] };
    expect(error).toMatchObject({ exitCode: 2 });
    expect([error.message, ...error.fix].join('\n')).toContain(says);
  });

  it('unless --env passes on that the backend is called over http', async () => {
    const [planned] = await plan(['-c', 'ingest.yaml', ...HTTP, '-e', 'BACKEND_ALLOW_HTTP=true']);
    expect(containerOf(planned!).env).toContainEqual({ name: 'BACKEND_ALLOW_HTTP', value: 'true' });
  });
});

describe('planJobs', () => {
  it('passes every flag on to the objects', async () => {
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
    const [planned] = await plan(['-c', 'ingest.yaml', ...args, ...more]);
    const secretKeyRef = { name: 'keys', key: 'DB_PASSWORD' };
    expect(listObjects(planned!.objects)).toMatchObject([
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

  it('plans a Job for training, then one for testing, with --name as the beginning of their names', async () => {
    const both = await plan(['-c', 'test.yaml', '-c', 'ingest.yaml', '--name', 'mine', ...LOCAL]);
    expect(both.map(({ name }) => name)).toEqual(['mine-train', 'mine-test']);
    const named = await plan(['--train', 'ingest.yaml', '--test', 'test.yaml', ...LOCAL]);
    expect(named.map(({ name }) => name)).toEqual(['ingest-churn-train', 'ingest-churn-test']);
  });

  it('brings the CAs of --ca into the pod', async () => {
    const { ca } = await createAuthority();
    await writeFile(join(folder, 'ca.pem'), `# ours\n${ca}`);
    const [planned] = await plan(['-c', 'ingest.yaml', '--ca', 'ca.pem']);
    const text = await readFile(join(folder, 'ingest.yaml'), 'utf8');
    expect(planned!.objects.configMap.data).toEqual({ 'ingest.yaml': text, 'ca.pem': ca.trim() });
    const container = containerOf(planned!);
    expect(container.env).toContainEqual({ name: 'INGESTOR_CA', value: '/etc/ingestor/ca.pem' });
    expect(container.volumeMounts).toContainEqual(expect.objectContaining({ mountPath: '/etc/ingestor' }));
  });

  it.each([
    ['BACKEND_TOKEN_FILE', { DB_PASSWORD: 'p' }],
    ['DB_PASSWORD_FILE', { BACKEND_TOKEN: 't' }],
    ['CLIENT_PASSWORD_FILE', { DB_PASSWORD: 'p', CLIENT_ID: 'me' }],
  ])('does not look on this machine for a file that the pod has: %s', async (name, env) => {
    const value = '/var/run/secrets/ingestor/secret';
    for (const more of [[], ['--create-secret-from-env']]) {
      const [planned] = await plan(['-c', 'ingest.yaml', '-e', `${name}=${value}`, ...more], env);
      const variables = containerOf(planned!).env!;
      expect(variables).toContainEqual({ name, value });
      const password = variables.find((variable) => variable.name === 'DB_PASSWORD');
      expect(password!.valueFrom!.secretKeyRef!.optional).toBe(name === 'DB_PASSWORD_FILE' ? true : undefined);
    }
  });

  it('puts credentials of this environment into the Secret alone', async () => {
    const env = { DB_PASSWORD: 'hidden-password', BACKEND_TOKEN: 'hidden-token', HOME_SWEET: 'x' };
    const [planned] = await plan(['-c', 'ingest.yaml', '--create-secret-from-env'], env);
    const { secret, ...others } = planned!.objects;
    const encoded = (text: string) => Buffer.from(text).toString('base64');
    expect(secret!.data).toEqual({ DB_PASSWORD: encoded('hidden-password'), BACKEND_TOKEN: encoded('hidden-token') });
    for (const text of ['hidden-password', 'hidden-token']) {
      expect(JSON.stringify(others)).not.toContain(text);
      expect(JSON.stringify(others)).not.toContain(encoded(text));
    }
  });

  it('warns of a path outside the shared volume', async () => {
    const [planned] = await plan(['-c', 'elsewhere.yaml']);
    expect(planned!.warnings).toEqual([
      'csv: /mnt/customers.csv is not on the shared volume, which the pod has at /data/shared.',
    ]);
  });
});

describe('writeObjects', () => {
  it('writes files that only their owner may read when they contain a Secret', async () => {
    const args = ['--train', 'ingest.yaml', '--test', 'test.yaml'];
    const plain = await writeObjects(join(folder, 'plain'), await plan([...args, ...LOCAL]));
    expect(plain).toEqual(['train', 'test'].map((intent) => join(folder, `plain/ingest-churn-${intent}.yaml`)));
    const plans = await plan([...args, '--create-secret-from-env'], { DB_PASSWORD: 'p', BACKEND_TOKEN: 't' });
    const [secret] = await writeObjects(join(folder, 'secret'), plans);
    const modeOf = async (file: string) => (await stat(file)).mode & 0o777;
    expect([await modeOf(plain[0]!), await modeOf(secret!)]).toEqual([0o644, 0o600]);
    const text = await readFile(secret!, 'utf8');
    expect(text).toBe(await objectsYaml(plans[0]!.objects));
    expect(text).toContain('kind: Secret');
  });

  it('refuses a folder that cannot be written to', async () => {
    const plans = await plan(['-c', 'ingest.yaml', ...LOCAL]);
    await expect(writeObjects(join(folder, 'ingest.yaml', 'x'), plans)).rejects.toMatchObject({
      code: 'output-unwritable',
      exitCode: 2,
    });
  });
});
