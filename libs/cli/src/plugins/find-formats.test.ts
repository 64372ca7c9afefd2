import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { findFormats } from './find-formats.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'find-formats-'));
});
afterEach(() => rm(root, { recursive: true }));

async function install(folder: string, manifest: unknown): Promise<string> {
  const path = join(root, folder);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'package.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return path;
}

const hooked = (name: string) => ({ name, oclif: { hooks: { 'ingestor:tasks': './hook.js' } } });

it('finds scoped and plain plugins in every node_modules folder above the host, the nearest first', async () => {
  const host = await install('a/node_modules/@tracebloc/ingestor', { name: '@tracebloc/ingestor' });
  const near = await install('a/node_modules/@tracebloc/ingestor-plugin-x', hooked('@tracebloc/ingestor-plugin-x'));
  await install('node_modules/@tracebloc/ingestor-plugin-x', hooked('@tracebloc/ingestor-plugin-x'));
  const other = await install('node_modules/@other/ingestor-plugin-y', hooked('@other/ingestor-plugin-y'));
  const plain = await install('node_modules/ingestor-plugin-z', hooked('ingestor-plugin-z'));
  expect(findFormats(host).filter((format) => format.root.startsWith(root))).toEqual([
    { name: '@other/ingestor-plugin-y', root: other },
    { name: '@tracebloc/ingestor-plugin-x', root: near },
    { name: 'ingestor-plugin-z', root: plain },
  ]);
});

it('finds a plugin that has commands and no tasks', async () => {
  const host = await install('node_modules/@tracebloc/ingestor', { name: '@tracebloc/ingestor' });
  const name = '@tracebloc/ingestor-plugin-job';
  const plugin = await install(`node_modules/${name}`, { name, oclif: { commands: { target: './commands' } } });
  expect(findFormats(host).filter((format) => format.root.startsWith(root))).toEqual([{ name, root: plugin }]);
});

it('passes over packages without hook and commands, with a broken package.json, or of another name', async () => {
  const host = await install('node_modules/@tracebloc/ingestor', { name: '@tracebloc/ingestor' });
  await install('node_modules/ingestor-plugin-a', { name: 'ingestor-plugin-a' });
  await install('node_modules/ingestor-plugin-b', 'not json');
  await install('node_modules/something-else', hooked('something-else'));
  expect(findFormats(host).filter((format) => format.root.startsWith(root))).toEqual([]);
});
