import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNpmRegistry, type NpmRegistry } from './npm-registry.js';

const run = promisify(execFile);
let registry: NpmRegistry;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npm-registry-test-'));
  // The packages of this test need no uplink.
  registry = await startNpmRegistry({ uplink: 'http://127.0.0.1:1/' });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function packageAt(path: string, manifest: object): Promise<string> {
  await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, path, 'package.json'), JSON.stringify(manifest));
  return join(folder, path);
}

describe('startNpmRegistry', () => {
  it('serves npm the packages that were published to it, of a folder or a workspace, until it stops', async () => {
    await registry.publish(await packageAt('one', { name: '@tracebloc/one', version: '1.2.3' }));
    await packageAt('many/a', { name: '@tracebloc/a', version: '1.0.0', dependencies: { '@tracebloc/one': '1.2.3' } });
    const many = await packageAt('many', { name: 'many', private: true, workspaces: ['a'] });
    await registry.publish(many, '--workspaces');

    const user = await packageAt('user', { private: true });
    await run('npm', ['install', '@tracebloc/a', '--registry', registry.url, '--no-audit'], { cwd: user });
    const installed = await readFile(join(user, 'node_modules/@tracebloc/one/package.json'), 'utf8');
    expect(JSON.parse(installed)).toMatchObject({ version: '1.2.3' });

    await registry.stop();
    await expect(fetch(registry.url)).rejects.toThrow();
  });
});
