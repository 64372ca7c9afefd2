import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BASE } from './base.ts';
import type { Containers } from './containers.ts';

/** The name of the image in the manifests. */
export const IMAGE = 'docker.io/tracebloc/ingestor:0.1.0';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MIB = 2 ** 20;
const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;

interface Inspected {
  Size: number;
  User: string;
  Config: { Entrypoint: string[]; Cmd: string[] };
  Labels: Record<string, string>;
}

export async function buildImage(containers: Containers): Promise<void> {
  await containers.run(
    'buildah',
    [
      ...['build', '--isolation=chroot', '--pull-never', ...npmOfThisMachine(containers.folder)],
      ...['--build-arg', `TARGETARCH=${ARCH}`, '--file', 'deploy/Dockerfile', '--tag', IMAGE, '.'],
    ],
    { cwd: ROOT },
  );
}

/** Lets npm use the cache and the certificates of this machine, without leaving them in the image. */
function npmOfThisMachine(folder: string): string[] {
  const npm = (key: string) => execFileSync('npm', ['config', 'get', key], { cwd: folder, encoding: 'utf8' }).trim();
  const volumes = [`${npm('cache')}:/root/.npm`];
  const settings = [`registry=${npm('registry')}`];
  const cafile = process.env.NODE_EXTRA_CA_CERTS ?? npm('cafile');
  if (cafile !== 'null') {
    volumes.push(`${cafile}:/etc/npm-ca.pem:ro`);
    settings.push('cafile=/etc/npm-ca.pem');
  }
  writeFileSync(join(folder, 'npmrc'), `${settings.join('\n')}\n`);
  volumes.push(`${join(folder, 'npmrc')}:/usr/local/etc/npmrc:ro`);
  return volumes.flatMap((volume) => ['--volume', volume]);
}

/** Checks the size and the user of the image, and what runs in it as a user that /etc/passwd does not know. */
export async function checkImage(containers: Containers): Promise<void> {
  const { Size: size, User: user, Config: config, Labels: labels } = await inspect(containers, IMAGE);
  const { Size: base } = await inspect(containers, BASE);
  assert.ok(size < 400 * MIB, `the image has ${mib(size)}`);
  process.stdout.write(`  ${mib(size)}, of which the base ${mib(base)}\n`);
  assert.equal(user, '10001:0');
  assert.deepEqual([config.Entrypoint, config.Cmd], [['ingestor'], ['ingest']]);
  assert.equal(labels['org.opencontainers.image.version'], '0.1.0');

  const shown = await asStranger(containers, IMAGE, ['tasks', '--json']);
  const tasks = JSON.parse(shown) as { plugin: string }[];
  const plugins = new Set(tasks.map(({ plugin }) => plugin));
  assert.equal(plugins.size, 9, `the tasks of ${[...plugins].join(', ')}`);
  const text = await asStranger(containers, IMAGE, ['/opt/ingestor/sbom.cdx.json'], { entrypoint: 'cat' });
  const sbom = JSON.parse(text) as { components: { purl: string }[] };
  const names = sbom.components.map(({ purl }) => purl.split('@').slice(0, -1).join('@'));
  for (const name of ['pkg:npm/sharp', 'pkg:npm/%40tracebloc/ingestor-pipeline']) assert.ok(names.includes(name), name);
  assert.ok(!names.includes('pkg:npm/jest'), 'no package of development');
  assert.ok(!names.some((name) => /ingestor-plugin-job$|client-node$/.test(name)), 'no job commands');
}

/** Checks the build arguments without a second build: fewer formats, and the binaries of the other processor. */
export async function checkAssembly(containers: Containers, folder: string): Promise<void> {
  const target = join(folder, 'assembled');
  const env = { ...containers.env, TARGETARCH: 'arm64' };
  const assemble = (formats: string) =>
    containers.run('node', ['deploy/assemble.ts', target, formats], { cwd: ROOT, env });
  await assert.rejects(assemble('text,novel'), /There is no format novel\. Choose from: .*tabular/);
  await assemble('tabular,image-classification');
  assert.deepEqual(readdirSync(join(target, 'plugins')), ['image-classification', 'tabular']);
  const binaries = readdirSync(join(target, 'node_modules/@img')).filter((name) => name !== 'colour');
  assert.deepEqual(binaries, ['sharp-libvips-linux-arm64', 'sharp-linux-arm64']);
}

/** Runs the three lines of docs/deploy.md, with a plugin that has its own task. */
export async function extendImage(containers: Containers, folder: string): Promise<void> {
  const context = join(folder, 'extension');
  mkdirSync(join(context, 'plugin'), { recursive: true });
  const write = (name: string, content: string) => {
    writeFileSync(join(context, name), content);
  };
  const hooks = { 'ingestor:tasks': './hook.js' };
  write(
    'plugin/package.json',
    JSON.stringify({ name: 'ingestor-plugin-noise', version: '1.0.0', type: 'module', oclif: { hooks } }),
  );
  write(
    'plugin/hook.js',
    `export default async () => (${JSON.stringify({ contract: 1, format: 'noise', tasks: [] })});`,
  );
  execFileSync('npm', ['pack', '--silent', '--pack-destination', context], { cwd: join(context, 'plugin') });
  write(
    'Dockerfile',
    `FROM ${IMAGE}
COPY *.tgz /tmp/
RUN ingestor plugins install /tmp/ingestor-plugin-noise-1.0.0.tgz
`,
  );
  const tag = 'docker.io/acme/ingestor:1';
  await containers.buildah('build', '--isolation=chroot', '--pull-never', '--tag', tag, context);
  const shown = await asStranger(containers, tag, ['plugins', '--json']);
  const { installed } = JSON.parse(shown) as { installed: { name: string }[] };
  assert.ok(
    installed.some(({ name }) => name === 'ingestor-plugin-noise'),
    'the plugin is installed',
  );
}

/** Runs the image read-only and without capabilities, as a user that has a number but no name. Returns the output. */
function asStranger(
  containers: Containers,
  image: string,
  args: readonly string[],
  options: { entrypoint?: string } = {},
): Promise<string> {
  const entrypoint = options.entrypoint ? ['--entrypoint', options.entrypoint] : [];
  const hardened = [
    '--rm',
    '--read-only',
    '--cap-drop=ALL',
    '--network=host',
    '--user=1000680000:0',
    '--env=CLIENT_ENV=local',
  ];
  return containers.podman('run', ...hardened, ...entrypoint, image, ...args);
}

async function inspect(containers: Containers, image: string): Promise<Inspected> {
  const [inspected] = JSON.parse(await containers.podman('image', 'inspect', image)) as [Inspected];
  return inspected;
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
