import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type InstalledTask, MissingPluginError } from '@tracebloc/ingestor-cli';
import { loadHost } from '../../plugins/host.js';
import { withTasks } from './offer.js';
import { ANSWERS, UserHost } from './plugins.test-support.js';

let user: UserHost;
let shown: string[];
let asked: string[];

beforeAll(async () => {
  user = await UserHost.create();
});
afterAll(() => user.remove());
beforeEach(() => {
  shown = [];
  asked = [];
});

/** Stands for a command that needs the task, which comes with the plugin. */
const needing = (id: string, plugin: string) => async (tasks: readonly InstalledTask[]) => {
  const ids = tasks.map(({ task }) => task.id);
  if (!ids.includes(id)) throw new MissingPluginError({ kind: 'task', id }, plugin);
  return ids;
};

/** Installs a plugin with these tasks without npm. */
const installing =
  (...ids: string[]) =>
  async (_config: unknown, plugin: string) => {
    asked.push(plugin);
    user.placeBesideHost(plugin, ANSWERS.good(...ids));
    return { name: plugin, version: '9.9.9', tasks: ids };
  };

const offer = (installMissing: boolean) => ({ installMissing, tell: (text: string) => void shown.push(text) });

describe('the plugin of a task that is missing', () => {
  it('is not installed without a terminal to ask on, and the error names it', async () => {
    const work = needing('one', 'ingestor-plugin-one');
    await expect(withTasks(await loadHost(user.config.root), offer(false), work, installing('one'))).rejects.toThrow(
      MissingPluginError,
    );
    expect([asked, shown]).toEqual([[], []]);
  });

  it('is installed when that is wanted, and the command goes on with its tasks', async () => {
    const work = needing('one', 'ingestor-plugin-one');
    expect(await withTasks(await loadHost(user.config.root), offer(true), work, installing('one', 'two'))).toEqual([
      'one',
      'two',
    ]);
    expect(asked).toEqual(['ingestor-plugin-one']);
    expect(shown).toEqual([
      'Installing ingestor-plugin-one for the task one …',
      'Installed ingestor-plugin-one 9.9.9.',
    ]);
  });

  it('that does not bring the task after all is an error, and the command does not go on', async () => {
    const work = needing('three', 'ingestor-plugin-three');
    await expect(
      withTasks(await loadHost(user.config.root), offer(true), work, installing('four')),
    ).rejects.toMatchObject({
      code: 'task-missing',
      exitCode: 2,
      message: 'ingestor-plugin-three 9.9.9 does not bring the task three.',
    });
  });
});
