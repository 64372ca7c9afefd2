import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BASE } from './base.mjs';

/** As the manifests call it. */
export const IMAGE = 'docker.io/tracebloc/ingestor:0.1.0';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MIB = 2 ** 20;
const ARCH = { x64: 'amd64', arm64: 'arm64' }[process.arch];

export async function buildImage(containers) {
  await containers.run(
    'buildah',
    [
      ...['build', '--isolation=chroot', '--pull-never', ...npmOfThisMachine(containers.folder)],
      ...['--build-arg', `TARGETARCH=${ARCH}`, '--file', 'deploy/Dockerfile', '--tag', IMAGE, '.'],
    ],
    { cwd: ROOT },
  );
}

/** Lets npm use this machine's cache and trust what it trusts, without a trace of that in the image. */
function npmOfThisMachine(folder) {
  const npm = (key) => execFileSync('npm', ['config', 'get', key], { cwd: folder, encoding: 'utf8' }).trim();
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

/** Its size, its user, and what runs in it as a user that /etc/passwd does not know. */
export async function checkImage(containers) {
  const [{ Size: size, User: user, Config: config, Labels: labels }] = await inspect(containers, IMAGE);
  const [{ Size: base }] = await inspect(containers, BASE);
  assert.ok(size < 400 * MIB, `the image has ${mib(size)}`);
  process.stdout.write(`  ${mib(size)}, of which the base ${mib(base)}\n`);
  assert.equal(user, '10001:0');
  assert.deepEqual([config.Entrypoint, config.Cmd], [['ingestor'], ['ingest']]);
  assert.equal(labels['org.opencontainers.image.version'], '0.1.0');

  const tasks = JSON.parse(await asStranger(containers, IMAGE, 'tasks', '--json'));
  const plugins = new Set((tasks.tasks ?? tasks).map(({ plugin }) => plugin));
  assert.equal(plugins.size, 6, `the tasks of ${[...plugins].join(', ')}`);
  const sbom = JSON.parse(await asStranger(containers, IMAGE, { entrypoint: 'cat' }, '/opt/ingestor/sbom.cdx.json'));
  const names = sbom.components.map(({ purl }) => purl.split('@').slice(0, -1).join('@'));
  for (const name of ['pkg:npm/sharp', 'pkg:npm/%40tracebloc/ingestor-pipeline']) assert.ok(names.includes(name), name);
  assert.ok(!names.includes('pkg:npm/jest'), 'no package of development');
  assert.ok(!names.some((name) => /ingestor-plugin-job$|client-node$/.test(name)), 'no job commands');
}

/** The build arguments, without a second build: fewer formats, and the other processor's binaries. */
export async function checkAssembly(containers, folder) {
  const [target, env] = [join(folder, 'assembled'), { ...containers.env, TARGETARCH: 'arm64' }];
  const assemble = (formats) => containers.run('node', ['deploy/assemble.mjs', target, formats], { cwd: ROOT, env });
  await assert.rejects(assemble('text,novel'), /There is no format novel\. Choose from: .*tabular/);
  await assemble('tabular,image-classification');
  assert.deepEqual(readdirSync(join(target, 'plugins')), ['image-classification', 'tabular']);
  const binaries = readdirSync(join(target, 'node_modules/@img')).filter((name) => name !== 'colour');
  assert.deepEqual(binaries, ['sharp-libvips-linux-arm64', 'sharp-linux-arm64']);
}

/** The three lines of docs/deploy.md, with a plugin that brings a task of its own. */
export async function extendImage(containers, folder) {
  const context = join(folder, 'extension');
  mkdirSync(join(context, 'plugin'), { recursive: true });
  const write = (name, text) => writeFileSync(join(context, name), text);
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
  const plugins = JSON.parse(await asStranger(containers, tag, 'plugins', '--json'));
  assert.ok(
    plugins.some(({ name }) => name === 'ingestor-plugin-noise'),
    'the plugin is installed',
  );
}

/** Runs it read-only, without capabilities, as a user that only its number tells; returns its output. */
function asStranger(containers, image, ...args) {
  const options = typeof args[0] === 'object' ? args.shift() : {};
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

async function inspect(containers, image) {
  return JSON.parse(await containers.podman('image', 'inspect', image));
}

function mib(bytes) {
  return `${Math.round(bytes / MIB)} MiB`;
}
