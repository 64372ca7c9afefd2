import { describe, expect, it } from '@jest/globals';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { countTags } from './tags.js';
import { tokenClassification } from './tokens.js';

const FILES = { 'texts/a.txt': 'Ana met Li Wei .', 'texts/b.txt': 'in\u00a0Porto\n' };
const GOOD = 'filename,label\na,B-PER O B-PER I-PER O\nb,O B-LOC\n';

const run = (manifest: string, input: Partial<TaskInput> = {}) =>
  readTask(tokenClassification, { manifest, label: 'label', files: FILES, ...input });

it('stores the tags of each text as its label', async () => {
  const { records, found } = await run(GOOD);
  expect(found).toEqual([]);
  expect(records.map(({ filename, label }) => [filename, label])).toEqual([
    ['a', 'B-PER O B-PER I-PER O'],
    ['b', 'O B-LOC'],
  ]);
});

describe('a label', () => {
  const last = (label: string) => run(`${GOOD}b,${label}\n`);

  it.each([
    ['O PER', 'PER'],
    ['O S-LOC', 'S-LOC'],
    ['O B-', 'B-'],
    ['o B-LOC', 'o'],
    ['O B-LOC:2', 'B-LOC:2'],
  ])('of %s has a word that is not a tag', async (label, value) => {
    const { report } = await last(label);
    expect(report.findings().filter(({ code }) => code !== 'repeated-file')).toMatchObject([
      { code: 'not-a-tag', severity: 'error', file: 'data', row: 4, column: 'label', value },
    ]);
  });

  it.each([
    ['I-LOC O', 'I-LOC'],
    ['O I-LOC', 'I-LOC'],
    ['B-PER I-LOC', 'I-LOC'],
  ])('of %s has a tag that continues nothing', async (label, value) => {
    const { report } = await last(label);
    expect(report.findings().filter(({ code }) => code !== 'repeated-file')).toMatchObject([
      { code: 'stray-inside-tag', severity: 'warning', row: 4, column: 'label', value },
    ]);
    expect(report.errors).toBe(0);
  });

  it('has a tag for each word, in each row that names the text', async () => {
    const { report } = await run(`${GOOD}b,O\nb,O B-LOC O\n`);
    expect(report.findings().filter(({ code }) => code !== 'repeated-file')).toMatchObject([
      {
        code: 'tag-count',
        severity: 'error',
        file: 'data',
        row: 4,
        column: 'label',
        message: 'The text has 2 words, and the label 1 tags.',
      },
      { code: 'tag-count', row: 5, message: 'The text has 2 words, and the label 3 tags.' },
    ]);
  });

  it('may be of one type, but not only O', async () => {
    expect((await run('filename,label\na,O O B-X I-X O\nb,O B-X\n')).found).toEqual([]);
    const { found } = await run('filename,label\na,O O O O O\nb,O O\n');
    expect(found).toEqual([['one-class', undefined, 'label']]);
  });

  it('has types that are compared as classes are', async () => {
    const { found } = await run('filename,label\na,B-PER O B-Per I-Per O\nb,O B-LOC\n');
    expect(found).toEqual([['similar-classes', undefined, 'label']]);
  });
});

describe('more tags than the column of labels holds', () => {
  const words = 'word '.repeat(100);
  const many = `B-LOC${' I-LOC'.repeat(99)}`;
  const input = { files: { 'texts/a.txt': words, 'texts/b.txt': 'in Porto' } };
  const long = (column: string) => `filename,${column}\na,${many}\nb,O B-LOC\n`;

  it('are an error that says what to do', async () => {
    const { report } = await run(long('label'), input);
    expect(report.findings()).toMatchObject([
      { code: 'label-too-long', severity: 'error', row: 2, fix: expect.stringContaining('as TEXT') as unknown },
    ]);
  });

  it.each(['label', 'ner'])(
    'are stored in a column of their own if the schema declares %s, and counted in the label',
    async (label) => {
      const { records, found } = await run(long(label), { ...input, label, schema: { [label]: 'TEXT' } });
      expect(found).toEqual([]);
      expect(records.map((record) => [record.label, record.values])).toEqual([
        ['B-LOC:1 I-LOC:99', [many]],
        ['B-LOC:1 O:1', ['O B-LOC']],
      ]);
    },
  );

  it('still have one tag for each word', async () => {
    const { found } = await run('filename,label\na,O O\nb,O B-LOC\n', { ...input, schema: { label: 'TEXT' } });
    expect(found).toEqual([['tag-count', 2, 'label']]);
  });
});

it('a label of the table is counted by its tags, in either form', () => {
  expect([...countTags('O B-PER O')]).toEqual([
    ['O', 2],
    ['B-PER', 1],
  ]);
  expect([...countTags('B-PER:1 O:2')]).toEqual([
    ['B-PER', 1],
    ['O', 2],
  ]);
});
