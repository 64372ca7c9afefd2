import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { folderOwner } from '../test-support/folder-owner.test-support.js';
import { DatasetFolders } from './dataset-folders.js';
import { ListChecksum } from './hash-list.js';

let root: string;
let storage: string;
/** Two databases on one volume. */
let one: DatasetFolders;
let two: DatasetFolders;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ingestor-claims-'));
  storage = join(root, 'storage');
  mkdirSync(storage);
  one = new DatasetFolders(storage, folderOwner('one', { old1: 't' }));
  two = new DatasetFolders(storage, folderOwner('two'));
});
afterEach(() => rmSync(root, { recursive: true }));

const own = (...path: string[]) => join(storage, '.ingestor', ...path);
const claimFile = (table = 't') => own('folders', table);
const content = (table = 't') => readFileSync(join(storage, table, 'a.txt'), 'utf8');

async function stage(folders: DatasetFolders, runId: string, text = runId): Promise<void> {
  const staging = await folders.stage(runId);
  await staging.add([{ source: '', target: 'a.txt', content: Buffer.from(text) }]);
  await staging.complete();
}

async function ingest(folders: DatasetFolders, runId: string): Promise<void> {
  await folders.reserve(runId, 't');
  await stage(folders, runId);
  await folders.publish(runId, 't');
}

describe('a folder that one database has claimed', () => {
  it('cannot be reserved, published or removed by another database', async () => {
    await one.reserve('run1', 't');
    const reserved = {
      code: 'folder-exists',
      message: expect.stringMatching(/reserved by run run1 of another database: Database one\./),
      fix: expect.arrayContaining([expect.stringContaining('ingestor runs clean run1 --foreign')]),
    };
    await expect(two.check('t')).rejects.toMatchObject(reserved);
    await expect(two.reserve('run2', 't')).rejects.toMatchObject(reserved);
    await stage(two, 'run2');
    await expect(two.publish('run2', 't')).rejects.toMatchObject(reserved);
    await stage(one, 'run1');
    await one.publish('run1', 't');

    const published = { code: 'folder-exists', message: expect.stringMatching(/holds run run1 of another database/) };
    await expect(two.check('t')).rejects.toMatchObject(published);
    await expect(two.publish('run2', 't')).rejects.toMatchObject(published);
    await two.remove('t');
    await two.dropStaging('run1', 't');
    expect(content()).toBe('run1');
    expect(await one.ownerOf('t')).toBe('run1');
    expect(await two.ownerOf('t')).toBeUndefined();
  });

  it('is claimed by one of many that begin at the same time, and keeps what it publishes', async () => {
    const databases = Array.from({ length: 12 }, (_, n) => new DatasetFolders(storage, folderOwner(`db${n}`)));
    const outcomes = await Promise.allSettled(databases.map((folders, n) => ingest(folders, `run${n}`)));
    const won = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(won).toHaveLength(1);
    expect(content()).toBe(`run${won[0]!}`);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'folder-exists' });
    }
  });

  it('is free after its dataset is deleted, or its run is dropped or cleaned', async () => {
    const frees: [(runId: string) => Promise<void>, boolean][] = [
      [(runId) => one.dropStaging(runId, 't'), false],
      [(runId) => one.dropLeftovers(runId, 't'), false],
      [(runId) => two.dropLeftovers(runId), false],
      [() => one.remove('t'), true],
    ];
    for (const [free, published] of frees) {
      await (published ? ingest(one, 'run1') : one.reserve('run1', 't'));
      await free('run1');
      expect(existsSync(claimFile())).toBe(false);
      await ingest(two, 'run2');
      await two.remove('t');
    }
    expect(await one.runLeftovers()).toEqual(new Map());
  });

  it('passes from one run of its database to the next, and a late end of the first does not release it', async () => {
    await one.reserve('run1', 't');
    await one.reserve('run2', 't');
    await one.dropStaging('run1', 't');
    await expect(two.check('t')).rejects.toMatchObject({ message: expect.stringContaining('run2') });
    await stage(one, 'run2');
    await one.publish('run2', 't');
    await one.dropStaging('run2', 't');
    expect(await one.ownerOf('t')).toBe('run2');
    // A run that will replace the dataset does not change its claim before that.
    await one.reserve('run3', 't');
    await one.dropStaging('run3', 't');
    expect(await one.ownerOf('t')).toBe('run2');
  });

  it('can be freed by the steps in the error when its database no longer exists', async () => {
    await ingest(one, 'run1');
    await expect(two.reserve('run2', 't')).rejects.toMatchObject({
      fix: expect.arrayContaining([expect.stringContaining(`move the folder away and remove ${claimFile()}`)]),
    });
    renameSync(join(storage, 't'), join(root, 'moved'));
    await expect(two.reserve('run2', 't')).rejects.toMatchObject({ code: 'folder-exists' });
    rmSync(claimFile());
    await ingest(two, 'run2');
    expect(content()).toBe('run2');
  });

  it('is distinguished from that of a table whose name differs in case, on a volume that ignores case', async () => {
    await one.reserve('run1', 'Photos');
    renameSync(claimFile('Photos'), claimFile('photos'));
    await expect(one.reserve('run2', 'photos')).rejects.toMatchObject({
      code: 'folder-exists',
      message: expect.stringMatching(/that of table Photos: this volume ignores case in names/),
    });
  });
});

describe('a claim', () => {
  it('of an earlier version belongs to the database whose ledger has its run', async () => {
    mkdirSync(own('folders'), { recursive: true });
    mkdirSync(join(storage, 't'));
    writeFileSync(claimFile(), 'old1');
    await expect(two.reserve('run2', 't')).rejects.toMatchObject({
      code: 'folder-exists',
      message: expect.stringMatching(/holds run old1 of another database: another database/),
    });
    expect(await one.ownerOf('t')).toBe('old1');
    await ingest(one, 'run1');
    expect(content()).toBe('run1');
  });

  it('is made for a run that an earlier version staged without one, unless another has it', async () => {
    await stage(one, 'run1');
    await two.reserve('run2', 't');
    await expect(one.publish('run1', 't')).rejects.toMatchObject({ code: 'folder-exists' });
    await two.dropStaging('run2', 't');
    await one.publish('run1', 't');
    expect(content()).toBe('run1');
  });

  it.each(['', '{"database":"one"', '{"runId":"run1"}', 'x'.repeat(5000)])(
    'that is not whole (%#) is nobody’s, and stays',
    async (text) => {
      mkdirSync(own('folders'), { recursive: true });
      writeFileSync(claimFile(), text);
      await expect(one.reserve('run1', 't')).rejects.toMatchObject({
        code: 'folder-exists',
        message: expect.stringContaining(claimFile()),
      });
      expect(readFileSync(claimFile(), 'utf8')).toBe(text);
    },
  );

  it('that is reserved does not remove a folder that somebody made in the meantime', async () => {
    await one.reserve('run1', 't');
    await stage(one, 'run1');
    mkdirSync(join(storage, 't'));
    writeFileSync(join(storage, 't', 'precious'), 'kept');
    await expect(one.publish('run1', 't')).rejects.toMatchObject({ code: 'folder-exists' });
    expect(readdirSync(join(storage, 't'))).toEqual(['precious']);
  });
});

describe('a link that somebody planted is never followed:', () => {
  let outside: string;
  const untouched = () => {
    expect(readdirSync(outside).sort()).toEqual(['file', 'folder']);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('precious');
    expect(readdirSync(join(outside, 'folder'))).toEqual(['kept']);
  };
  const plant = (target: string, ...path: string[]) => {
    mkdirSync(own(...path.slice(0, -1)), { recursive: true });
    symlinkSync(join(outside, target), own(...path));
  };

  beforeEach(() => {
    outside = join(root, 'outside');
    mkdirSync(join(outside, 'folder'), { recursive: true });
    writeFileSync(join(outside, 'file'), 'precious');
    writeFileSync(join(outside, 'folder', 'kept'), '');
  });

  it.each(['file', 'folder', 'nothing'])('a claim, to a %s', async (target) => {
    plant(target, 'folders', 't');
    await expect(one.reserve('run1', 't')).rejects.toMatchObject({ code: 'folder-exists' });
    await stage(one, 'run1');
    await expect(one.publish('run1', 't')).rejects.toMatchObject({ code: 'folder-exists' });
    await one.remove('t');
    untouched();
  });

  it.each([[[]], [['folders']], [['partial']], [['partial', 'run1']], [['staging']], [['staging', 'run1']]])(
    'the program’s own folder %j',
    async (path) => {
      if (path.length === 0) symlinkSync(join(outside, 'folder'), own());
      else plant('folder', ...path);
      await expect(ingest(one, 'run1')).rejects.toMatchObject({ code: 'storage-link' });
      await one.dropLeftovers('run1', 't').catch(() => undefined);
      untouched();
    },
  );

  it.each([[['hashes']], [['hashes', 'run1']]])('the lists of hashes, %j', async (path) => {
    plant('folder', ...path);
    await expect(ingest(one, 'run1')).rejects.toMatchObject({ code: 'storage-link' });
    await expect(one.hashesOf('run1', new ListChecksum()).next()).rejects.toMatchObject({ code: 'storage-link' });
    await one.dropLeftovers('run1', 't').catch(() => undefined);
    untouched();
  });

  it.each(['file', 'folder', 'nothing'])('in the place of a file to copy, to a %s', async (target) => {
    plant(target, 'staging', 'run1', 'a.txt');
    plant(target, 'partial', 'run1', '0', '0');
    plant(target, 'partial', 'run1', '0', 'hashes');
    await ingest(one, 'run1');
    expect(content()).toBe('run1');
    expect(lstatSync(join(storage, 't', 'a.txt')).isFile()).toBe(true);
    untouched();
  });

  it.each(['folder', 'nothing'])(
    'the dataset’s folder, to a %s, of nobody and of an earlier dataset',
    async (target) => {
      symlinkSync(join(outside, target), join(storage, 't'));
      await expect(one.reserve('run1', 't')).rejects.toMatchObject({ code: 'folder-exists' });
      rmSync(join(storage, 't'));

      await ingest(one, 'run1');
      rmSync(join(storage, 't'), { recursive: true });
      symlinkSync(join(outside, target), join(storage, 't'));
      await ingest(one, 'run2');
      expect(content()).toBe('run2');
      rmSync(join(storage, 't'), { recursive: true });
      symlinkSync(join(outside, target), join(storage, 't'));
      await one.remove('t');
      expect(readdirSync(storage)).toEqual(['.ingestor']);
      untouched();
    },
  );

  it('in a folder that is removed', async () => {
    await ingest(one, 'run1');
    mkdirSync(join(storage, 't', 'sub'));
    for (const target of ['file', 'folder']) symlinkSync(join(outside, target), join(storage, 't', target));
    symlinkSync(join(outside, 'folder'), join(storage, 't', 'sub', 'folder'));
    await one.remove('t');
    expect(readdirSync(storage)).toEqual(['.ingestor']);
    untouched();
  });
});
