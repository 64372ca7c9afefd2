import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { detect } from './detect.js';

/** Returns what `detect` finds in a folder that holds these empty files and this table. */
async function detectIn(names: readonly string[], table = 'filename,label\na,x\nb,y\nb,x\n') {
  const root = mkdtempSync(join(tmpdir(), 'ingestor-detect-'));
  try {
    for (const name of names) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), '');
    }
    writeFileSync(join(root, 'labels.csv'), table);
    return await detect(await surveyPath(root, new AbortController().signal));
  } finally {
    rmSync(root, { recursive: true });
  }
}

const PAIRS = ['images/a.jpg', 'images/b.jpg', 'annotations/a.xml', 'annotations/b.xml'];

it('is certain of images with XML beside them', async () => {
  expect(await detectIn(PAIRS)).toMatchObject({
    fit: 'certain',
    found: '2 .jpg images in images/ with 2 annotations in annotations/, and a table of 3 rows that names them',
    labels: ['label'],
    schema: [],
    fields: { images: 'images', annotations: 'annotations', target_size: [448, 448] },
    fileOptions: {},
  });
});

it('finds the folders of Pascal VOC itself, and another extension', async () => {
  const names = ['JPEGImages/a.png', 'JPEGImages/b.png', 'Annotations/a.xml', 'Annotations/b.xml', 'ImageSets/x.xml'];
  expect(await detectIn(names)).toMatchObject({
    fields: { images: 'JPEGImages', annotations: 'Annotations' },
    fileOptions: { extension: '.png' },
  });
});

it('proposes the further columns only if each row is an image', async () => {
  expect(await detectIn(PAIRS, 'Filename,label,site\na,x,1\nb,y,2\nb,y,3\n')).toMatchObject({ schema: [] });
  expect(await detectIn(PAIRS, 'Filename,label,site\na,x,1\nb,y,2\n')).toMatchObject({ schema: ['label', 'site'] });
});

it.each([
  ['there is no folder of annotations in XML', ['images/a.jpg']],
  [
    'there is no folder of .jpg, .jpeg, .png, .webp, .bmp, .gif, .tif and .tiff files beside the table',
    ['annotations/a.xml'],
  ],
])('says why it does not recognise data: %s', async (reason, names) => {
  expect(await detectIn(names)).toMatchObject({ reason, fix: expect.stringMatching(/\.$/) as unknown });
});

it('does not recognise a table that names no files', async () => {
  expect(await detectIn(PAIRS, 'x,y\n1,2\n')).toMatchObject({
    reason: 'no column of labels.csv names the files in images/',
  });
});
