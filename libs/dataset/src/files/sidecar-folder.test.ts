import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import { createReport } from '../findings/report.js';
import { temporaryFolder } from '../manifest/reading.test-support.js';
import { SidecarFolder, checkPairs } from './sidecar-folder.js';

const CAFE = { nfc: 'caf\u00e9', nfd: 'cafe\u0301' };

/** A folder `texts` with files, in a temporary folder that also holds the file `secret.txt`. */
function textsFolder(...names: string[]) {
  const folder = temporaryFolder();
  const path = join(folder.path, 'texts');
  mkdirSync(path);
  writeFileSync(join(folder.path, 'secret.txt'), 'secret');
  for (const name of names) writeFileSync(join(path, name), 'text');
  return { path, outside: folder.path, [Symbol.dispose]: folder[Symbol.dispose] };
}

async function opened(path: string, extension = '.txt') {
  const folder = await SidecarFolder.open(path, extension);
  const report = createReport();
  let row = 1;
  return {
    folder,
    report,
    find: (named: string) => folder.find(named, { report, file: 'labels.csv', row: ++row, column: 'filename' }),
  };
}

describe('a file is found', () => {
  it.each([
    ['with its extension', 'a.txt', 'a.txt', 'a'],
    ['without it', 'a.txt', 'a', 'a'],
    ['with a space', 'two words.txt', 'two words', 'two words'],
    ['with umlauts', 'Größe übel.txt', 'Größe übel.txt', 'Größe übel'],
    ['with dots', 'photo.2024.txt', 'photo.2024', 'photo.2024'],
    ['with dots and its extension', 'photo.2024.txt', 'photo.2024.txt', 'photo.2024'],
    ['with an extension within its name', 'a.txt.txt', 'a.txt', 'a.txt'],
    ['with an upper-case extension', 'A.TXT', 'A', 'A'],
    ['whose extension the row writes in upper case', 'a.txt', 'a.TXT', 'a'],
    ['composed, of a row that is not', `${CAFE.nfc}.txt`, CAFE.nfd, CAFE.nfc],
    ['not composed, of a row that is', `${CAFE.nfd}.txt`, `${CAFE.nfc}.txt`, CAFE.nfc],
    ['with emoji', '👩‍👩‍👧.txt', '👩‍👩‍👧', '👩‍👩‍👧'],
    ['of a row with space around the name', 'a.txt', ' a.txt ', 'a'],
    ['with space around its own name', ' a .txt', ' a ', ' a '],
    ['whose name is as long as names may be', `${'x'.repeat(251)}.txt`, 'x'.repeat(251), 'x'.repeat(251)],
    ['called like a property of objects', '__proto__.txt', '__proto__', '__proto__'],
  ])('%s', async (_, name, named, stem) => {
    using texts = textsFolder(name);
    const { find, report } = await opened(texts.path);
    expect(await find(named)).toEqual({
      stem,
      extension: '.txt',
      shown: `texts/${name}`,
      path: join(texts.path, name),
      within: realpathSync(texts.path),
      size: 4,
      repeated: false,
    });
    expect(report.totals()).toEqual([]);
  });

  it('by its whole name rather than by what the extension would make of it', async () => {
    using texts = textsFolder('a.txt', 'a.txt.txt');
    const { find } = await opened(texts.path);
    expect((await find('a.txt'))?.stem).toBe('a');
    expect((await find('a.txt.txt'))?.stem).toBe('a.txt');
    expect((await find('a'))?.repeated).toBe(true);
  });

  it('through a link that stays in the folder, also where the folder is itself behind a link', async () => {
    using texts = textsFolder('a.txt');
    symlinkSync('a.txt', join(texts.path, 'link.txt'));
    symlinkSync(texts.path, join(texts.outside, 'other'));
    const { find, report } = await opened(join(texts.outside, 'other'));
    expect(await find('link')).toMatchObject({ stem: 'link', shown: 'other/link.txt', size: 4 });
    expect(report.totals()).toEqual([]);
  });

  it('once for each row that names it, told from the second on, in whatever form', async () => {
    using texts = textsFolder('a.txt', 'b.txt');
    const { find } = await opened(texts.path);
    const found = await Promise.all(['a', 'b', 'a.txt', 'a.TXT'].map(find));
    expect(found.map((file) => [file?.stem, file?.repeated])).toEqual([
      ['a', false],
      ['b', false],
      ['a', true],
      ['a', true],
    ]);
  });
});

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
  ])('as wrong-extension: %j where there is %s', async (named, name, message) => {
    using texts = textsFolder(name);
    const { folder, find, report } = await opened(texts.path);
    expect(await find(named)).toBeUndefined();
    folder.reportUnnamed(report);
    expect(report.findings()).toMatchObject([
      { code: 'wrong-extension', row: 2, value: named, expected: 'the extension .txt' },
    ]);
    expect(report.findings()[0]!.message).toContain(message);
  });

  it('and no other file is meant than one of the same name', async () => {
    using texts = textsFolder('photo.txt');
    const { find, report } = await opened(texts.path);
    await find('photo.2024');
    expect(report.findings()).toMatchObject([{ code: 'missing-file', value: 'photo.2024' }]);
  });

  it.each([
    ['the case of the extension', 'a.txt', 'a.TXT', 'a'],
    ['the encoding of accents', `${CAFE.nfc}.txt`, `${CAFE.nfd}.txt`, CAFE.nfc],
  ])('where two files differ only in %s', async (_, one, other, named) => {
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

describe('what lies under a name is refused', () => {
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

  it('as filename-too-long: one that is composed to more bytes than a name may have', async () => {
    const long = '\u0958'.repeat(60);
    using texts = textsFolder(`${long}.txt`, `${long.slice(20)}.txt`);
    const { find, report } = await opened(texts.path);
    expect(await find(long)).toBeUndefined();
    expect(report.findings()).toMatchObject([{ code: 'filename-too-long', row: 2 }]);
    expect((await find(long.slice(20)))?.stem).toBe('\u0915\u093c'.repeat(40));
  });

  it('as unsafe-filename: a link into a folder whose name begins alike', async () => {
    using texts = textsFolder();
    mkdirSync(join(texts.outside, 'texts2'));
    writeFileSync(join(texts.outside, 'texts2', 'a.txt'), 'text');
    symlinkSync('../texts2/a.txt', join(texts.path, 'a.txt'));
    const { find, report } = await opened(texts.path);
    await find('a');
    expect(report.findings()).toMatchObject([{ code: 'unsafe-filename' }]);
  });

  it('as unreadable-file: one that has gone since the folder was listed', async () => {
    using texts = textsFolder('a.txt');
    const { find, report } = await opened(texts.path);
    execFileSync('rm', [join(texts.path, 'a.txt')]);
    await find('a');
    expect(report.findings()).toMatchObject([
      { code: 'unreadable-file', message: 'The file cannot be read (ENOENT).' },
    ]);
  });

  it('as zero-byte-file, once', async () => {
    using texts = textsFolder('a.txt');
    writeFileSync(join(texts.path, 'empty.txt'), '');
    const { find, report } = await opened(texts.path);
    expect([await find('empty'), await find('empty')]).toEqual([undefined, undefined]);
    expect(report.findings()).toMatchObject([{ code: 'zero-byte-file', file: 'texts/empty.txt' }]);
  });
});

describe('as a user without rights', () => {
  /** Finds `a` and `b` in a folder, in a process of a user whom permissions bind; root may read everything. */
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

  it('a file that may not be read is reported', () => {
    using texts = textsFolder('a.txt', 'b.txt');
    chmodSync(texts.outside, 0o755);
    chmodSync(join(texts.path, 'b.txt'), 0);
    const { findings } = findAsNobody(texts.path);
    expect(findings).toMatchObject([
      { code: 'unreadable-file', value: 'b', message: 'The file cannot be read (EACCES).' },
    ]);
  });

  it('a folder that may not be listed is an error with a fix', () => {
    using texts = textsFolder('a.txt');
    chmodSync(texts.outside, 0o755);
    chmodSync(texts.path, 0o300);
    expect(findAsNobody(texts.path).failure).toEqual({ code: 'folder-unreadable', exitCode: 2 });
    chmodSync(texts.path, 0o755);
  });
});

describe('files that no row names', () => {
  it('are told once, links among them; hidden files and folders are nobody’s', async () => {
    using texts = textsFolder('a.txt', 'b.txt', 'notes.md', '.DS_Store', '._a.txt');
    mkdirSync(join(texts.path, 'more'));
    symlinkSync('a.txt', join(texts.path, 'link.txt'));
    const { folder, find, report } = await opened(texts.path);
    await find('a');
    folder.reportUnnamed(report);
    expect(report.findings()).toMatchObject([
      {
        code: 'unnamed-file',
        severity: 'warning',
        file: 'texts/',
        message: '3 of 4 files are not named by any row, so they are not used: b.txt, link.txt and notes.md.',
      },
    ]);
  });

  it('are listed up to ten', async () => {
    using texts = textsFolder(...Array.from({ length: 12 }, (_, index) => `${index}.txt`));
    const { folder, report } = await opened(texts.path);
    folder.reportUnnamed(report);
    expect(report.findings()[0]!.message).toMatch(/^12 of 12 .*: 0\.txt, 1\.txt, 10\.txt, .* 7\.txt and 2 more\.$/);
  });

  it('do not count where each is named, found usable or not', async () => {
    using texts = textsFolder('a.txt', 'b.png');
    writeFileSync(join(texts.path, 'empty.txt'), '');
    symlinkSync('gone', join(texts.path, 'link.txt'));
    const { folder, find, report } = await opened(texts.path);
    await Promise.all(['a', 'b', 'empty', 'link'].map(find));
    folder.reportUnnamed(report);
    expect(report.warnings).toBe(0);
  });
});

it('files of two folders are paired by stem, whatever their extensions, case and form', async () => {
  using texts = textsFolder('a.jpg', 'b.JPG', `${CAFE.nfc}.jpg`, 'x.xml.jpg', 'notes.md');
  const path = join(texts.outside, 'annotations');
  mkdirSync(path);
  for (const name of ['a.xml', `${CAFE.nfd}.xml`, 'x.xml', 'c.xml']) writeFileSync(join(path, name), '<annotation/>');
  const report = createReport();
  const [images, annotations] = [await SidecarFolder.open(texts.path, '.jpg'), await SidecarFolder.open(path, '.XML')];
  checkPairs(images, annotations, report);
  expect(report.findings()).toMatchObject([
    { code: 'unpaired-file', file: 'texts/b.JPG', expected: 'annotations/b.xml' },
    { code: 'unpaired-file', file: 'texts/x.xml.jpg', expected: 'annotations/x.xml.xml' },
    { code: 'unpaired-file', file: 'annotations/c.xml', expected: 'texts/c.jpg' },
    { code: 'unpaired-file', file: 'annotations/x.xml', expected: 'texts/x.jpg' },
  ]);
});
