import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { detect } from './detect.js';

/** Returns what `detect` finds in a folder that holds these files. */
async function detectIn(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'ingestor-detect-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    return await detect(await surveyPath(root, new AbortController().signal));
  } finally {
    rmSync(root, { recursive: true });
  }
}

const textsIn = (folder: string, extension = '.txt') =>
  Object.fromEntries(['1', '2', '3', '4'].map((stem) => [`${folder}/${stem}${extension}`, '']));

const LABELS = 'filename,lang,Label,note\n1,en,a,w\n2,en,b,x\n3,de,c,y\n4,de,c,z\n';

describe('detect', () => {
  it('recognises a folder of texts beside a table that names them', async () => {
    const files = { ...textsIn('texts'), 'texts/README.md': '', 'a.csv': 'x\n1\n', 'labels.csv': LABELS };
    const detection = await detectIn(files);
    expect(detection).toMatchObject({
      fit: 'likely',
      found: 'a folder of 4 .txt files, texts/, and a table of 4 rows that names them',
      labels: ['Label'],
      schema: [],
      fields: { texts: 'texts' },
      fileOptions: {},
    });
    expect(detection!.manifest.path).toMatch(/\/labels\.csv$/);
  });

  it('chooses another folder if it is the only one of texts, with its extension', async () => {
    const files = { ...textsIn('reviews', '.text'), 'reviews/a.txt': '', ...textsIn('images', '.png') };
    expect(await detectIn({ ...files, 'images/readme.txt': '', 'labels.csv': LABELS })).toMatchObject({
      fields: { texts: 'reviews' },
      fileOptions: { extension: '.text' },
    });
  });

  it('prefers texts/ among several', async () => {
    const files = { ...textsIn('a'), ...textsIn('texts'), 'labels.csv': LABELS };
    expect(await detectIn(files)).toMatchObject({ fields: { texts: 'texts' } });
  });

  it.each([
    ['no folder of texts', { ...textsIn('images', '.jpg'), 'images/readme.txt': '', 'labels.csv': LABELS }],
    ['two folders, none of them texts/', { ...textsIn('a'), ...textsIn('b'), 'labels.csv': LABELS }],
    ['no table', textsIn('texts')],
    ['no column filename', { ...textsIn('texts'), 'labels.csv': LABELS.replace('filename', 'file') }],
    ['no column for the label', { ...textsIn('texts'), 'labels.csv': 'filename,x,y\n1,a,k\n2,b,k\n' }],
  ])('does not recognise %s', async (_, files: Record<string, string>) => {
    expect(await detectIn(files)).toBeUndefined();
  });
});
