import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Config } from '@oclif/core';
import { UserPlugins } from '@tracebloc/ingestor-cli';
import { loadHost } from '../../plugins/host.js';
import { installPlugin } from './install.js';
import { ANSWERS, UserHost } from './plugins.test-support.js';

let user: UserHost;

beforeAll(async () => {
  user = await UserHost.create();
});
afterAll(() => user.remove());
beforeEach(() => user.reset());

const install = (wanted: string, allowScripts?: string[]) => installPlugin(user.config, wanted, allowScripts);

async function installed(): Promise<unknown> {
  return [await user.plugins.list(), await user.plugins.dependencies()];
}

const NOTHING = [[], {}];

describe('a plugin', () => {
  it('is installed from a tarball, which is not needed afterwards, and again without a change', async () => {
    const tarball = user.packPlugin('ingestor-plugin-good', ANSWERS.good('one', 'two'));
    const result = await install(tarball);
    expect(result).toEqual({ name: 'ingestor-plugin-good', version: '9.9.9', tasks: ['one', 'two'] });

    // npm must not confuse the paths where a link leads to the folder.
    const link = join(user.folder, 'link');
    await symlink(dirname(user.config.dataDir), link);
    process.env.XDG_DATA_HOME = link;
    const linked = await loadHost(user.config.root);
    process.env.XDG_DATA_HOME = dirname(user.config.dataDir);
    expect(linked.dataDir).toBe(join(link, 'ingestor'));
    expect(await installPlugin(linked, `file:${tarball}`)).toEqual(result);

    await rm(tarball);
    const other = await install(user.packPlugin('ingestor-plugin-other', ANSWERS.good('three')));
    expect(other.tasks).toEqual(['three']);
    expect((await user.plugins.list()).map(({ name }) => name)).toEqual(['ingestor-plugin-good', other.name]);
  });

  it('is installed beside one that cannot be used', async () => {
    user.placeBesideHost('ingestor-plugin-broken', ANSWERS.broken);
    const sound = await install(user.packPlugin('ingestor-plugin-sound', ANSWERS.good('four')));
    expect(sound.tasks).toEqual(['four']);
  });

  it('that was built for another contract is refused and removed', async () => {
    await expect(install(user.packPlugin('ingestor-plugin-newer', ANSWERS.newer))).rejects.toMatchObject({
      code: 'plugin-fault',
      exitCode: 2,
      message: expect.stringMatching(
        /-newer cannot be used and was removed again:[^]*-newer 9\.9\.9 was built for plugin contract 99; this ingestor has 1\./,
      ) as unknown,
    });
    expect(await installed()).toEqual(NOTHING);
  });
});

describe('an upgrade that fails', () => {
  it('leaves the version that was installed before, whose tarball is gone', async () => {
    const name = 'ingestor-plugin-upgraded';
    const first = user.packPlugin(name, ANSWERS.good('five'), { version: '1.0.0' });
    await install(first);
    const state = async () => ({
      installed: await installed(),
      hook: await readFile(join(user.config.dataDir, 'node_modules', name, 'hook-1.0.0.js'), 'utf8'),
      files: (await readdir(user.config.dataDir)).sort(),
    });
    const before = await state();
    await expect(install(first, ['nope'])).rejects.toMatchObject({
      code: 'wrong-usage',
      exitCode: 2,
      message: expect.stringContaining('the package nope is not installed') as unknown,
    });
    expect(await state()).toEqual(before);

    await rm(first);
    await expect(install(user.packPlugin(name, ANSWERS.broken, { version: '2.0.0' }))).rejects.toMatchObject({
      code: 'plugin-fault',
      exitCode: 2,
      message: expect.stringMatching(
        /upgraded 2\.0\.0 cannot be used; 1\.0\.0, which was installed before, is restored:[^]*no luck/,
      ) as unknown,
    });
    expect(await state()).toEqual(before);
  });
});

describe('what cannot be installed leaves nothing:', () => {
  it('a package that is not a plugin, whose allowed scripts do not run', async () => {
    const folder = join(user.folder, 'none');
    const ran = join(user.folder, 'ran');
    await mkdir(folder);
    const manifest = { name: 'none', version: '1.0.0', scripts: { postinstall: `touch ${ran}` } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    await expect(install(user.pack(folder), ['none'])).rejects.toMatchObject({
      code: 'plugin-fault',
      exitCode: 2,
      message: expect.stringMatching(/removed again:[^]*no section oclif/) as unknown,
      fix: expect.arrayContaining([expect.stringContaining('uninstall')]) as unknown,
    });
    expect(existsSync(ran)).toBe(false);
    expect(await installed()).toEqual(NOTHING);
  });

  it('a file that is not an archive', async () => {
    await writeFile(join(user.folder, 'bad.tgz'), 'no archive');
    await expect(install(join(user.folder, 'bad.tgz'))).rejects.toMatchObject({
      code: 'install-failed',
      exitCode: 1,
      message: expect.stringContaining('TAR_BAD_ARCHIVE') as unknown,
    });
    expect(await installed()).toEqual(NOTHING);
  });

  it('a package of a registry that cannot be reached', async () => {
    await expect(install('text')).rejects.toMatchObject({
      code: 'registry-unreachable',
      exitCode: 1,
      message: expect.stringContaining('ECONNREFUSED') as unknown,
      fix: [expect.any(String), expect.stringContaining('plugin.tgz')],
    });
    expect(await installed()).toEqual(NOTHING);
  });

  it('anything in a folder that cannot be written', async () => {
    // Below a file: root may write to any folder.
    const config = Object.create(user.config, { dataDir: { value: '/etc/passwd/ingestor' } }) as Config;
    await expect(installPlugin(config, 'text')).rejects.toMatchObject({
      code: 'plugins-not-writable',
      exitCode: 1,
      message: expect.stringContaining('/etc/passwd/ingestor') as unknown,
      fix: [expect.stringContaining('XDG_DATA_HOME'), expect.any(String)],
    });
    expect(await new UserPlugins(config.dataDir).list()).toEqual([]);
  });
});
