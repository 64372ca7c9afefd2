import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadHost } from './host.js';
import { loadTasks } from '@tracebloc/ingestor-cli';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'load-tasks-'));
  await mkdir(join(root, 'host'));
  await writeFile(
    join(root, 'host/package.json'),
    JSON.stringify({ name: 'host', version: '1.0.0', oclif: { bin: 'ingestor', commands: './commands' } }),
  );
});
afterEach(() => rm(root, { recursive: true }));

async function plugin(name: string, hook: string): Promise<void> {
  const folder = join(root, 'host/node_modules', name);
  await mkdir(folder, { recursive: true });
  const manifest = { name, version: '2.3.4', type: 'module', oclif: { hooks: { 'ingestor:tasks': './hook.js' } } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'hook.js'), hook);
}

const returning = (contract: number, ...ids: string[]) =>
  `export default async () => (${JSON.stringify({ contract, format: 'f', tasks: ids.map((id) => ({ id })) })});`;

async function load() {
  return loadTasks(await loadHost(join(root, 'host')));
}

describe('loadTasks', () => {
  it('lists the tasks of every plugin with the package that brings them', async () => {
    await plugin('ingestor-plugin-a', returning(1, 'two', 'one'));
    await plugin('ingestor-plugin-b', returning(1, 'three'));
    expect((await load()).map(({ task, plugin: name, version }) => [task.id, name, version])).toEqual([
      ['one', 'ingestor-plugin-a', '2.3.4'],
      ['three', 'ingestor-plugin-b', '2.3.4'],
      ['two', 'ingestor-plugin-a', '2.3.4'],
    ]);
  });

  it('names every package at fault in one error', async () => {
    await plugin('ingestor-plugin-a', returning(1, 'same'));
    await plugin('ingestor-plugin-b', returning(1, 'same'));
    await plugin('ingestor-plugin-c', returning(99, 'other'));
    await plugin('ingestor-plugin-d', 'throw new Error("no such luck");');
    await plugin('ingestor-plugin-e', 'export default async () => undefined;');
    await expect(load()).rejects.toMatchObject({
      code: 'plugin-fault',
      exitCode: 2,
      message: expect.stringMatching(
        /-b and ingestor-plugin-a both bring the task same[^]*-c 2\.3\.4 was built for plugin contract 99; this ingestor has 1[^]*-d failed to load: no such luck[^]*-e returned no tasks/,
      ) as unknown,
    });
  });
});
