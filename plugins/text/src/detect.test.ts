import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Detection } from '@tracebloc/ingestor-contract';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { textClassification } from './classification.js';
import { sentencePairClassification } from './sentence-pairs.js';
import { tokenClassification } from './tokens.js';

/** Returns what `detect` finds in a folder that holds these files. */
async function detectIn(files: Record<string, string>, label?: string, task = textClassification) {
  const root = mkdtempSync(join(tmpdir(), 'ingestor-detect-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    return (await task.detect!(await surveyPath(root, new AbortController().signal), label))!;
  } finally {
    rmSync(root, { recursive: true });
  }
}

const textsIn = (folder: string, extension = '.txt', text = '') =>
  Object.fromEntries(['1', '2', '3', '4'].map((stem) => [`${folder}/${stem}${extension}`, text]));

const LABELS = 'filename,lang,Label,note\n1,en,a,w\n2,en,b,x\n3,de,c,y\n4,de,c,z\n';

describe('detect', () => {
  it('recognises a folder of texts beside a table that names them', async () => {
    const files = { ...textsIn('texts'), 'texts/README.md': '', 'a.csv': 'x\n1\n', 'labels.csv': LABELS };
    const detection = (await detectIn(files)) as Detection;
    expect(detection).toMatchObject({
      fit: 'likely',
      found: 'a folder of 4 .txt files, texts/, and a table of 4 rows that names them',
      labels: ['Label'],
      schema: [],
      fields: { texts: 'texts' },
      fileOptions: {},
    });
    expect(detection.manifest.path).toMatch(/\/labels\.csv$/);
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
    [
      'there is no folder of .txt and .text files beside the table',
      { ...textsIn('images', '.jpg'), 'images/readme.txt': '', 'labels.csv': LABELS },
    ],
    [
      'its files are in 2 folders, a/ and b/, and not in one',
      { ...textsIn('a'), ...textsIn('b'), 'labels.csv': LABELS },
    ],
    ['no table names the files in texts/', textsIn('texts')],
    [
      'no column of labels.csv names the files in texts/',
      { ...textsIn('texts'), 'labels.csv': 'size,label\n10,a\n20,b\n30,a\n' },
    ],
    [
      'no column of labels.csv could be the label: none has values that recur',
      { ...textsIn('texts'), 'labels.csv': 'filename,x,y\n1,a,k\n2,b,k\n' },
    ],
    [
      'the column review of labels.csv holds the texts, and no other could be the label',
      { 'labels.csv': 'review\n"It works, and well"\nIt broke\n' },
    ],
    [
      'the labels are lists of tags, and not classes',
      { ...textsIn('texts'), 'labels.csv': 'filename,label\n1,O B-PER\n2,O\n3,O\n4,O\n' },
    ],
    [
      'the files in space/ and sport/ have no extension, and no table names them',
      { 'space/1': 'x', 'space/2': 'y', 'sport/1': 'z' },
    ],
    ['the files in texts/ have no extension', { 'texts/1': 'x', 'texts/2': 'y', 'labels.csv': LABELS }],
    ['most files in Texts/ are .md files', { ...textsIn('Texts', '.md'), 'labels.csv': LABELS }],
    ['texts/ itself has no files', { 'texts/a/1.txt': 'x', 'texts/b/2.txt': 'y', 'labels.csv': LABELS }],
    [
      'the .txt files are beside the table, and not in a folder of their own',
      { '1.txt': 'x', '2.txt': 'y', 'labels.csv': LABELS },
    ],
  ])('says why it does not recognise a folder: %s', async (reason, files: Record<string, string>) => {
    expect(await detectIn(files)).toMatchObject({ reason, fix: expect.stringMatching(/\.$/) as unknown });
  });

  it.each([
    ['a column with the usual name', 'review,label\n"It works, and well",good\nIt broke,bad\n', 'certain', 'review'],
    [
      'the only column of long values',
      `what,kind\n${'long '.repeat(20)}a,x\n${'long '.repeat(20)}b,y\n${'long '.repeat(20)}c,y\n`,
      'certain',
      'what',
    ],
    ['one of many columns', 'id,a,b,text,label\n1,2,3,It works,x\n2,3,4,It broke,y\n', 'possible', 'text'],
  ])('takes the texts from %s of the table', async (_, table, fit, column) => {
    const found = await detectIn({ 'labels.csv': table });
    expect(found).toMatchObject({ fit, fields: { text_column: column }, fileOptions: {}, schema: [] });
  });

  describe.each([
    ['token_classification', tokenClassification],
    ['sentence_pair_classification', sentencePairClassification],
  ])('of %s', (id, task) => {
    const isTokens = id === 'token_classification';

    it.each([
      [textsIn('texts', '.txt', 'a b'), 'filename,ner\n1,O B-X\n2,O O\n3,O O\n4,B-X I-X\n', isTokens && 'certain'],
      [
        textsIn('texts', '.txt', 'a b'),
        'filename,ner,topic\n1,O B-X,x\n2,O O,y\n3,O O,x\n4,O O,y\n',
        isTokens && 'likely',
      ],
      [textsIn('texts', '.txt', 'a\tb\n'), LABELS, !isTokens && 'certain'],
      [{ ...textsIn('texts', '.txt', 'a\tb'), 'texts/3.txt': 'a\nb' }, LABELS, false],
      [{}, 'text,ner\nin Porto,O B-X\nin Graz,O B-Y\n', isTokens && 'certain'],
      [{}, 'premise,hypothesis,label\na,b,x\nc,d,y\n', !isTokens && 'certain'],
      [{}, 'a,b,label\n1,b,x\n2,d,y\n', false],
    ])('case %#', async (files, table, fit) => {
      const found = (await detectIn({ ...files, 'labels.csv': table }, undefined, task)) as Detection;
      if (fit === false)
        expect(found).toMatchObject({
          reason: expect.any(String) as unknown,
          fix: expect.stringMatching(/\.$/) as unknown,
        });
      else expect(found).toMatchObject({ fit, labels: [expect.stringMatching(isTokens ? /^ner$/ : /^label$/i)] });
    });
  });

  it('declares a column of tags that the column of labels cannot hold', async () => {
    const long = `O${' O'.repeat(200)} B-X`;
    const table = `filename,ner\n1,${long}\n2,O\n3,O\n4,O\n`;
    const files = { ...textsIn('texts'), 'labels.csv': table };
    expect(await detectIn(files, undefined, tokenClassification)).toMatchObject({ schema: ['ner'] });
  });

  it('finds the column that names the texts by its values', async () => {
    const files = { ...textsIn('Texts'), 'labels.csv': LABELS.replace('filename', 'doc id') };
    expect(await detectIn(files)).toMatchObject({
      labels: ['Label'],
      fields: { texts: 'Texts', filename_column: 'doc id' },
    });
    // Of labels that happen to be names of files, and names, the names are taken.
    const labels = 'label,doc\n1,1\n2,2\n1,3.TXT\n2,4.txt\n';
    expect(await detectIn({ ...textsIn('texts'), 'labels.csv': labels })).toMatchObject({
      labels: ['label'],
      fields: { filename_column: 'doc' },
    });
  });

  it('takes the label that the user names, whatever its values are', async () => {
    const files = { ...textsIn('texts'), 'labels.csv': LABELS };
    expect(await detectIn(files, 'note')).toMatchObject({ labels: ['note'] });
  });
});
