import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import type { ColumnChecksum } from '../checksums/column-checksums.js';
import { folderOwner } from '../test-support/folder-owner.test-support.js';
import { DatasetFolders } from './dataset-folders.js';
import { SmallFileReader } from './small-file-reader.js';

let root: string;
let texts: string;
let storage: string;
let folders: DatasetFolders;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ingestor-writer-')));
  [texts, storage] = [join(root, 'texts'), join(root, 'storage')];
  mkdirSync(texts);
  mkdirSync(storage);
  folders = new DatasetFolders(storage, folderOwner('one'));
});
afterEach(() => rmSync(root, { recursive: true }));

const staged = (name: string) => join(storage, '.ingestor', 'staging', 'run1', name);
const list = () => join(storage, '.ingestor', 'hashes', 'run1', '0');

/** Returns files whose bytes a task has read. They are so many that a second thread writes some of them. */
function manyFiles(count = 3000): (RecordFile & { bytes: Buffer })[] {
  return Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.from(`The content of ${index}. `.repeat(index % 50));
    const name = `${index}.txt`;
    writeFileSync(join(texts, name), bytes);
    return { source: join(texts, name), within: texts, target: name, bytes };
  });
}

async function stage(files: readonly RecordFile[]): Promise<ColumnChecksum> {
  const staging = await folders.stage('run1');
  try {
    for (const [index, file] of files.entries()) {
      await staging.add([file]);
      // The thread is ready only after some time, as it is in a run that reads the files.
      if (index % 300 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return await staging.complete();
  } finally {
    await staging.close();
  }
}

function expectComplete(files: readonly { target: string; bytes: Buffer }[]): void {
  for (const { target, bytes } of files) expect(readFileSync(staged(target)).equals(bytes)).toBe(true);
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', list()], { cwd: staged('.') });
}

describe('files whose bytes a task has read', () => {
  it('are written completely, and listed with their hashes', async () => {
    const files = manyFiles();
    expect(await stage(files)).toEqual([files.length, expect.any(Number)]);
    expectComplete(files);
  });

  it('are completed when an earlier process was killed while it wrote them', async () => {
    const files = manyFiles();
    const undisturbed = await stage(files);
    truncateSync(staged('77.txt'), 5);
    truncateSync(staged('2999.txt'), 0);
    rmSync(staged('1500.txt'));
    expect(await stage(files)).toEqual(undisturbed);
    expectComplete(files);
  });

  it('are completed by a process that reads the source again', async () => {
    const files = manyFiles(700);
    const undisturbed = await stage(files);
    truncateSync(staged('77.txt'), 5);
    expect(await stage(files.map(({ bytes: _, ...file }) => file))).toEqual(undisturbed);
    expectComplete(files);
  });

  it('replace a link that somebody planted, and are not written through it', async () => {
    const files = manyFiles();
    await folders.stage('run1');
    writeFileSync(join(root, 'other'), 'untouched');
    for (const name of ['70.txt', '2500.txt']) symlinkSync(join(root, 'other'), staged(name));
    await stage(files);
    expect(readFileSync(join(root, 'other'), 'utf8')).toBe('untouched');
    expect(lstatSync(staged('2500.txt')).isFile()).toBe(true);
    expectComplete(files);
  });

  it('end the run if they cannot be written', async () => {
    const files = manyFiles();
    const staging = await folders.stage('run1');
    for (const file of files.slice(0, 1000)) await staging.add([file]);
    await staging.drain();
    rmSync(staged('.'), { recursive: true });
    const rest = async () => {
      for (const file of files.slice(1000)) await staging.add([file]);
      await staging.complete();
    };
    await expect(rest()).rejects.toMatchObject({ code: 'storage-failed' });
    expect(existsSync(list())).toBe(false);
    await staging.close();
  });
});

describe('files that are read back', () => {
  it('are those with another content, or that are not there', async () => {
    const files = manyFiles();
    await stage(files);
    writeFileSync(staged('10.txt'), 'changed');
    rmSync(staged('2000.txt'));
    const hashes = readFileSync(list(), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  '));
    const expected = hashes.map(([digest, name]) => ({ digest: digest!, name: name! }));
    async function* parts() {
      for (let from = 0; from < expected.length; from += 500) yield expected.slice(from, from + 500);
    }
    const [names, refused, sizes] = [[], [], []] as [string[], string[], number[]];
    for await (const found of new SmallFileReader(staged('.')).compare(parts())) {
      for (const [{ name }, size] of found) {
        names.push(name);
        if (size === undefined) refused.push(name);
        else sizes.push(size);
      }
    }
    expect(names).toEqual(expected.map(({ name }) => name));
    expect(refused.sort()).toEqual(['10.txt', '2000.txt']);
    const others = files.filter(({ target }) => !refused.includes(target));
    expect(sizes.reduce((a, b) => a + b)).toBe(others.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });
});
