import { execFileSync } from 'node:child_process';
import { chmod, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UserPlugins } from '@tracebloc/ingestor-cli';
import { documentOf, lastLine } from '@tracebloc/ingestor-testing/command';
import { FOREIGN, FOREIGN_TASK, publishWithScripts, writeForeignPlugin, writePlugin } from './foreign.test-support.js';
import { NO_REGISTRY, Shop, type User } from './registry.test-support.js';
import type { PluginList } from '../services/plugins/list.js';

const TEXT = '@tracebloc/ingestor-plugin-text';
const JOB = '@tracebloc/ingestor-plugin-job';
const SAMPLE = 'samples/tickets/train.yaml';
const OURS = fileURLToPath(new URL(`../../../../plugins/text/${SAMPLE}`, import.meta.url));
/** The files are in the pod, so that the command does not look for them. */
const JOB_CONFIG = [
  'apiVersion: tracebloc.io/v1',
  'kind: IngestConfig',
  'category: text_classification',
  'table: tickets_train',
  'intent: train',
  'csv: /data/shared/labels.csv',
  'texts: /data/shared/texts',
  'label: label',
  '',
].join('\n');
/** `script` comes with util-linux, which every Debian has. */
const HAS_TERMINAL = hasScript();

let shop: Shop;
let user: User;

beforeAll(async () => {
  shop = await Shop.open('plugins/text', 'plugins/job');
  user = await shop.user();
});
afterAll(async () => {
  await user.leave();
  await shop.close();
});
/** Each test starts with the host alone. */
afterEach(() => rm(user.plugins, { recursive: true, force: true }));

function hasScript(): boolean {
  try {
    execFileSync('script', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function installedTasks(): Promise<string[]> {
  return documentOf<{ id: string }[]>(await user.ingestor(['tasks', '--json'])).map(({ id }) => id);
}

describe('a task whose plugin is missing', () => {
  it('is offered on a terminal and refused without one; it brings its sample, which is ingested, and the API has it', async () => {
    const refused = await user.ingestor(['ingest', '-c', OURS]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(
      `The task text_classification comes with the plugin ${TEXT}, which is not installed.`,
    );
    expect(refused.stderr).toContain('ingestor plugins install text\n');
    await (HAS_TERMINAL ? installOnTerminal() : user.ingestor(['plugins', 'install', 'text']));

    const sample = join(user.plugins, 'node_modules', TEXT, SAMPLE);
    const ended = await user.ingestor(['ingest', '-c', sample]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('✔ tickets_train is ingested and registered');
    expect(lastLine(ended)).toBe('All records processed successfully');

    const api = await user.node(`
      import { tasks, validate } from '@tracebloc/ingestor';
      const { valid } = await validate({ config: ${JSON.stringify(sample)} });
      console.log(JSON.stringify({ valid, tasks: (await tasks()).map(({ task, plugin }) => [task.id, plugin]) }));
    `);
    const tasks = ['sentence_pair_classification', 'text_classification', 'token_classification'];
    expect(documentOf(api)).toEqual({ valid: true, tasks: tasks.map((task) => [task, TEXT]) });

    expect(await user.ingestor(['plugins', 'uninstall', 'text'])).toMatchObject({ code: 0 });
    expect(await installedTasks()).toEqual([]);
  });
});

async function installOnTerminal(): Promise<void> {
  const refused = await user.onTerminal(['validate', '-c', OURS], 'n');
  expect(refused.code).toBe(2);
  expect(refused.stdout).toContain('Install it now?');
  expect(refused.stdout).toContain('ingestor plugins install text');
  const accepted = await user.onTerminal(['validate', '-c', OURS], 'y');
  expect(accepted.code).toBe(0);
  expect(accepted.stdout).toMatch(/Installed @tracebloc\/ingestor-plugin-text 0\.1\.0\.[^]*text_classification: valid/);
}

describe('the job commands', () => {
  it('are installed at their first use, beside the plugin of a task, and work then without being fetched again', async () => {
    const failed = await user.ingestor(['job', 'status', '--json'], { ...NO_REGISTRY, npm_config_cache: user.folder });
    expect(failed.code).not.toBe(0);
    expect(documentOf(failed)).toMatchObject({ error: { code: 'registry-unreachable' } });

    // The plugin of a task is installed without a question if the user has said so.
    const ended = await user.ingestor(['validate', '-c', OURS, '--json'], { INGESTOR_INSTALL_MISSING: 'true' });
    expect(ended).toMatchObject({ code: 0 });
    expect(documentOf(ended)).toMatchObject({ valid: true });
    expect(ended.stderr).toContain(`Installed ${TEXT} 0.1.0.`);

    const first = await user.ingestor(['job', '--help']);
    expect(first).toMatchObject({ code: 0, stderr: `Installing ${JOB}@0.1.0 for these commands …\n` });
    expect(first.stdout).toContain('job submit');
    const status = await user.ingestor(['job', 'status', '--json'], NO_REGISTRY);
    expect(documentOf(status)).toMatchObject({ error: { code: 'no-kubeconfig', exitCode: 2 } });
    expect(status.stderr).not.toContain('Installing');
    const listed = await user.ingestor(['plugins']);
    expect(listed.stdout).toMatch(/^job +0\.1\.0 +installed +the commands of ingestor job$/m);
    expect(listed.stdout).toMatch(/^text +0\.1\.0 +installed +sentence_pair_classification\n +text_classification$/m);
    const { available } = documentOf<PluginList>(await user.ingestor(['plugins', '--json']));
    expect(available.map(({ friendlyName }) => friendlyName)).not.toContain('job');

    // The Job's template comes with the package.
    await user.write('ingest.yaml', JOB_CONFIG);
    const rendered = await user.ingestor(['job', 'render', '-c', 'ingest.yaml']);
    expect(rendered).toMatchObject({ code: 0, stdout: expect.stringContaining('podFailurePolicy:') as unknown });
  });
});

describe('a plugin that was never part of this workspace', () => {
  /** The plugin has its own copy of the class of errors, which counts as the host's. */
  async function expectOwnErrorsWork(sample: string): Promise<void> {
    const refused = await user.ingestor(['validate', '-c', `${sample}/levelless.yaml`, '--json']);
    expect(refused.code).toBe(2);
    expect(documentOf(refused)).toMatchObject({ error: { code: 'no-level', fix: ['Add the column level.'] } });
  }

  it('is installed from a tarball and ingests its data', async () => {
    const folder = await writeForeignPlugin(user);
    const installed = await user.ingestor(['plugins', 'install', user.pack(folder), '--json']);
    expect(documentOf(installed)).toEqual({ name: FOREIGN, version: '3.1.4', tasks: [FOREIGN_TASK] });
    expect(await installedTasks()).toEqual([FOREIGN_TASK]);
    const samples = join(user.plugins, 'node_modules', FOREIGN, 'samples');
    const ended = await user.ingestor(['ingest', '-c', `${samples}/train.yaml`, '--json']);
    expect(ended).toMatchObject({ code: 0 });
    expect(documentOf(ended)).toMatchObject({ outcome: 'ingested', inserted: 3 });
    await expectOwnErrorsWork(samples);
  });

  it('is linked from its folder, and is reported when the folder is gone', async () => {
    const folder = await writeForeignPlugin(user);
    await user.npmIn(folder, 'install', '--no-audit', '--no-fund');
    expect(await user.ingestor(['plugins', 'link', folder])).toMatchObject({ code: 0 });
    await expectOwnErrorsWork(`${folder}/samples`);
    await rm(join(user.folder, folder), { recursive: true });
    const gone = await user.ingestor(['tasks']);
    expect(gone).toMatchObject({ code: 2, stdout: '' });
    expect(gone.stderr).toContain(`${FOREIGN} failed to load: ${join(user.folder, folder)} holds no plugin`);
  });
});

it('an install that fails says what to do, and leaves nothing', async () => {
  const ended = await user.ingestor(['plugins', 'install', 'telepathy', '--json']);
  expect(ended.code).toBe(2);
  expect(documentOf(ended)).toMatchObject({
    error: {
      code: 'plugin-not-found',
      message: expect.stringContaining('ingestor-plugin-telepathy') as unknown,
      fix: [expect.stringContaining('tabular, text'), expect.any(String)],
    },
  });
  expect(ended.stderr).not.toMatch(/npm (error|warn|notice)/i);
  const left = new UserPlugins(user.plugins);
  expect([await left.list(), await left.dependencies()]).toEqual([[], {}]);
});

it('a plugin that cannot be used is reported; what needs no task still runs', async () => {
  const newer = await writePlugin(user, 'ingestor-plugin-newer', '{ contract: 99, format: "newer", tasks: [] }');
  const thrower = await writePlugin(user, 'ingestor-plugin-thrower', '(() => { throw new Error("no luck") })()');
  const plugins = new UserPlugins(user.plugins);
  await plugins.prepare();
  for (const name of [newer, thrower]) await plugins.add({ name, type: 'link', root: join(user.folder, name) });
  const refused = await user.ingestor(['validate', '-c', OURS]);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/-newer 9\.9\.9 was built for plugin contract 99[^]*-thrower failed to load: no luck/);
  for (const args of [['--help'], ['plugins'], ['plugins', 'uninstall', newer]]) {
    expect(await user.ingestor(args)).toMatchObject({ code: 0 });
  }
});

describe('install scripts', () => {
  const USEFUL = '{ contract: 1, format: "scripted", tasks: [] }';

  it('do not run, by whichever way a plugin is installed, but for those that are allowed', async () => {
    const { name, release, ran } = await publishWithScripts(shop, user, 'ingestor-plugin-scripted', USEFUL);
    // Neither a setting of the user's nor one of the environment turns them on.
    await user.configureNpm('ignore-scripts=false');
    const env = { NPM_CONFIG_IGNORE_SCRIPTS: 'false', npm_config_registry: shop.registry.url };
    const installed = await user.ingestor(['plugins', 'install', name], env);
    expect(installed).toMatchObject({ code: 0, stdout: `Installed ${name} 1.0.0: no tasks\n` });
    expect(installed.stderr).toMatch(new RegExp(`^Installing ${name} …\n`));
    expect(installed.stderr).toContain(`--allow-scripts ${name} --allow-scripts ${name}-helper`);
    await release('1.0.1');
    expect(await user.ingestor(['plugins', 'update'], env)).toMatchObject({ code: 0 });
    const manifest = await readFile(join(user.plugins, 'node_modules', name, 'package.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ version: '1.0.1' });
    await rm(user.plugins, { recursive: true });
    const lock = { lockfileVersion: 3, packages: {} };
    await user.write(`${name}/package-lock.json`, JSON.stringify(lock));
    expect(await user.ingestor(['plugins', 'link', name], env)).toMatchObject({ code: 0 });
    expect(await ran()).toEqual([]);
    await rm(user.plugins, { recursive: true });

    const args = ['plugins', 'install', name, '--allow-scripts', `${name}-helper`, '--json'];
    const allowed = await user.ingestor(args, env);
    expect(documentOf(allowed)).toMatchObject({ name, scriptsNotRun: [name] });
    expect(await ran()).toEqual(['helper']);
  });

  it('nor does what a git repository brings along, which is never fetched', async () => {
    const ran = join(user.folder, 'ran-of-git');
    // npm would prepare the repository, and take the program for git from the .npmrc in it.
    const repository = join(user.folder, 'repository');
    const address = `git+file://${repository}`;
    const manifest = { name: 'repository', version: '1.0.0', scripts: { prepare: `touch ${ran}` } };
    await user.write('repository/package.json', JSON.stringify({ ...manifest, dependencies: { more: address } }));
    await user.write('repository/.npmrc', 'git=./evil.sh\nignore-scripts=false\n');
    await user.write('repository/evil.sh', `#!/bin/sh\ntouch ${ran}\nexit 1\n`);
    await chmod(join(repository, 'evil.sh'), 0o755);
    const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args], { stdio: 'ignore' });
    git('init');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.example', 'commit', '-m', 'All');

    // Neither a setting of the user's nor one of the environment allows it.
    await user.configureNpm('allow-git=all');
    const env = { NPM_CONFIG_ALLOW_GIT: 'all' };
    const name = await writePlugin(user, 'ingestor-plugin-gitted', USEFUL, { dependencies: { repository: address } });
    const refused = await user.ingestor(['plugins', 'install', user.pack(name), '--json'], env);
    expect(documentOf(refused)).toMatchObject({
      error: { code: 'git-refused', exitCode: 2, message: expect.stringContaining(address) as unknown },
    });
    const lock = { lockfileVersion: 3, packages: {} };
    await user.write(`${name}/package-lock.json`, JSON.stringify(lock));
    const linked = await user.ingestor(['plugins', 'link', name], env);
    expect(linked.code).not.toBe(0);
    await expect(stat(ran)).rejects.toThrow('ENOENT');
  });
});
