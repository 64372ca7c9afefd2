import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { OutputFile } from './output-file.js';
import { PendingFiles, refuseExisting } from './pending.js';
import { checkReportPath, writeReport } from './report.js';

let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'output-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  ['a folder', () => folder, 'it is a folder (EISDIR)'],
  ['a file in a folder that does not exist', () => inFolder('nowhere/r.json'), 'its folder does not exist (ENOENT)'],
  ['a file below a file', () => inFolder('file/r.json'), 'its folder is a file (ENOTDIR)'],
  ['a device without room', () => '/dev/full', 'there is no room left (ENOSPC)'],
  [
    'a file in a file system that has no room for files',
    () => '/proc/self/nothing',
    'its folder does not exist (ENOENT)',
  ],
])('an output that cannot be written is found: %s', async (_what, path, why) => {
  await writeFile(inFolder('file'), '');
  await expect(checkReportPath(path(), { files: [], folders: [] })).rejects.toMatchObject({
    ...{ code: 'report-not-writable', exitCode: 2, message: `The report ${path()} cannot be written: ${why}.` },
  });
  const shown: string[] = [];
  expect(await writeReport(path(), { valid: true } as never, (text) => shown.push(text))).toBe(false);
  expect(shown).toEqual([expect.stringMatching(/^Error: The report .* cannot be written: .*\.$/)]);
  expect(await readdir(folder)).toEqual(['file']);
});

it('a file gets its name when it is whole, and replaces the target of a link', async () => {
  await mkdir(inFolder('else'));
  await writeFile(inFolder('else/real.json'), 'old', { mode: 0o640 });
  await symlink('else/real.json', inFolder('link.json'));
  for (const name of ['link.json', 'new.json']) {
    const file = new OutputFile(inFolder(name));
    await file.probe();
    await file.write('new');
    expect(await readFile(inFolder(name), 'utf8')).toBe('new');
  }
  expect((await readdir(folder, { recursive: true })).sort()).toEqual([
    'else',
    'else/real.json',
    'link.json',
    'new.json',
  ]);
  expect((await stat(inFolder('else/real.json'))).mode & 0o777).toBe(0o640);
});

it('a device is written to and not replaced', async () => {
  const file = new OutputFile('/dev/null');
  await file.probe();
  await file.write('nothing');
  expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
});

it('a file without write permission is not replaced', async () => {
  await writeFile(inFolder('kept.json'), 'kept');
  await chmod(inFolder('kept.json'), 0o400);
  const isRoot = process.getuid?.() === 0;
  const outcome = await new OutputFile(inFolder('kept.json')).probe().then(
    () => 'writable',
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  expect(outcome).toBe(isRoot ? 'writable' : 'EACCES');
  expect(await readFile(inFolder('kept.json'), 'utf8')).toBe('kept');
});

it('a report escapes unprintable characters, and its values stay the same', async () => {
  const findings = [{ value: '\u009b\u202e\u2028\ud800' }];
  expect(await writeReport(inFolder('r.json'), { findings } as never, () => undefined)).toBe(true);
  const text = await readFile(inFolder('r.json'), 'utf8');
  expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  expect(JSON.parse(text)).toEqual({ findings });
});

it('a disk without room is found before anything is written, for several files too', async () => {
  const volume = inFolder('volume');
  await mkdir(volume);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', volume], { stdio: 'ignore' });
  } catch {
    console.warn('Not tested: this machine does not let the test mount a volume, which takes root.');
    return;
  }
  try {
    await expect(writeFile(join(volume, 'blocker'), Buffer.alloc(1 << 20))).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(new OutputFile(join(volume, 'r.json')).probe()).rejects.toMatchObject({ code: 'ENOSPC' });
    const pending = new PendingFiles();
    await expect(pending.create(join(volume, 'train.csv'))).rejects.toMatchObject({ code: 'storage-full' });
    await pending.discard();
    expect(await readdir(volume)).toEqual(['blocker']);
  } finally {
    execFileSync('umount', [volume]);
  }
});

it('files that are written together never replace a folder', async () => {
  await mkdir(inFolder('train.csv'));
  expect(() => refuseExisting([inFolder('train.csv')], true)).toThrow(/train\.csv cannot be written: EISDIR\./);
});
