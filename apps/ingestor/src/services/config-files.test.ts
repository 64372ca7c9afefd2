import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chooseConfigs, chooseSplit, type GivenConfigs } from './config-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-configs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const choose = (given: Partial<GivenConfigs> = {}, env: Record<string, string> = {}) =>
  chooseConfigs({ args: [], flags: [], hasManifest: false, hasOthers: false, ...given }, env, folder);
const writeDefault = () => writeFile(join(folder, 'ingest.yaml'), '');

describe('the configuration of a command', () => {
  it('is an argument or two, and no longer the default', async () => {
    await writeDefault();
    expect(choose({ args: ['a.yaml', undefined] })).toEqual({ files: ['a.yaml'], origin: 'argument' });
    expect(choose({ args: ['a.yaml', 'b.yaml'] }).files).toEqual(['a.yaml', 'b.yaml']);
    expect(choose({ flags: ['a.yaml', 'b.yaml'] })).toEqual({ files: ['a.yaml', 'b.yaml'] });
  });

  it('is given in one of the two ways', () => {
    expect(() => choose({ args: ['a.yaml'], flags: ['b.yaml'] })).toThrow(
      expect.objectContaining({
        code: 'wrong-usage',
        message: 'Configurations are given as arguments (a.yaml) and with --config (b.yaml).',
      }),
    );
  });

  it('is ingest.yaml if nothing else describes the dataset', async () => {
    await writeDefault();
    expect(choose()).toEqual({ files: ['ingest.yaml'], origin: 'default' });
    expect(choose({ hasOthers: true })).toEqual({ files: ['ingest.yaml'], origin: 'default' });
  });

  it('is not ingest.yaml if variables or a manifest describe the dataset, as in a Job', async () => {
    await writeDefault();
    for (const name of ['INGEST_CONFIG', 'SRC_PATH', 'LABEL_FILE', 'TABLE_NAME']) {
      expect(choose({}, { [name]: 'x' })).toEqual({ files: [] });
    }
    expect(choose({ hasManifest: true, hasOthers: true })).toEqual({ files: [] });
  });

  it('is missing if nothing says anything', async () => {
    expect(() => choose()).toThrow(
      expect.objectContaining({
        code: 'no-configuration',
        exitCode: 2,
        fix: ['Name the file: ingestor validate data.yaml', 'To write one from your data: ingestor init data.csv'],
      }),
    );
    // Then the message names the fields that are missing.
    expect(choose({ hasOthers: true })).toEqual({ files: [] });
  });

  it('may be anything of the default name, so that the reader can report a folder', async () => {
    await mkdir(join(folder, 'ingest.yaml'));
    expect(choose().files).toEqual(['ingest.yaml']);
  });
});

it('split takes a configuration as its argument, and the default', async () => {
  expect(chooseSplit('data.csv', undefined, folder)).toEqual({ manifest: 'data.csv' });
  expect(chooseSplit('a/x.YML', undefined, folder)).toEqual({ config: 'a/x.YML' });
  expect(chooseSplit('data.csv', 'x.yaml', folder)).toEqual({ manifest: 'data.csv', config: 'x.yaml' });
  expect(chooseSplit(undefined, undefined, folder)).toEqual({});
  await writeDefault();
  expect(chooseSplit(undefined, undefined, folder)).toEqual({ config: 'ingest.yaml' });
  expect(chooseSplit('data.csv', undefined, folder)).toEqual({ manifest: 'data.csv' });
});
