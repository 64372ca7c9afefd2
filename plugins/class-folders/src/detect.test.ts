import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { LayoutDetection } from '@tracebloc/ingestor-contract';
import { detectFolders } from './detect.js';

async function detectNames(names: readonly string[]): Promise<LayoutDetection | undefined> {
  const root = await mkdtemp(join(tmpdir(), 'classes-'));
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), '');
  }
  return detectFolders(root);
}

it('finds folders of classes', async () => {
  const found = await detectNames(['good/1.jpg', 'bad/2.jpg', 'bad/3.jpg', 'bad/notes.md', 'README.md']);
  expect(found).toMatchObject({
    found: '3 images in folders of 2 classes',
    forms: ['image_classes'],
    train: { options: [], rows: 3 },
    doubts: ['Files that are left out: 1.'],
  });
  expect(found!.test).toBeUndefined();
});

it('finds the splits', async () => {
  const halves = ['train', 'valid', 'test'].flatMap((split) => [`${split}/pos/1.txt`, `${split}/neg/2.txt`]);
  expect(await detectNames(halves)).toMatchObject({
    found: '2 texts in folders of 2 classes',
    forms: ['text_classes'],
    train: { options: [{ name: 'split', value: 'train' }], rows: 2 },
    test: { options: [{ name: 'split', value: 'test' }], rows: 2 },
    doubts: ['The split val is in neither the train nor the test half.'],
  });
});

it.each([
  [['images/1.jpg', 'masks/1.png']],
  [['JPEGImages/1.jpg', 'Annotations/1.xml', 'other/2.jpg']],
  [['one/1.jpg']],
  [['1.jpg', '2.jpg']],
  [['src/a.ts', 'docs/b.md', 'docs/c.png', 'src/x.png', 'src/b.ts']],
])('finds none in %j', async (names) => {
  expect(await detectNames(names)).toBeUndefined();
});

it('finds texts without an extension, but no programs', async () => {
  const root = await mkdtemp(join(tmpdir(), 'classes-'));
  for (const name of ['space', 'sport']) await mkdir(join(root, name));
  await writeFile(join(root, 'space/60862'), 'A text.');
  await writeFile(join(root, 'sport/51060'), 'Another.');
  expect(await detectFolders(root)).toMatchObject({
    found: '2 texts in folders of 2 classes',
    forms: ['text_classes'],
  });
  await writeFile(join(root, 'sport/program'), Buffer.of(0x7f, 0x45, 0x4c, 0x46, 0));
  expect(await detectFolders(root)).toBeUndefined();
});
