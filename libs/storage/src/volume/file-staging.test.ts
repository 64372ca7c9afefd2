import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import type { ColumnChecksum } from '../checksums/column-checksums.js';
import { folderOwner } from '../test-support/folder-owner.test-support.js';
import { DatasetFolders } from './dataset-folders.js';
import { ListChecksum } from './hash-list.js';

let root: string;
let images: string;
let storage: string;
let folders: DatasetFolders;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ingestor-staging-')));
  [images, storage] = [join(root, 'images'), join(root, 'storage')];
  mkdirSync(images);
  mkdirSync(storage);
  folders = new DatasetFolders(storage, folderOwner('one'));
});
afterEach(() => rmSync(root, { recursive: true }));

function source(name: string, content: string | Uint8Array = name): RecordFile {
  writeFileSync(join(images, name), content);
  return { source: join(images, name), within: images, target: name };
}

async function stage(files: readonly RecordFile[], shard?: number): Promise<ColumnChecksum> {
  const staging = await folders.stage('run1', shard);
  await staging.add(files);
  return staging.complete();
}

async function listed(): Promise<{ names: string[]; checksum: ColumnChecksum }> {
  const [checksum, names] = [new ListChecksum(), []] as [ListChecksum, string[]];
  for await (const files of folders.hashesOf('run1', checksum)) names.push(...files.map(({ name }) => name));
  return { names: names.sort(), checksum: checksum.result };
}

const staged = (name: string) => join(storage, '.ingestor', 'staging', 'run1', name);
const hashes = () => join(storage, '.ingestor', 'hashes', 'run1');

describe('the hashes of files', () => {
  it('never lead to a file outside of the folder, whatever is in the list', async () => {
    await stage([source('a.txt')]);
    const outside = `${'0'.repeat(64)}  ../a.txt\n`;
    writeFileSync(join(hashes(), '0'), outside + readFileSync(join(hashes(), '0'), 'utf8'));
    expect(await listed()).toMatchObject({ names: ['a.txt'], checksum: [2, expect.any(Number)] });
  });

  const CONTENTS: Record<string, string | Uint8Array> = {
    'small.txt': 'as it is',
    'empty.txt': '',
    'ünï 日本 😀.txt': 'unicode',
    'large.bin': Buffer.alloc(3 * 256 * 1024 + 17, 'abc'),
    'even.bin': Buffer.alloc(2 * 256 * 1024, 'x'),
    'two\nlines.txt': 'a name of two lines',
    'one\u2028line\u0085.txt': 'a name of one line, whatever Unicode says',
  };

  it('are a list that sha256sum accepts', async () => {
    const files = Object.entries(CONTENTS).map(([name, content]) => source(name, content));
    files.push({ ...source('resized.png'), content: Buffer.from('made by the task') });
    const checksum = await stage(files);
    await folders.publish('run1', 'photos');
    expect(existsSync(join(storage, '.ingestor', 'partial', 'run1'))).toBe(false);
    const checked = execFileSync('sha256sum', ['--check', '--strict', join(hashes(), '0')], {
      cwd: join(storage, 'photos'),
      encoding: 'utf8',
    });
    expect(checked.trimEnd().split('\n')).toHaveLength(files.length);
    expect(readFileSync(join(storage, 'photos', 'resized.png'), 'utf8')).toBe('made by the task');
    for (const [name, content] of Object.entries(CONTENTS)) {
      expect(readFileSync(join(storage, 'photos', name)).equals(Buffer.from(content))).toBe(true);
    }
    expect(await listed()).toEqual({ names: files.map(({ target }) => target).sort(), checksum });
  });

  it('are complete for many files, of which some are large and some have another content', async () => {
    const files = Array.from({ length: 1500 }, (_, index) => source(`${index}`, `The content of ${index}.`));
    for (const index of [600, 700, 1499]) files[index] = source(`${index}`, Buffer.alloc(300_000, `${index}`));
    for (const index of [3, 800]) files[index] = { ...files[index]!, content: Buffer.from('made by the task') };
    const staging = await folders.stage('run1');
    for (const file of files) await staging.add([file]);
    const checksum = await staging.complete();
    await folders.publish('run1', 'photos');
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', join(hashes(), '0')], {
      cwd: join(storage, 'photos'),
    });
    expect(await listed()).toEqual({ names: files.map(({ target }) => target).sort(), checksum });
    for (const { source: path, target, content } of files) {
      expect(readFileSync(join(storage, 'photos', target)).equals(content ?? readFileSync(path))).toBe(true);
    }
  });

  it('are not complete if one of many files has become a link that leads out', async () => {
    const files = Array.from({ length: 1500 }, (_, index) => source(`${index}`));
    writeFileSync(join(root, 'secret'), 'outside');
    rmSync(files[1000]!.source);
    symlinkSync(join(root, 'secret'), files[1000]!.source);
    await expect(stage(files)).rejects.toMatchObject({ code: 'source-outside', exitCode: 3 });
    expect(existsSync(staged('1000'))).toBe(false);
    expect(existsSync(hashes())).toBe(false);
  });

  it('are those of the sources, also if an earlier process made the copies', async () => {
    const files = ['a', 'b', 'c'].map((name) => source(name));
    const undisturbed = await stage(files);
    const again = await folders.stage('run1');
    await again.add(files.slice(0, 1));
    await again.drain();
    // The process ends here, so the list is incomplete and not in its place.
    writeFileSync(staged('a'), 'X');
    expect(await stage(files)).toEqual(undisturbed);
    expect(readFileSync(staged('a'), 'utf8')).toBe('X');
    expect(await listed()).toEqual({ names: ['a', 'b', 'c'], checksum: undisturbed });
  });

  it('of shards are summed, and are removed with the dataset or with a dropped or cleaned run', async () => {
    const [files, sums] = [['a', 'b', 'c', 'd'].map((name) => source(name)), [] as ColumnChecksum[]];
    for (const shard of [1, 0]) sums.push(await stage(files.slice(2 * shard, 2 * shard + 2), shard));
    expect(await listed()).toMatchObject({ names: ['a', 'b', 'c', 'd'], checksum: [4, sums[0]![1] + sums[1]![1]] });
    await folders.publish('run1', 'photos');
    // They are not an unknown run's leftovers either: they belong to a dataset, perhaps of another database.
    expect([...(await folders.runLeftovers()).keys()]).toEqual([]);
    await folders.dropLeftovers('run1');
    expect(readdirSync(hashes())).toEqual(['0', '1']);

    const staging = await folders.stage('run2');
    await staging.add(files);
    await staging.complete();
    await folders.publish('run2', 'photos');
    expect(readdirSync(join(storage, '.ingestor', 'hashes'))).toEqual(['run2']);
    await folders.remove('photos');
    expect(readdirSync(join(storage, '.ingestor', 'hashes'))).toEqual([]);

    for (const drop of [() => folders.dropStaging('run1', 'photos'), () => folders.dropLeftovers('run1')]) {
      await stage(files);
      expect((await folders.runLeftovers()).get('run1')).toContain(hashes());
      await drop();
      expect((await folders.runLeftovers()).size).toBe(0);
    }
  });
});

describe('a source that is confined to its folder', () => {
  const refused = { code: 'source-outside', exitCode: 3 };
  let secret: string;
  beforeEach(() => {
    secret = join(root, 'secret');
    writeFileSync(secret, 'outside');
  });

  const nothingArrived = () => expect(readdirSync(join(staged('.')))).toEqual([]);

  it('is not copied or converted after it was replaced by a link that leads out', async () => {
    for (const more of [{}, { content: Buffer.from('made from what was outside') }]) {
      const file = { ...source('a'), ...more };
      rmSync(file.source);
      symlinkSync(secret, file.source);
      await expect(stage([file])).rejects.toMatchObject(refused);
      nothingArrived();
      rmSync(file.source);
    }
  });

  it('is not copied after its folder was replaced by a link, or itself by a folder or a pipe', async () => {
    const file = source('a');
    mkdirSync(join(root, 'other'));
    writeFileSync(join(root, 'other', 'a'), 'outside');
    renameSync(images, join(root, 'away'));
    symlinkSync(join(root, 'other'), images);
    await expect(stage([file])).rejects.toMatchObject(refused);
    rmSync(images);
    renameSync(join(root, 'away'), images);
    rmSync(file.source);
    mkdirSync(file.source);
    await expect(stage([file])).rejects.toMatchObject(refused);
    rmSync(file.source, { recursive: true });
    execFileSync('mkfifo', [file.source]);
    await expect(stage([file])).rejects.toMatchObject(refused);
    nothingArrived();
  });

  it('is copied through a link that stays in the folder, and if it has a second name', async () => {
    source('a', 'inside');
    symlinkSync(join(images, 'a'), join(images, 'link'));
    linkSync(join(images, 'a'), join(images, 'hard'));
    const files = ['link', 'hard'].map((name) => ({ source: join(images, name), within: images, target: name }));
    await stage(files);
    expect(['link', 'hard'].map((name) => readFileSync(staged(name), 'utf8'))).toEqual(['inside', 'inside']);
  });

  it('is never another file, however often links and files are swapped during the copy', async () => {
    // While the task checks and copies, the name leads in and out by turns; each copy is refused or is the file's.
    const file = source('a', 'inside');
    const ended = new AbortController();
    const swapping = (async () => {
      for (let turn = 0; !ended.signal.aborted; turn++) {
        const next = join(images, 'next');
        if (turn % 2 === 0) symlinkSync(secret, next);
        else writeFileSync(next, 'inside');
        renameSync(next, file.source);
        await new Promise(setImmediate);
      }
    })();
    const outcomes = new Set<string>();
    for (let turn = 0; turn < 20 || (turn < 1000 && !outcomes.has('source-outside')); turn++) {
      const target = `copy${turn}`;
      const outcome = await stage([{ ...file, target }]).then(
        () => readFileSync(staged(target), 'utf8'),
        (error: unknown) => (error as { code: string }).code,
      );
      outcomes.add(outcome);
    }
    ended.abort();
    await swapping;
    expect(outcomes).not.toContain('outside');
    expect(outcomes).toContain('source-outside');
  });
});
