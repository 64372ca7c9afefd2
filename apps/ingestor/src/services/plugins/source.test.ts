import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { pluginSource } from './source.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugin-source-'));
  await writeFile(join(folder, 'a b.tgz'), '');
});
afterAll(() => rm(folder, { recursive: true }));

describe('pluginSource', () => {
  it.each([
    ['text', '@tracebloc/ingestor-plugin-text', 'latest'],
    ['text@1.2.0', '@tracebloc/ingestor-plugin-text', '1.2.0'],
    ['lodash', '@tracebloc/ingestor-plugin-lodash', 'latest'],
    ['ingestor-plugin-x@next', 'ingestor-plugin-x', 'next'],
    ['@acme/noise@^2', '@acme/noise', '^2'],
    ['text@>=1.0.0-rc.1', '@tracebloc/ingestor-plugin-text', '>=1.0.0-rc.1'],
    ['text@1.x||2', '@tracebloc/ingestor-plugin-text', '1.x||2'],
    ['text@1.2.0+build', '@tracebloc/ingestor-plugin-text', '1.2.0+build'],
    ['text@*', '@tracebloc/ingestor-plugin-text', '*'],
  ])('reads %s as a package', async (wanted, name, tag) => {
    expect(await pluginSource(wanted, folder)).toEqual({ request: `${name}@${tag}`, record: { name, tag } });
  });

  it('reads a path and a file address as the same tarball', async () => {
    const request = `file:${join(folder, 'a b.tgz')}`;
    for (const wanted of ['a b.tgz', './a b.tgz', 'file:a b.tgz', pathToFileURL(join(folder, 'a b.tgz')).href]) {
      expect(await pluginSource(wanted, folder)).toEqual({ request, record: { url: request } });
    }
  });

  it('reads the address of a tarball', async () => {
    const url = 'https://host.example/x-1.0.0.tgz';
    expect(await pluginSource(url, folder)).toEqual({ request: url, record: { url } });
  });

  it.each([
    'https://host.example/owner/repo',
    'owner/repo',
    'git+ssh://host.example/x.git',
    'a b',
    'text@',
    '@acme',
    'ingestor-plugin-git@git+file:///repo',
    'text@file:/any/folder',
    'text@npm:other',
    'text@github:a/b',
    'text@a/b',
    'text@./folder',
    'text@..',
    'text@~/folder',
    'text@folder.tgz',
    'text@https://host.example/x-1.0.0.tgz',
    '@acme/noise@git@host.example:a/b',
  ])('refuses %s', async (wanted) => {
    await expect(pluginSource(wanted, folder)).rejects.toMatchObject({ code: 'plugin-not-installable', exitCode: 2 });
  });

  it.each([
    ['./gone.tgz', /no file .*\/gone\.tgz/, /tarball/],
    ['./', /is a folder/, /ingestor plugins link \//],
    ['a b', /a b/, /Name a format/],
  ])('says what is wrong with %s and what can be installed', async (wanted, message, fix) => {
    const error = await pluginSource(wanted, folder).catch((refused: unknown) => refused as IngestorError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) as unknown });
    expect((error as IngestorError).fix.join('\n')).toMatch(fix);
  });
});
