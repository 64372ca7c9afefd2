import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { loadHost } from './host.js';
import { FORMAT_PREFIX, KNOWN_FORMATS, loadTasks } from '@tracebloc/ingestor-cli';

const HOST = fileURLToPath(new URL('../..', import.meta.url));
const WORKSPACE = fileURLToPath(new URL('../../../../plugins', import.meta.url));

interface Manifest {
  name: string;
  version: string;
  oclif: { scope?: string; pluginPrefix?: string; hooks?: object; jitPlugins?: Record<string, string> };
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as Manifest;
}

it('the known formats are the format plugins of the workspace, and the host installs the others when they are needed', async () => {
  const folders = await readdir(WORKSPACE);
  const manifests = await Promise.all(folders.map((folder) => manifestOf(`${WORKSPACE}/${folder}`)));
  const names = (hasTasks: boolean) =>
    manifests.filter(({ oclif }) => (oclif.hooks !== undefined) === hasTasks).map(({ name }) => name);
  expect(KNOWN_FORMATS.map((format) => format.package)).toEqual(names(true).sort());
  const { oclif, version } = await manifestOf(HOST);
  expect(oclif.jitPlugins).toEqual(Object.fromEntries(names(false).map((name) => [name, version])));
});

it('the known tasks are those that each plugin brings', async () => {
  const installed = await loadTasks(await loadHost(HOST));
  const ours = installed.filter(({ plugin }) => plugin.startsWith(FORMAT_PREFIX));
  expect(ours.map(({ plugin, task }) => `${plugin} ${task.id}`).sort()).toEqual(
    KNOWN_FORMATS.flatMap((format) => format.tasks.map((task) => `${format.package} ${task}`)).sort(),
  );
});

it('a friendly name means the same package here and in the commands of oclif', async () => {
  const { scope, pluginPrefix } = (await manifestOf(HOST)).oclif;
  expect(`@${scope!}/${pluginPrefix!}-`).toBe(FORMAT_PREFIX);
});
