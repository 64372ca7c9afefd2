import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UserPlugins } from '@tracebloc/ingestor-cli';
import type { InstalledPlugin } from '../services/plugins/install.js';
import { documentOf, lastLine, type Env } from '@tracebloc/ingestor-testing/command';
import { FOREIGN, FOREIGN_TASK, writeForeignPlugin, writePlugin } from './foreign.test-support.js';
import { Shop, type User } from './registry.test-support.js';

const TEXT = '@tracebloc/ingestor-plugin-text';
const SAMPLE = 'samples/tickets/train.yaml';
const OURS = fileURLToPath(new URL(`../../../../plugins/text/${SAMPLE}`, import.meta.url));
/** The files of a pod, which are not looked for here. */
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
  shop = await Shop.open();
  user = await shop.user();
}, 180_000);
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

describe('the job commands', () => {
  const JOB = '@tracebloc/ingestor-plugin-job';

  it('are installed at their first use, and work then without being fetched again', async () => {
    expect((await user.ingestor(['plugins'])).stdout).toContain('job 0.1.0');
    const first = await user.ingestor(['job', '--help']);
    expect(first).toMatchObject({ code: 0, stderr: `Installing ${JOB}@0.1.0 for these commands …\n` });
    expect(first.stdout).toContain('job submit');
    const status = await user.ingestor(['job', 'status', '--json'], { npm_config_registry: 'http://127.0.0.1:1' });
    expect(documentOf(status)).toMatchObject({ error: { code: 'no-kubeconfig', exitCode: 2 } });
    expect(status.stderr).not.toContain('Installing');
    const listed = await user.ingestor(['plugins']);
    expect(listed.stdout).toMatch(/^job 0\.1\.0/m);
    expect(listed.stdout).not.toContain('Uninstalled');

    // The Job's template comes with the package.
    await user.write('ingest.yaml', JOB_CONFIG);
    await user.ingestor(['plugins', 'install', 'text']);
    const rendered = await user.ingestor(['job', 'render', '-c', 'ingest.yaml']);
    expect(rendered).toMatchObject({ code: 0, stdout: expect.stringContaining('podFailurePolicy:') });
  });

  it('are told with the reason when they cannot be installed', async () => {
    const ended = await user.ingestor(['job', 'status', '--json'], {
      npm_config_registry: 'http://127.0.0.1:1',
      npm_config_fetch_retries: '0',
      npm_config_cache: user.folder,
    });
    expect(ended.code).not.toBe(0);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'registry-unreachable' } });
  });
});

describe('a task whose plugin is missing', () => {
  it('is told with the command that installs it, where there is no terminal', async () => {
    const ended = await user.ingestor(['ingest', '-c', OURS]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(
      `The task text_classification comes with the plugin ${TEXT}, which is not installed.`,
    );
    expect(ended.stderr).toContain('ingestor plugins install text\n');
    const told = await user.ingestor(['tasks', 'text_classification', '--json']);
    expect(documentOf(told)).toMatchObject({ error: { code: 'plugin-missing', exitCode: 2 } });
    expect(await installedTasks()).toEqual([]);
  });

  it('is installed by that command, and its sample, which comes with it, is ingested', async () => {
    const installed = await user.ingestor(['plugins', 'install', 'text']);
    expect(installed).toMatchObject({ code: 0, stdout: `Installed ${TEXT} 0.1.0: text_classification\n` });
    expect(installed.stderr).toBe('Installing text …\n');

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
    expect(documentOf(api)).toEqual({ valid: true, tasks: [['text_classification', TEXT]] });

    expect(await user.ingestor(['plugins', 'uninstall', 'text'])).toMatchObject({ code: 0 });
    expect(await installedTasks()).toEqual([]);
  });

  it('is installed without a question with --install-missing, and the command goes on', async () => {
    const ended = await user.ingestor(['validate', '-c', OURS, '--install-missing', '--json']);
    expect(ended).toMatchObject({ code: 0 });
    expect(documentOf(ended)).toMatchObject({ valid: true });
    expect(ended.stderr).toContain(`Installed ${TEXT} 0.1.0.`);
    const again = await user.ingestor(['validate', '-c', OURS], { INGESTOR_INSTALL_MISSING: 'true' });
    expect(again.stderr).not.toContain('Install');
  });

  // Without `script` there is no terminal to be had.
  (HAS_TERMINAL ? it : it.skip)('is offered on a terminal, and the command goes on after a yes', async () => {
    const refused = await user.onTerminal(['validate', '-c', OURS], 'n');
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain('Install it now?');
    expect(refused.stdout).toContain('ingestor plugins install text');
    expect(await installedTasks()).toEqual([]);

    const accepted = await user.onTerminal(['validate', '-c', OURS], 'y');
    expect(accepted.code).toBe(0);
    expect(accepted.stdout).toMatch(
      /Installed @tracebloc\/ingestor-plugin-text 0\.1\.0\.[^]*text_classification: valid/,
    );
  });

  it('is told with what is installed and how to install, where no known plugin has it', async () => {
    const ended = await user.ingestor(['tasks', FOREIGN_TASK]);
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toContain('Installed are: none.');
    expect(ended.stderr).toContain('ingestor plugins install <package or tarball>');
  });
});

describe('a plugin that was never part of this workspace', () => {
  async function expectItWorks(sample: string, table: string): Promise<void> {
    expect(await installedTasks()).toEqual([FOREIGN_TASK]);
    const ended = await user.ingestor(['ingest', '-c', `${sample}/train.yaml`, '--table', table, '--json']);
    expect(ended).toMatchObject({ code: 0 });
    expect(documentOf(ended)).toMatchObject({ outcome: 'ingested', inserted: 3 });

    // Its own copy of the contract's error class counts as the host's.
    const refused = await user.ingestor(['validate', '-c', `${sample}/levelless.yaml`, '--json']);
    expect(refused.code).toBe(2);
    expect(documentOf(refused)).toMatchObject({ error: { code: 'no-level', fix: ['Add the column level.'] } });
  }

  it('is installed from a tarball and ingests its data', async () => {
    const folder = await writeForeignPlugin(user);
    await user.npm('pack', `./${folder}`);
    const installed = await user.ingestor(['plugins', 'install', `./${FOREIGN}-3.1.4.tgz`, '--json']);
    expect(documentOf<InstalledPlugin>(installed)).toEqual({ name: FOREIGN, version: '3.1.4', tasks: [FOREIGN_TASK] });
    await expectItWorks(join(user.plugins, 'node_modules', FOREIGN, 'samples'), 'from_tarball');

    // The same file again changes nothing and ends well, also where a link leads to the plugins.
    const link = join(user.folder, 'data');
    await symlink(dirname(user.plugins), link);
    const again = await user.ingestor(['plugins', 'install', `file:${FOREIGN}-3.1.4.tgz`, '--json'], {
      XDG_DATA_HOME: link,
    });
    expect(documentOf(again)).toEqual(documentOf(installed));
    // Nor is the file needed any more.
    await rm(join(user.folder, `${FOREIGN}-3.1.4.tgz`));
    expect(await user.ingestor(['plugins', 'install', 'text'])).toMatchObject({ code: 0 });
    expect(await user.ingestor(['plugins', 'uninstall', FOREIGN])).toMatchObject({ code: 0 });
    expect(await installedTasks()).toEqual(['text_classification']);
  });

  it('is linked from its folder and ingests its data', async () => {
    const folder = await writeForeignPlugin(user);
    await user.npmIn(folder, 'install', '--no-audit', '--no-fund');
    expect(await user.ingestor(['plugins', 'link', folder])).toMatchObject({ code: 0 });
    await expectItWorks(`${folder}/samples`, 'from_link');
    await rm(join(user.folder, folder), { recursive: true });
    const gone = await user.ingestor(['tasks']);
    expect(gone).toMatchObject({ code: 2, stdout: '' });
    expect(gone.stderr).toContain(`${FOREIGN} failed to load: ${join(user.folder, folder)} holds no plugin`);
    expect(await user.ingestor(['plugins', 'uninstall', FOREIGN])).toMatchObject({ code: 0 });
  });
});

describe('an install that fails says what to do, and leaves nothing', () => {
  const NOWHERE = { npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' };
  const CASES: { wanted: string; env?: Env; exit: number; code: string; message: RegExp; fix: RegExp }[] = [
    {
      wanted: 'telepathy',
      exit: 2,
      code: 'plugin-not-found',
      message: /ingestor-plugin-telepathy/,
      fix: /tabular, text/,
    },
    { wanted: 'text@77', exit: 2, code: 'plugin-not-found', message: /text@77/, fix: /Correct the name/ },
    {
      wanted: 'text',
      env: NOWHERE,
      exit: 1,
      code: 'registry-unreachable',
      message: /ECONNREFUSED/,
      fix: /plugin\.tgz/,
    },
    {
      wanted: 'text',
      // Below a file: root may write to any folder.
      env: { XDG_DATA_HOME: '/etc/passwd' },
      exit: 1,
      code: 'plugins-not-writable',
      message: /\/etc\/passwd\/ingestor/,
      fix: /XDG_DATA_HOME/,
    },
    { wanted: './gone.tgz', exit: 2, code: 'plugin-not-installable', message: /no file .*gone\.tgz/, fix: /tarball/ },
    { wanted: './storage', exit: 2, code: 'plugin-not-installable', message: /is a folder/, fix: /plugins link / },
    { wanted: 'a b', exit: 2, code: 'plugin-not-installable', message: /a b is no package/, fix: /Name a format/ },
    { wanted: './package.tgz', exit: 1, code: 'install-failed', message: /TAR_BAD_ARCHIVE/, fix: /npm/ },
    {
      wanted: '@tracebloc/ingestor-contract',
      exit: 2,
      code: 'plugin-fault',
      message: /removed again[^]*no plugin/,
      fix: /uninstall/,
    },
  ];

  it.each(CASES)('$wanted: $code', async ({ wanted, env, exit, code, message, fix }) => {
    await user.write('package.tgz', 'no archive');
    const ended = await user.ingestor(['plugins', 'install', wanted, '--json'], env);
    const { error } = documentOf<{ error: { code: string; message: string; fix: string[] } }>(ended);
    expect({ exit: ended.code, code: error.code }).toEqual({ exit, code });
    expect(error.message).toMatch(message);
    expect(error.fix.join('\n')).toMatch(fix);
    expect(ended.stderr).not.toMatch(/npm (error|warn|notice)/i);
    const left = new UserPlugins(user.plugins);
    expect([await left.list(), await left.dependencies()]).toEqual([[], {}]);
  });
});

describe('a plugin that cannot be used', () => {
  const NEWER = '{ contract: 99, format: "newer", tasks: [] }';

  it('is refused by the install, and told of where it was linked; what needs no task still runs', async () => {
    const newer = await writePlugin(user, 'ingestor-plugin-newer', NEWER);
    await user.npm('pack', `./${newer}`);
    const installed = await user.ingestor(['plugins', 'install', `./${newer}-9.9.9.tgz`]);
    expect(installed).toMatchObject({ code: 2, stdout: '' });
    expect(installed.stderr).toContain(`${newer} 9.9.9 was built for plugin contract 99; this ingestor has 1.`);
    expect(await installedTasks()).toEqual([]);

    const thrower = await writePlugin(user, 'ingestor-plugin-thrower', '(() => { throw new Error("no luck") })()');
    for (const folder of [newer, thrower]) await user.ingestor(['plugins', 'link', folder, '--no-install']);
    const told = await user.ingestor(['validate', '-c', OURS]);
    expect(told).toMatchObject({ code: 2, stdout: '' });
    expect(told.stderr).toMatch(/-newer 9\.9\.9 was built for plugin contract 99[^]*-thrower failed to load: no luck/);

    for (const args of [['--help'], ['--version'], ['plugins'], ['plugins', 'uninstall', newer]]) {
      expect(await user.ingestor(args)).toMatchObject({ code: 0 });
    }
    // A plugin in order is installed beside one that is not.
    expect(await user.ingestor(['plugins', 'install', 'tabular'])).toMatchObject({ code: 0 });
    expect(await user.ingestor(['plugins', 'uninstall', thrower])).toMatchObject({ code: 0 });
    expect(await installedTasks()).toEqual(['tabular_classification', 'tabular_regression']);
  });
});

describe('an upgrade that fails', () => {
  it('leaves the version that was installed before, whose tarball is gone', async () => {
    const name = 'ingestor-plugin-good';
    const pack = async (version: string, answer: string) => {
      await writePlugin(user, name, answer, { version });
      await user.npm('pack', `./${name}`);
      return `./${name}-${version}.tgz`;
    };
    const first = await pack('1.0.0', '{ contract: 1, format: "good", tasks: [] }');
    const second = await pack('2.0.0', '(() => { throw new Error("no luck") })()');
    const installed = new UserPlugins(user.plugins);
    const state = async () => ({
      plugins: await installed.list(),
      dependencies: await installed.dependencies(),
      hook: await readFile(join(user.plugins, 'node_modules', name, 'hook.js'), 'utf8'),
      files: (await readdir(user.plugins)).sort(),
    });
    expect(await user.ingestor(['plugins', 'install', first])).toMatchObject({ code: 0 });
    const before = await state();

    const misspelt = await user.ingestor(['plugins', 'install', first, '--allow-scripts', 'nope']);
    expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringContaining('no package nope is among') });
    expect(await state()).toEqual(before);
    await rm(join(user.folder, first));
    const failed = await user.ingestor(['plugins', 'install', second]);
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('no luck') });
    expect(failed.stderr).toContain(`${name} 2.0.0 cannot be used; 1.0.0, which was installed before, is there again:`);
    expect(await state()).toEqual(before);
    expect((await user.ingestor(['plugins'])).stdout).toContain(`${name} 1.0.0`);
  });
});

describe('install scripts', () => {
  const USEFUL = '{ contract: 1, format: "scripted", tasks: [] }';

  /** A plugin that depends on a package; each has a script that writes down that it ran. The registry has both. */
  async function publish(
    name: string,
    answer: string,
  ): Promise<{ name: string; release: (version: string) => Promise<void>; ran: () => Promise<string[]> }> {
    const told = join(user.folder, `told-${name}`);
    await mkdir(told, { recursive: true });
    const scripts = (of: string) => ({ postinstall: `touch ${join(told, of)}` });
    const helper = `${name}-helper`;
    await user.write(
      `${helper}/package.json`,
      JSON.stringify({ name: helper, version: '1.0.0', scripts: scripts('helper') }),
    );
    await shop.registry.publish(join(user.folder, helper));
    const more = { scripts: scripts('plugin'), dependencies: { [helper]: '1.0.0' } };
    const release = async (version: string) => {
      await shop.registry.publish(join(user.folder, await writePlugin(user, name, answer, { ...more, version })));
    };
    await release('1.0.0');
    return { name, release, ran: async () => (await readdir(told)).sort() };
  }

  it('do not run, by whichever way a plugin is installed, but for those that are allowed', async () => {
    const { name, release, ran } = await publish('ingestor-plugin-scripted', USEFUL);
    // Neither a setting of the user's nor one of the environment turns them on.
    await user.write('.npmrc', 'ignore-scripts=false\n');
    const env = { NPM_CONFIG_IGNORE_SCRIPTS: 'false' };
    const installed = await user.ingestor(['plugins', 'install', name], env);
    expect(installed).toMatchObject({ code: 0 });
    expect(installed.stderr).toContain(`--allow-scripts ${name} --allow-scripts ${name}-helper`);
    await release('1.0.1');
    expect(await user.ingestor(['plugins', 'update'], env)).toMatchObject({ code: 0 });
    expect((await user.ingestor(['plugins'])).stdout).toContain(`${name} 1.0.1`);
    expect(await user.ingestor(['plugins', 'uninstall', name], env)).toMatchObject({ code: 0 });
    const lock = { lockfileVersion: 3, packages: {} };
    await user.write(`${name}/package-lock.json`, JSON.stringify(lock));
    expect(await user.ingestor(['plugins', 'link', name], env)).toMatchObject({ code: 0 });
    expect(await user.ingestor(['plugins', 'uninstall', name], env)).toMatchObject({ code: 0 });
    expect(await ran()).toEqual([]);

    const args = ['plugins', 'install', name, '--allow-scripts', `${name}-helper`, '--json'];
    const allowed = await user.ingestor(args, env);
    expect(documentOf(allowed)).toMatchObject({ name, scriptsNotRun: [name] });
    expect(await ran()).toEqual(['helper']);
  });

  it('nor does what a git repository brings along, which is never fetched', async () => {
    const told = join(user.folder, 'told-of-git');
    // npm would prepare the repository, and take the program for git from the .npmrc in it.
    const repository = join(user.folder, 'repository');
    const address = `git+file://${repository}`;
    const manifest = { name: 'repository', version: '1.0.0', scripts: { prepare: `touch ${told}` } };
    await user.write('repository/package.json', JSON.stringify({ ...manifest, dependencies: { more: address } }));
    await user.write('repository/.npmrc', 'git=./evil.sh\nignore-scripts=false\n');
    await user.write('repository/evil.sh', `#!/bin/sh\ntouch ${told}\nexit 1\n`);
    await chmod(join(repository, 'evil.sh'), 0o755);
    const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args], { stdio: 'ignore' });
    git('init');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.example', 'commit', '-m', 'All');

    // Neither a setting of the user's nor one of the environment allows it.
    await user.write('.npmrc', 'allow-git=all\n');
    const env = { NPM_CONFIG_ALLOW_GIT: 'all' };
    const name = await writePlugin(user, 'ingestor-plugin-gitted', USEFUL, { dependencies: { repository: address } });
    await user.npm('pack', `./${name}`);
    const refused = await user.ingestor(['plugins', 'install', `./${name}-9.9.9.tgz`, '--json'], env);
    expect(documentOf(refused)).toMatchObject({
      error: { code: 'git-refused', exitCode: 2, message: expect.stringContaining(address) },
    });
    const lock = { lockfileVersion: 3, packages: {} };
    await user.write(`${name}/package-lock.json`, JSON.stringify(lock));
    const linked = await user.ingestor(['plugins', 'link', name], env);
    expect(linked.code).not.toBe(0);
    await expect(stat(told)).rejects.toThrow('ENOENT');
  });

  it('do not run of a package that turns out to be no plugin, nor of one that is not there', async () => {
    const told = join(user.folder, 'told-of-none');
    const none = { name: 'ingestor-plugin-none', version: '1.0.0', scripts: { postinstall: `touch ${told}` } };
    await user.write('none/package.json', JSON.stringify(none));
    await shop.registry.publish(join(user.folder, 'none'));
    const refused = await user.ingestor(['plugins', 'install', none.name, '--allow-scripts', none.name]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is no plugin') });
    const wrong = await user.ingestor(['plugins', 'install', 'text', '--allow-scripts', 'left-pad']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('no package left-pad is among') });
    await expect(stat(told)).rejects.toThrow('ENOENT');
    const left = new UserPlugins(user.plugins);
    expect([await left.list(), await left.dependencies()]).toEqual([[], {}]);
  });
});
