import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openLayout, withFiles } from '../open.test-support.js';
import { detectConll } from './detect.js';
import { conll } from './layout.js';

/** The beginning of a file as the shared task of 2003 has it. */
const CONLL = `-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O
# # B-NP O

Peter NNP B-NP B-PER
Blackburn NNP I-NP I-PER
`;

it('reads the sentences with their tags, between documents and empty lines', async () => {
  const { rows, texts, findings, lines } = await openLayout(conll, CONLL);
  expect(findings).toEqual([]);
  expect(rows).toEqual([
    ['000000001', 'B-ORG O O'],
    ['000000002', 'B-PER I-PER'],
  ]);
  expect(texts).toEqual({ '000000001.txt': 'EU rejects #', '000000002.txt': 'Peter Blackburn' });
  expect(lines).toEqual([3, 7]);
});

it.each([
  ['tabs, CRLF and a byte order mark', '\ufeffAna\tB-PER\r\nruns\tO\r\n\r\n\r\nin\tO\r\nGraz\tB-LOC', {}],
  ['comments', '# id = 1\nAna x B-PER\nruns x O\n\n# id = 2\n# text\nin x O\nGraz x B-LOC\n', {}],
  ['the tag first', 'B-PER\tAna\nO\truns\n\nO\tin\nB-LOC\tGraz\n', { tag_column: 'first' }],
  ['words in another column', '1 Ana B-PER\n2 runs O\n\n1 in O\n2 Graz B-LOC\n', { word_column: 2 }],
  ['tags of IOB1', 'Ana I-PER\nruns O\n\nin O\nGraz I-LOC\n', { scheme: 'iob1' }],
  ['tags of BIOES', 'Ana S-PER\nruns O\n\nin O\nGraz U-LOC\n', { scheme: 'bioes' }],
])('reads %s', async (_, content, options) => {
  const { rows, texts, findings } = await openLayout(conll, content, { options });
  expect(findings).toEqual([]);
  expect(rows.map(([, label]) => label)).toEqual(['B-PER O', 'O B-LOC']);
  expect(Object.values(texts)).toEqual(['Ana runs', 'in Graz']);
});

it('converts longer names of other schemes', async () => {
  const iob1 = 'a I-X\nb I-X\nc B-X\nd I-Y\ne O\n';
  const bioes = 'a B-X\nb E-X\nc S-X\nd S-Y\ne O\n';
  for (const [scheme, content] of [
    ['iob1', iob1],
    ['bioes', bioes],
  ] as const) {
    const { rows } = await openLayout(conll, content, { options: { scheme } });
    expect(rows[0]![1]).toBe('B-X I-X B-X B-Y O');
  }
});

it.each([
  ['too-few-columns', 'Ana B-PER\nruns\n', 2],
  ['too-few-columns', 'Ana\tB-PER\n\tO\n', 2],
  ['space-in-word', 'Ana\tB-PER\nNovi Sad\tB-LOC\n', 2],
])('%s names the line', async (code, content, row) => {
  const { findings } = await openLayout(conll, content);
  expect(findings).toMatchObject([{ code, severity: 'error', file: '/data', row }]);
});

it.each([
  ['a file without sentences', '-DOCSTART- O\n\n', 'has no text'],
  ['another encoding', Buffer.from('Ana B-PER\nKöln B-LOC\n', 'latin1'), 'Line 2 of the file is not UTF-8'],
])('refuses %s', async (_, content, message) => {
  await expect(openLayout(conll, content)).rejects.toThrow(message);
});

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
  .filter((text) => !/[\s\ufeff#]|^-DOC/.test(text));
const tag = fc.constantFrom('O', 'B-X', 'I-X', 'B-Ünï');

it('sentences come back as they were written', async () => {
  const sentences = fc.array(fc.array(fc.tuple(word, tag), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(sentences, fc.constantFrom('\n', '\r\n'), async (all, end) => {
      const written = all.map((words) => words.map((pair) => pair.join('\t') + end).join('')).join(end);
      const { rows, texts } = await openLayout(conll, written);
      expect(rows.map(([, label]) => label)).toEqual(all.map((words) => words.map(([, one]) => one).join(' ')));
      expect(Object.values(texts)).toEqual(all.map((words) => words.map(([one]) => one).join(' ')));
    }),
    { numRuns: 30 },
  );
});

it('finds the halves of a dataset, and how its tags are written', async () => {
  const files = {
    'eng.train': CONLL.replace('B-ORG', 'I-ORG'),
    'eng.testa': CONLL,
    'eng.testb': CONLL,
    'readme.txt': 'Some words\nand more\nand more\n',
  };
  await withFiles(files, async (folder) => {
    expect(await detectConll(folder)).toEqual({
      found: 'a CoNLL file of words with tags, of 2 types in its first part',
      forms: ['token_tags'],
      train: {
        path: `${folder}/eng.train`,
        options: [{ name: 'scheme', value: 'iob1', reason: 'names begin with I-' }],
      },
      test: {
        path: `${folder}/eng.testb`,
        options: [{ name: 'scheme', value: 'iob1', reason: 'names begin with I-' }],
      },
      doubts: ['1 more files of this layout are left out, such as those to validate.'],
    });
  });
  await withFiles({ 'a.csv': 'a,b\n', 'b.txt': 'x y\nz O\nk O\n' }, async (folder) => {
    expect(await detectConll(folder)).toBeUndefined();
  });
  await withFiles({ 'data.tsv': 'B-X\tAna\nI-X\tLi\nO\tran\n' }, async (folder) => {
    expect(await detectConll(folder)).toMatchObject({ train: { options: [{ name: 'tag_column', value: 'first' }] } });
  });
});
