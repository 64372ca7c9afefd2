import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cluster } from './cluster.js';
import { JOB, TestCluster } from './cluster.test-support.js';
import { loadKubeConfig } from './kubeconfig.js';

let test: TestCluster;

beforeAll(async () => {
  test = await TestCluster.start();
});
afterEach(() => test.reset());
afterAll(() => test.stop());

interface KubeConfigFile {
  clusters: { cluster: Record<string, string> }[];
  users: { user: object }[];
}
const kubeconfig = () => JSON.parse(test.kubernetes.kubeconfig()) as KubeConfigFile;

describe('a call that fails says why:', () => {
  it.each<{ verb: 'create' | 'get' | 'list'; resource: string; call: (cluster: Cluster) => Promise<unknown> }>([
    { verb: 'create', resource: 'jobs', call: () => test.submit() },
    { verb: 'get', resource: 'jobs', call: (cluster) => cluster.findJob(JOB) },
    { verb: 'list', resource: 'jobs', call: (cluster) => cluster.listJobs() },
    { verb: 'list', resource: 'pods', call: () => test.run() },
  ])('may not $verb $resource', async ({ verb, resource, call }) => {
    test.kubernetes.deny({ verb, resource });
    await expect(call(test.cluster)).rejects.toMatchObject({
      code: 'kubernetes-forbidden',
      exitCode: 1,
      message: expect.stringContaining(`You may not ${verb} ${resource} in namespace default: ${resource}`),
    });
  });

  it('the credentials are not accepted', async () => {
    const cluster = await test.open(test.kubernetes.kubeconfig({ token: 'expired-token' }));
    const error = (await cluster.listJobs().catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: 'kubernetes-unauthorized', exitCode: 1 });
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('expired-token');
  });

  it('the namespace does not exist', async () => {
    const cluster = await test.open(kubeconfig(), { namespace: 'nowhere' });
    const { job } = (await test.plan({ namespace: 'nowhere' })).objects;
    await expect(cluster.createJob(job)).rejects.toMatchObject({
      code: 'unknown-namespace',
      exitCode: 1,
      fix: [expect.stringContaining('kubectl create namespace nowhere')],
    });
  });

  it('the certificate is not trusted', async () => {
    const config = kubeconfig();
    delete config.clusters[0]!.cluster['certificate-authority-data'];
    const cluster = await test.open(config);
    await expect(cluster.listJobs()).rejects.toMatchObject({ code: 'kubernetes-certificate' });
  });

  it('nothing listens at the address', async () => {
    await test.kubernetes.disconnect();
    const error: unknown = await test.cluster.listJobs().catch((reason: unknown) => reason);
    await test.kubernetes.reconnect();
    expect(error).toMatchObject({
      code: 'kubernetes-unreachable',
      exitCode: 1,
      message: `The API server ${test.kubernetes.url} cannot be reached: nothing listens there.`,
    });
  });

  it('the program for credentials is not installed', async () => {
    const config = kubeconfig();
    config.users[0]!.user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' } };
    const cluster = await test.open(config);
    await expect(cluster.listJobs()).rejects.toMatchObject({
      code: 'kubernetes-connection',
      message: expect.stringContaining('no-such-plugin'),
    });
  });
});

it('passes on the warnings of the API server', async () => {
  test.kubernetes.warning = 'would violate PodSecurity "restricted:latest"';
  const cluster = await test.open(kubeconfig());
  await cluster.listJobs();
  test.kubernetes.warning = undefined;
  expect(test.warnings).toEqual(['would violate PodSecurity "restricted:latest"']);
});

describe('a kubeconfig', () => {
  let folder: string;
  const inherited = process.env.KUBECONFIG;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ingestor-kubeconfig-'));
    await writeFile(join(folder, 'good'), test.kubernetes.kubeconfig());
    await writeFile(join(folder, 'bad'), 'a: [');
    await writeFile(join(folder, 'no-context'), JSON.stringify({ apiVersion: 'v1', kind: 'Config', contexts: [] }));
  });
  afterEach(() => {
    process.env.KUBECONFIG = inherited;
    if (inherited === undefined) delete process.env.KUBECONFIG;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['bad', 'gone', 'no-context'])('that cannot be used is refused: %s', async (name) => {
    await expect(loadKubeConfig({ kubeconfig: join(folder, name) })).rejects.toMatchObject({
      code: 'bad-kubeconfig',
      exitCode: 2,
    });
  });

  it('must contain the context', async () => {
    await expect(loadKubeConfig({ kubeconfig: join(folder, 'good'), context: 'mars' })).rejects.toMatchObject({
      message: 'The kubeconfig has no context mars.',
      fix: ['Choose one with --context. It has fake.'],
      exitCode: 2,
    });
  });

  it('is found through KUBECONFIG, whose files that do not exist are left out', async () => {
    process.env.KUBECONFIG = ['gone', 'good'].map((name) => join(folder, name)).join(delimiter);
    expect((await loadKubeConfig({})).getCurrentContext()).toBe('fake');
    process.env.KUBECONFIG = join(folder, 'gone');
    await expect(loadKubeConfig({})).rejects.toMatchObject({ code: 'no-kubeconfig', exitCode: 2 });
  });
});
