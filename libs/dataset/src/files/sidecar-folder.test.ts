import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createReport } from '../findings/report.js';
import { SidecarFolder, checkPairs } from './sidecar-folder.js';
import { CAFE, opened, textsFolder } from './sidecar-folder.test-support.js';

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
    ['with an extension in upper case in the row', 'a.txt', 'a.TXT', 'a'],
    ['with a composed name, by a row with a decomposed one', `${CAFE.nfc}.txt`, CAFE.nfd, CAFE.nfc],
    ['with a decomposed name, by a row with a composed one', `${CAFE.nfd}.txt`, `${CAFE.nfc}.txt`, CAFE.nfc],
    ['with emoji', '👩‍👩‍👧.txt', '👩‍👩‍👧', '👩‍👩‍👧'],
    ['by a row with space around the name', 'a.txt', ' a.txt ', 'a'],
    ['with space around its name', ' a .txt', ' a ', ' a '],
    ['with the longest name that is allowed', `${'x'.repeat(251)}.txt`, 'x'.repeat(251), 'x'.repeat(251)],
    ['with the name of a property of objects', '__proto__.txt', '__proto__', '__proto__'],
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

  it('by its whole name before the extension is added', async () => {
    using texts = textsFolder('a.txt', 'a.txt.txt');
    const { find } = await opened(texts.path);
    expect((await find('a.txt'))?.stem).toBe('a');
    expect((await find('a.txt.txt'))?.stem).toBe('a.txt');
    expect((await find('a'))?.repeated).toBe(true);
  });

  it('through a link that stays in the folder, even if the folder is behind a link', async () => {
    using texts = textsFolder('a.txt');
    symlinkSync('a.txt', join(texts.path, 'link.txt'));
    symlinkSync(texts.path, join(texts.outside, 'other'));
    const { find, report } = await opened(join(texts.outside, 'other'));
    expect(await find('link')).toMatchObject({ stem: 'link', shown: 'other/link.txt', size: 4 });
    expect(report.totals()).toEqual([]);
  });

  it('by each row that names it in any form, and marked as repeated from the second on', async () => {
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

describe('files that no row names', () => {
  it('are reported once, with links, but without hidden files and folders', async () => {
    using texts = textsFolder('a.txt', 'b.txt', 'notes.md', '.DS_Store', '._a.txt');
    mkdirSync(join(texts.path, 'more'));
    symlinkSync('a.txt', join(texts.path, 'link.txt'));
    const { folder, find, report } = await opened(texts.path);
    await find('a');
    await folder.reportUnnamed(report);
    expect(report.findings()).toMatchObject([
      {
        code: 'unnamed-file',
        severity: 'warning',
        file: 'texts/',
        message: '3 of 4 files are not named by any row, so they are not used: b.txt, link.txt and notes.md.',
      },
    ]);
  });

  it('are only those that other manifests do not name either, which are read only if files are left', async () => {
    using texts = textsFolder('a.txt', 'b.txt', 'c.txt', 'd.txt');
    const { folder, find, report } = await opened(texts.path);
    await Promise.all(['a', 'b'].map(find));
    let reads = 0;
    async function* elsewhere() {
      reads++;
      yield* ['c', 'a', 'gone', '../x', ''];
    }
    await folder.reportUnnamed(report, elsewhere());
    expect(report.findings()).toMatchObject([
      { code: 'unnamed-file', message: expect.stringMatching(/^1 of 4 .*: d\.txt\.$/) },
    ]);
    await find('d');
    await folder.reportUnnamed(report, elsewhere());
    expect([reads, report.warnings, report.errors]).toEqual([1, 1, 0]);
  });

  it('are listed up to ten names', async () => {
    using texts = textsFolder(...Array.from({ length: 12 }, (_, index) => `${index}.txt`));
    const { folder, report } = await opened(texts.path);
    await folder.reportUnnamed(report);
    expect(report.findings()[0]!.message).toMatch(/^12 of 12 .*: 0\.txt, 1\.txt, 10\.txt, .* 7\.txt and 2 more\.$/);
  });

  it('do not include files that rows name, even if these cannot be used', async () => {
    using texts = textsFolder('a.txt', 'b.png');
    writeFileSync(join(texts.path, 'empty.txt'), '');
    symlinkSync('gone', join(texts.path, 'link.txt'));
    const { folder, find, report } = await opened(texts.path);
    await Promise.all(['a', 'b', 'empty', 'link'].map(find));
    await folder.reportUnnamed(report);
    expect(report.warnings).toBe(0);
  });
});

it('files of two folders are paired by their stems, with any extension, case and form', async () => {
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
