import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { isDetection } from '@tracebloc/ingestor-contract';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { causalLanguageModeling } from './causal.js';
import { maskedLanguageModeling } from './masked.js';
import { embeddings } from './embeddings.js';
import { seq2seq } from './seq2seq.js';

const TASKS = { masked: maskedLanguageModeling, causal: causalLanguageModeling, seq2seq, embeddings };

/** Returns the fit of each task, or the reason why it does not fit. */
async function fitsOf(files: Record<string, string>, label?: string) {
  const root = mkdtempSync(join(tmpdir(), 'ingestor-detect-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    const survey = await surveyPath(root, new AbortController().signal);
    const found: Record<string, string> = {};
    const fields: Record<string, unknown> = {};
    for (const [name, task] of Object.entries(TASKS)) {
      const result = (await task.detect!(survey, label))!;
      found[name] = isDetection(result) ? result.fit : result.reason;
      if (isDetection(result)) fields[name] = result.fields;
    }
    return { found, fields };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const textsIn = (folder: string, texts: string[]) =>
  Object.fromEntries(texts.map((text, index) => [`${folder}/${index + 1}.txt`, text]));

const NAMES = 'filename\n1\n2\n3\n';
const LABELS = 'filename,label\n1,a\n2,b\n3,a\n';
const NO_PAIRS = 'the texts are not pairs: not each is a line with one tab';
const NO_EXAMPLES = 'the texts are not examples of two or three fields: not each is a line with one tab or two';

it.each([
  [
    'sequences',
    { ...textsIn('sequences', ['a', 'b', 'c']), 'files.csv': NAMES },
    ['certain', 'likely', NO_PAIRS, NO_EXAMPLES],
  ],
  [
    'free texts',
    { ...textsIn('texts', ['a', 'b\tc', 'd\n']), 'files.csv': NAMES },
    ['possible', 'likely', NO_PAIRS, NO_EXAMPLES],
  ],
  [
    'pairs',
    { ...textsIn('texts', ['a\tb\n', 'c\td', 'e\tf']), 'files.csv': NAMES },
    ['possible', 'possible', 'likely', 'possible'],
  ],
  [
    'triplets',
    { ...textsIn('texts', ['a\tb\tx\n', 'c\td\ty', 'e\tf\tz']), 'files.csv': NAMES },
    ['possible', 'possible', NO_PAIRS, 'likely'],
  ],
  [
    'triplets of which some lack the negative',
    { ...textsIn('texts', ['a\tb\n', 'c\td\ty', 'e\tf']), 'files.csv': NAMES },
    ['possible', 'possible', NO_PAIRS, 'likely'],
  ],
  [
    'lines of four fields',
    { ...textsIn('texts', ['a\tb\tc\td', 'c\td\ty\tz', 'e\tf\tg\th']), 'files.csv': NAMES },
    ['possible', 'possible', NO_PAIRS, NO_EXAMPLES],
  ],
  [
    'texts with classes',
    { ...textsIn('texts', ['a', 'b', 'c']), 'labels.csv': LABELS },
    ['possible', 'possible', NO_PAIRS, NO_EXAMPLES],
  ],
  [
    'pairs with classes',
    { ...textsIn('texts', ['a\tb', 'b\tc', 'c\td']), 'labels.csv': LABELS },
    ['possible', 'possible', 'possible', 'possible'],
  ],
  [
    'triplets with classes',
    { ...textsIn('texts', ['a\tb\tx', 'b\tc', 'c\td']), 'labels.csv': LABELS },
    ['possible', 'possible', NO_PAIRS, 'possible'],
  ],
])('%s fit the tasks for which they are meant', async (_, files, [masked, causal, pairs, triplets]) => {
  expect((await fitsOf(files)).found).toEqual({ masked, causal, seq2seq: pairs, embeddings: triplets });
});

it('texts are also found in a table, in one column or in two', async () => {
  const text = await fitsOf({ 'a.csv': 'text\nOne or two.\nThree or four.\n' });
  expect(text.found).toMatchObject({ masked: 'possible', causal: 'likely' });
  expect(text.fields).toEqual({ masked: { text_column: 'text' }, causal: { text_column: 'text' } });
  const prompts = await fitsOf({
    'a.jsonl': '{"prompt": "Why?", "completion": "So."}\n{"prompt": "Who?", "completion": "I."}\n',
  });
  expect(prompts.found.causal).toBe('likely');
  expect(prompts.fields.causal).toEqual({ text_column: ['prompt', 'completion'] });
  const pairs = await fitsOf({ 'a.csv': 'source,target\ndog,Hund\ncat,Katze\n' });
  expect(pairs.found.seq2seq).toBe('likely');
  expect(pairs.fields.seq2seq).toEqual({ text_column: ['source', 'target'] });
});

it('the usual names of columns tell examples from pairs', async () => {
  const triplets = await fitsOf({ 'a.csv': 'query,positive,negative\nWhy?,So.,No.\nWho?,I.,\nHow?,Thus.,Never.\n' });
  expect(triplets.found.embeddings).toBe('certain');
  expect(triplets.fields.embeddings).toEqual({ text_column: ['query', 'positive', 'negative'] });
  const examples = await fitsOf({
    'a.jsonl': '{"anchor": "Why?", "positive": "So."}\n{"anchor": "Who?", "positive": "I."}\n',
  });
  expect(examples.found.embeddings).toBe('certain');
  const passages = await fitsOf({ 'a.csv': 'query,passage\nWhy?,So.\nWho?,I.\n' });
  expect(passages.found.embeddings).toBe('likely');
  const labelled = await fitsOf({ 'a.csv': 'anchor,positive,label\nWhy?,So.,1\nWho?,I.,0\nWhat?,It.,1\n' });
  expect(labelled.found.embeddings).toBe('possible');
  const long = (word: string) => `${word} `.repeat(40);
  const unnamed = await fitsOf({ 'a.csv': `source,target\n${long('a')},${long('b')}\n${long('c')},${long('d')}\n` });
  expect(unnamed.found).toMatchObject({ seq2seq: 'likely', embeddings: 'possible' });
  const three = `title,abstract,body\n${long('a')},${long('b')},${long('c')}\n${long('d')},${long('e')},${long('f')}\n`;
  expect((await fitsOf({ 'a.csv': three })).found.embeddings).toBe('possible');
});

it('data made as the advice for embeddings says fits them', async () => {
  const bare = { ...textsIn('texts', ['a', 'b', 'c']), 'files.csv': NAMES };
  expect((await fitsOf(bare)).found.embeddings).toBe(NO_EXAMPLES);
  const mended = { ...textsIn('texts', ['a\tp', 'b\tq\tn', 'c\tr']), 'files.csv': NAMES };
  expect((await fitsOf(mended)).found.embeddings).toBe('likely');
});

it('data with a label that the user names is for other tasks', async () => {
  const files = { ...textsIn('texts', ['a', 'b', 'c']), 'labels.csv': LABELS };
  expect(new Set(Object.values((await fitsOf(files, 'label')).found))).toEqual(new Set(['its texts have no label']));
});
