import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import { CAFE, opened, textsFolder } from './sidecar-folder.test-support.js';

describe('a name is refused', () => {
  it.each([
    ['missing-filename', ''],
    ['missing-filename', '  '],
    ['unsafe-filename', '../secret.txt'],
    ['unsafe-filename', '../../etc/passwd'],
    ['unsafe-filename', '/etc/passwd'],
    ['unsafe-filename', './a.txt'],
    ['unsafe-filename', 'texts/a.txt'],
    ['unsafe-filename', '..\\secret.txt'],
    ['unsafe-filename', 'C:\\a.txt'],
    ['unsafe-filename', 'a.txt\0.jpg'],
    ['unsafe-filename', '.'],
    ['unsafe-filename', '..'],
    ['missing-file', ' .. '],
    ['missing-file', 'A.txt'],
    ['missing-file', 'b'],
    ['missing-file', '.txt'],
    ['missing-file', 'b.2024.txt'],
    ['missing-file', 'x'.repeat(5000)],
    ['missing-file', '.hidden'],
  ])('as %s: %j', async (code, named) => {
    using texts = textsFolder('a.txt', '.hidden.txt', 'b.png.jpg');
    const { find, report } = await opened(texts.path);
    expect(await find(named)).toBeUndefined();
    expect(report.findings()).toMatchObject([{ code, file: 'labels.csv', row: 2, column: 'filename' }]);
    const { value, message } = report.findings()[0]!;
    expect(named.slice(0, 79)).toBe(value!.replace('…', ''));
    expect(message.includes('Hidden files')).toBe(named.startsWith('.') && code === 'missing-file');
  });

  it.each([
    ['a', 'a.png', 'texts/a.png does not have the extension of the dataset'],
    ['a.txt', 'a.PNG', 'texts/a.PNG does not have the extension of the dataset'],
    ['a.gif', 'a.gif', 'texts/a.gif does not have the extension of the dataset'],
    ['photo.2024', 'photo.2024.jpg', 'texts/photo.2024.jpg does not have the extension of the dataset'],
    ['a.png', 'a.txt', 'The row says .png, but the file is texts/a.txt.'],
  ])('as wrong-extension: %j if the folder has %s', async (named, name, message) => {
    using texts = textsFolder(name);
    const { folder, find, report } = await opened(texts.path);
    expect(await find(named)).toBeUndefined();
    await folder.reportUnnamed(report);
    expect(report.findings()).toMatchObject([
      { code: 'wrong-extension', row: 2, value: named, expected: 'the extension .txt' },
    ]);
    expect(report.findings()[0]!.message).toContain(message);
  });

  it('as missing-file if only the beginning of the name is that of a file', async () => {
    using texts = textsFolder('photo.txt');
    const { find, report } = await opened(texts.path);
    await find('photo.2024');
    expect(report.findings()).toMatchObject([{ code: 'missing-file', value: 'photo.2024' }]);
  });

  it.each([
    ['the case of the extension', 'a.txt', 'a.TXT', 'a'],
    ['the encoding of accents', `${CAFE.nfc}.txt`, `${CAFE.nfd}.txt`, CAFE.nfc],
  ])('as ambiguous-filename if two files differ only in %s', async (_, one, other, named) => {
    using texts = textsFolder(one, other);
    const { find, report } = await opened(texts.path);
    expect(await find(named)).toBeUndefined();
    expect(await find(other)).toBeUndefined();
    expect(report.findings()).toMatchObject([
      { code: 'ambiguous-filename', row: 2, value: named },
      { code: 'ambiguous-filename', row: 3, value: other },
    ]);
  });
});

describe('the file of a name is refused', () => {
  it.each([
    ['unsafe-filename', 'a link to a file outside', (path: string) => symlinkSync('../secret.txt', path)],
    ['unsafe-filename', 'an absolute link', (path: string) => symlinkSync('/etc/passwd', path)],
    ['unsafe-filename', 'a link to the folder itself', (path: string) => symlinkSync('.', path)],
    ['unreadable-file', 'a link to nothing', (path: string) => symlinkSync('gone.txt', path)],
    ['unreadable-file', 'a link to itself', (path: string) => symlinkSync('x.txt', path)],
    ['unreadable-file', 'a folder', (path: string) => mkdirSync(path)],
    ['unreadable-file', 'a FIFO, without waiting for a writer', (path: string) => execFileSync('mkfifo', [path])],
  ])('as %s: %s', async (code, _, make: (path: string) => unknown) => {
    using texts = textsFolder();
    make(join(texts.path, 'x.txt'));
    const { find, report } = await opened(texts.path);
    expect(await find('x')).toBeUndefined();
    expect(report.findings()).toMatchObject([{ code, file: 'labels.csv', row: 2, value: 'x' }]);
  });

  it('as filename-too-long: a name whose composed form has too many bytes', async () => {
    const long = '\u0958'.repeat(60);
    using texts = textsFolder(`${long}.txt`, `${long.slice(20)}.txt`);
    const { find, report } = await opened(texts.path);
    expect(await find(long)).toBeUndefined();
    expect(report.findings()).toMatchObject([{ code: 'filename-too-long', row: 2 }]);
    expect((await find(long.slice(20)))?.stem).toBe('\u0915\u093c'.repeat(40));
  });

  it('as unsafe-filename: a link into a folder whose name begins in the same way', async () => {
    using texts = textsFolder();
    mkdirSync(join(texts.outside, 'texts2'));
    writeFileSync(join(texts.outside, 'texts2', 'a.txt'), 'text');
    symlinkSync('../texts2/a.txt', join(texts.path, 'a.txt'));
    const { find, report } = await opened(texts.path);
    await find('a');
    expect(report.findings()).toMatchObject([{ code: 'unsafe-filename' }]);
  });

  it('as unreadable-file: a file that was removed after the folder was listed', async () => {
    using texts = textsFolder('a.txt');
    const { find, report } = await opened(texts.path);
    execFileSync('rm', [join(texts.path, 'a.txt')]);
    await find('a');
    expect(report.findings()).toMatchObject([
      { code: 'unreadable-file', message: 'The file cannot be read (ENOENT).' },
    ]);
  });

  it('as zero-byte-file, only once', async () => {
    using texts = textsFolder('a.txt');
    writeFileSync(join(texts.path, 'empty.txt'), '');
    const { find, report } = await opened(texts.path);
    expect([await find('empty'), await find('empty')]).toEqual([undefined, undefined]);
    expect(report.findings()).toMatchObject([{ code: 'zero-byte-file', file: 'texts/empty.txt' }]);
  });
});

describe('a user without permissions', () => {
  /** Finds `a` and `b` in a folder, in the process of another user, since root can read everything. */
  function findAsNobody(path: string): { findings: Finding[]; failure?: { code: string; exitCode: number } } {
    const script = `
      import { SidecarFolder, createReport } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      const report = createReport();
      let failure;
      try {
        const folder = await SidecarFolder.open(${JSON.stringify(path)}, '.txt');
        for (const named of ['a', 'b']) await folder.find(named, { report, file: 'labels.csv', row: 2 });
      } catch ({ code, exitCode }) {
        failure = { code, exitCode };
      }
      console.log(JSON.stringify({ findings: report.findings(), failure }));`;
    const user = process.getuid!() === 0 ? { uid: 65534 } : {};
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], user);
    return JSON.parse(output.toString()) as ReturnType<typeof findAsNobody>;
  }

  it('gets a finding about a file that may not be read', () => {
    using texts = textsFolder('a.txt', 'b.txt');
    chmodSync(texts.outside, 0o755);
    chmodSync(join(texts.path, 'b.txt'), 0);
    const { findings } = findAsNobody(texts.path);
    expect(findings).toMatchObject([
      { code: 'unreadable-file', value: 'b', message: 'The file cannot be read (EACCES).' },
    ]);
  });

  it('gets an error about a folder that may not be listed', () => {
    using texts = textsFolder('a.txt');
    chmodSync(texts.outside, 0o755);
    chmodSync(texts.path, 0o300);
    expect(findAsNobody(texts.path).failure).toEqual({ code: 'folder-unreadable', exitCode: 2 });
    chmodSync(texts.path, 0o755);
  });
});
