import { expect, it } from '@jest/globals';
import { openLayout, withFiles } from '../open.test-support.js';
import { detectPairs } from './detect.js';
import { pairs } from './layout.js';

const linesOf = (...objects: object[]): string => objects.map((one) => `${JSON.stringify(one)}\n`).join('');

it.each([
  ['prompt', 'completion'],
  ['source', 'target'],
  ['sentence1', 'sentence2'],
  ['premise', 'hypothesis'],
])('reads %s and %s', async (one, other) => {
  const { rows, texts, findings, lines } = await openLayout(
    pairs,
    `${linesOf({ [one]: 'a', [other]: 'b' })}\n${linesOf({ [other]: 'd', [one]: 'ü' })}`,
  );
  expect(findings).toEqual([]);
  expect(rows).toEqual([['000000001'], ['000000002']]);
  expect(Object.values(texts)).toEqual(['a\tb', 'ü\td']);
  expect(lines).toEqual([1, 3]);
});

it('reads a third text where there is one', async () => {
  const content = linesOf({ anchor: 'a', positive: 'b', negative: 'c' }, { anchor: 'd', positive: 'e' });
  expect(Object.values((await openLayout(pairs, content)).texts)).toEqual(['a\tb\tc', 'd\te']);
});

it('reads labels of the first line and later ones, but not of free texts', async () => {
  const content = linesOf(
    { sentence1: 'a', sentence2: 'b', label: 1 },
    { sentence1: 'c', sentence2: 'd', label: 'x' },
    { sentence1: 'e', sentence2: 'f', label: null },
  );
  expect((await openLayout(pairs, content)).rows.map(([, label]) => label)).toEqual(['1', 'x', '']);
  expect((await openLayout(pairs, content, { form: 'free_texts' })).rows[0]).toEqual(['000000001']);
});

it('reads the fields that the options name, also as paths', async () => {
  const content = linesOf({ id: 7, translation: { de: 'Hund', en: 'dog' }, kind: 'noun' });
  const options = { fields: ['translation.en', 'translation.de'], label_field: 'kind' };
  const { rows, texts, findings } = await openLayout(pairs, content, { options });
  expect([rows, texts]).toEqual([[['000000001', 'noun']], { '000000001.txt': 'dog\tHund' }]);
  expect(findings).toMatchObject([{ code: 'unused-fields', severity: 'warning', row: 1 }]);
  expect(findings[0]!.message).toContain(': id.');
});

it('makes spaces of tabs and line breaks, with a warning; a free text keeps its line breaks', async () => {
  const content = linesOf({ prompt: 'a\tb', completion: 'c\r\nd' });
  const line = await openLayout(pairs, content, { form: 'text_pairs' });
  expect(line.texts['000000001.txt']).toBe('a b\tc d');
  expect(line.findings).toMatchObject([{ code: 'tab-in-text', severity: 'warning', row: 1 }]);
  const free = await openLayout(pairs, content, { form: 'free_texts' });
  expect(free.texts['000000001.txt']).toBe('a b\tc\r\nd');
});

it.each([
  ['not-a-json-object', '[1]\n'],
  ['not-a-json-object', '{"source": "a", \n'],
  ['missing-text', '{"source": "a"}\n'],
  ['missing-text', '{"source": "a", "target": 5}\n'],
])('%s: the line %s', async (code, line) => {
  const { findings, rows, lines } = await openLayout(
    pairs,
    linesOf({ source: 'a', target: 'b' }) + line + linesOf({ source: 'c', target: 'd' }),
  );
  expect(findings).toMatchObject([{ code, severity: 'error', file: '/data', row: 2 }]);
  expect([rows.length, lines]).toEqual([2, [1, 3]]);
});

it('says how to name the fields if the first line has none with usual names', async () => {
  await expect(openLayout(pairs, linesOf({ a: 'x', b: 'y' }))).rejects.toMatchObject({
    name: 'TableError',
    fix: expect.stringContaining('spec.pairs_options.fields') as unknown,
  });
});

it('reads texts of any length from their places in the file', async () => {
  const objects = Array.from({ length: 300 }, (_, index) => ({
    source: 'ä'.repeat(index % 50 === 7 ? 700_000 : index),
    target: String(index),
  }));
  const { texts } = await openLayout(pairs, linesOf({ source: '-', target: '-' }, ...objects));
  expect(Object.values(texts).slice(1)).toEqual(objects.map(({ source, target }) => `${source}\t${target}`));
});

it('finds the halves of a dataset', async () => {
  const content = linesOf({ premise: 'a', hypothesis: 'b', label: 'x' });
  await withFiles(
    { 'train.jsonl': content, 'dev.jsonl': content, 'test.jsonl': content, 'x.jsonl': '{"a": 1}\n' },
    async (folder) => {
      expect(await detectPairs(folder)).toMatchObject({
        found: 'JSON lines of premise, hypothesis, each with a label',
        forms: ['text_pairs', 'free_texts'],
        train: { path: `${folder}/train.jsonl`, options: [] },
        test: { path: `${folder}/test.jsonl` },
      });
    },
  );
  await withFiles({ 'a.jsonl': linesOf({ prompt: 'a', completion: 'b' }) }, async (folder) => {
    expect(await detectPairs(folder)).toMatchObject({ forms: ['free_texts', 'text_pairs'] });
  });
  await withFiles({ 'a.jsonl': content, 'b.jsonl': content }, async (folder) => {
    expect(await detectPairs(folder)).toBeUndefined();
  });
});
