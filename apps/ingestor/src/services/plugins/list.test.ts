import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { settings } from '@oclif/core';
import { loadHost } from '../../plugins/host.js';
import { listPlugins } from './list.js';
import { ANSWERS, UserHost } from './plugins.test-support.js';

let user: UserHost;
beforeAll(async () => {
  settings.enableAutoTranspile = false;
  user = await UserHost.create();
});
afterAll(() => user.remove());
beforeEach(() => user.reset());

const list = async () => listPlugins(await loadHost(user.config.root));

it('lists the plugins beside the host, those of the user, and what is wrong with one', async () => {
  expect((await list()).installed).toEqual([]);

  user.placeBesideHost('@tracebloc/ingestor-plugin-text', ANSWERS.good('text_classification', 'other'));
  user.placeBesideHost('ingestor-plugin-broken', ANSWERS.broken);
  user.packPlugin('ingestor-plugin-linked', ANSWERS.good('mine'));
  const root = `${user.folder}/ingestor-plugin-linked`;
  await user.plugins.prepare();
  await user.plugins.add({ name: 'ingestor-plugin-linked', type: 'link', root });
  const { installed, available } = await list();
  const problem: unknown = expect.stringContaining('no luck');
  expect(installed).toMatchObject([
    { name: 'ingestor-plugin-broken', version: '9.9.9', origin: 'bundled', tasks: [], problem },
    { name: 'ingestor-plugin-linked', origin: 'linked', root, tasks: ['mine'] },
    { friendlyName: 'text', origin: 'bundled', tasks: ['other', 'text_classification'] },
  ]);
  expect(available).toContainEqual({
    name: '@tracebloc/ingestor-plugin-tabular',
    friendlyName: 'tabular',
    tasks: ['tabular_classification', 'tabular_regression'],
    tables: [],
    commands: [],
    install: 'ingestor plugins install tabular',
  });
  expect(available.map(({ friendlyName }) => friendlyName)).not.toContain('text');
});

it('one that was recorded and is gone is listed as such', async () => {
  await user.plugins.prepare();
  await user.plugins.add({ name: 'ingestor-plugin-gone', type: 'link', root: `${user.folder}/gone` });
  const { installed } = await list();
  const gone = installed.find(({ name }) => name === 'ingestor-plugin-gone');
  expect(gone).toMatchObject({ version: undefined, problem: expect.stringContaining('failed to load') as unknown });
});
