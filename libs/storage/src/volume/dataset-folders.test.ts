import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { folderOwner } from '../test-support/folder-owner.test-support.js';
import { DatasetFolders } from './dataset-folders.js';

let root: string;
let storage: string;
let folders: DatasetFolders;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ingestor-volume-'));
  storage = join(root, 'storage');
  mkdirSync(storage);
  folders = new DatasetFolders(storage, folderOwner('one', { run1: 't', run2: 't' }));
});
afterEach(() => rmSync(root, { recursive: true }));

function source(name: string, content = name): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

async function stage(runId: string, ...names: string[]): Promise<void> {
  const staging = await folders.stage(runId);
  await staging.add(names.map((name) => ({ source: source(name), target: name })));
  await staging.drain();
}

const contentOf = (table: string) =>
  Object.fromEntries(
    readdirSync(folders.folderOf(table)).map((name) => [name, readFileSync(join(storage, table, name), 'utf8')]),
  );

describe('staging', () => {
  it('is invisible until it is published, and then complete', async () => {
    await stage('run1', 'a.txt', 'b.txt');
    expect(readdirSync(storage)).toEqual(['.ingestor']);
    await folders.publish('run1', 'texts');
    expect(contentOf('texts')).toEqual({ 'a.txt': 'a.txt', 'b.txt': 'b.txt' });
    expect(await folders.ownerOf('texts')).toBe('run1');
  });

  it('writes the content of a file that has one, and copies the others', async () => {
    const staging = await folders.stage('run1');
    const copied = source('a.txt', 'as it is');
    await staging.add([
      { source: copied, target: 'a.txt' },
      { source: copied, target: 'b.txt', content: Buffer.from('rewritten') },
    ]);
    await staging.drain();
    await folders.publish('run1', 't');
    expect(contentOf('t')).toEqual({ 'a.txt': 'as it is', 'b.txt': 'rewritten' });
  });

  it('copies a target once, and keeps what an earlier process copied', async () => {
    await stage('run1', 'a.txt');
    writeFileSync(join(root, 'a.txt'), 'A.TXT');
    const staging = await folders.stage('run1');
    await staging.add([{ source: join(root, 'a.txt'), target: 'a.txt' }]);
    await staging.drain();
    await folders.publish('run1', 't');
    expect(contentOf('t')).toEqual({ 'a.txt': 'a.txt' });
  });

  it('leaves no incomplete file, and removes what a killed process was writing', async () => {
    await stage('run1', 'a.txt');
    writeFileSync(join(storage, '.ingestor', 'partial', 'run1', '7'), 'half');
    await stage('run1', 'b.txt');
    await folders.publish('run1', 't');
    expect(Object.keys(contentOf('t')).sort()).toEqual(['a.txt', 'b.txt']);
    expect(readdirSync(join(storage, '.ingestor', 'partial'))).toEqual([]);
  });

  it('limits the number of simultaneous transfers', async () => {
    const staging = await folders.stage('run1');
    const many = Array.from({ length: 40 }, (_, index) => source(`f${index}`));
    const waits = many.map((path, index) => staging.add([{ source: path, target: `f${index}` }]));
    expect(waits.slice(0, 15)).toEqual(new Array(15).fill(undefined));
    expect(waits[15]).toBeInstanceOf(Promise);
    await staging.drain();
  });

  it('reports a source that disappeared after its check', async () => {
    const staging = await folders.stage('run1');
    await staging.add([{ source: join(root, 'gone'), target: 'gone' }]);
    await expect(staging.drain()).rejects.toMatchObject({ code: 'source-unreadable' });
    expect(() => staging.add([{ source: source('a'), target: 'a' }])).toThrow(/gone could not be copied/);
  });

  it.each(['../a', 'a/b', 'a\\b', '..', '', 'a\0'])('refuses the target %j', async (target) => {
    const staging = await folders.stage('run1');
    expect(() => staging.add([{ source: source('a'), target }])).toThrow(TypeError);
  });

  it('is removed completely', async () => {
    await stage('run1', 'a.txt');
    await folders.dropStaging('run1', 't');
    await expect(folders.publish('run1', 't')).rejects.toMatchObject({ code: 'staged-files-missing' });
    expect(readdirSync(join(storage, '.ingestor', 'staging'))).toEqual([]);
  });
});

describe('publishing', () => {
  it('replaces an earlier dataset completely', async () => {
    await stage('run1', 'old.txt');
    await folders.publish('run1', 't');
    await stage('run2', 'new.txt');
    await folders.publish('run2', 't');
    expect(contentOf('t')).toEqual({ 'new.txt': 'new.txt' });
    expect(readdirSync(join(storage, '.ingestor')).filter((name) => name.startsWith('retired'))).toEqual([]);
  });

  it.each(['before the old folder moves', 'between the two renames', 'before the old folder is removed', 'at its end'])(
    'may be cut off %s and repeated',
    async (where) => {
      await stage('run1', 'old.txt');
      await folders.publish('run1', 't');
      await stage('run2', 'new.txt');
      const own = join(storage, '.ingestor');
      // This is the state when the process is killed at that point.
      writeFileSync(join(own, 'folders', 't'), 'run2');
      if (where !== 'before the old folder moves') renameSync(join(storage, 't'), join(own, 'retired-run2'));
      if (where.startsWith('before the old folder is') || where === 'at its end') {
        renameSync(join(own, 'staging', 'run2'), join(storage, 't'));
      }
      if (where === 'at its end') rmSync(join(own, 'retired-run2'), { recursive: true });
      await folders.publish('run2', 't');
      expect(contentOf('t')).toEqual({ 'new.txt': 'new.txt' });
      expect(existsSync(join(own, 'retired-run2'))).toBe(false);
    },
  );

  it('does not touch a folder that somebody else made', async () => {
    mkdirSync(join(storage, 't'));
    writeFileSync(join(storage, 't', 'precious'), 'kept');
    await stage('run1', 'a.txt');
    await expect(folders.publish('run1', 't')).rejects.toMatchObject({ code: 'folder-exists' });
    await folders.remove('t');
    expect(contentOf('t')).toEqual({ precious: 'kept' });
  });
});

it('removes a dataset and its claim', async () => {
  await stage('run1', 'a.txt');
  await folders.publish('run1', 't');
  await folders.remove('t');
  expect(existsSync(folders.folderOf('t'))).toBe(false);
  expect(await folders.ownerOf('t')).toBeUndefined();
});

it('lists the leftovers of each run, and removes those of one run only', async () => {
  expect(await folders.runLeftovers()).toEqual(new Map());
  await stage('run1', 'a.txt');
  await folders.publish('run1', 't');
  await stage('run2', 'b.txt');
  const own = join(storage, '.ingestor');
  mkdirSync(join(own, 'retired-run3'));
  const ofRun2 = [join(own, 'staging', 'run2'), join(own, 'partial', 'run2')];
  expect(await folders.runLeftovers()).toEqual(
    new Map([
      ['run2', ofRun2],
      ['run3', [join(own, 'retired-run3')]],
    ]),
  );
  await folders.dropLeftovers('run3');
  expect(await folders.runLeftovers()).toEqual(new Map([['run2', ofRun2]]));
  await folders.dropLeftovers('run2');
  await folders.dropLeftovers('run1');
  expect(await folders.runLeftovers()).toEqual(new Map());
  expect(contentOf('t')).toEqual({ 'a.txt': 'a.txt' });
});
