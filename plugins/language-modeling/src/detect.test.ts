import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { isDetection } from '@tracebloc/ingestor-contract';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { causalLanguageModeling } from './causal.js';
import { maskedLanguageModeling } from './masked.js';
import { seq2seq } from './seq2seq.js';

const TASKS = { masked: maskedLanguageModeling, causal: causalLanguageModeling, seq2seq };

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

it.each([
  ['sequences', { ...textsIn('sequences', ['a', 'b', 'c']), 'files.csv': NAMES }, ['certain', 'likely', NO_PAIRS]],
  ['free texts', { ...textsIn('texts', ['a', 'b\tc', 'd\n']), 'files.csv': NAMES }, ['possible', 'likely', NO_PAIRS]],
  [
    'pairs',
    { ...textsIn('texts', ['a\tb\n', 'c\td', 'e\tf']), 'files.csv': NAMES },
    ['possible', 'possible', 'likely'],
  ],
  [
    'texts with classes',
    { ...textsIn('texts', ['a', 'b', 'c']), 'labels.csv': LABELS },
    ['possible', 'possible', NO_PAIRS],
  ],
  [
    'pairs with classes',
    { ...textsIn('texts', ['a\tb', 'b\tc', 'c\td']), 'labels.csv': LABELS },
    ['possible', 'possible', 'possible'],
  ],
])('%s fit the tasks for which they are meant', async (_, files, [masked, causal, pairs]) => {
  expect((await fitsOf(files)).found).toEqual({ masked, causal, seq2seq: pairs });
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

it('data with a label that the user names is for other tasks', async () => {
  const files = { ...textsIn('texts', ['a', 'b', 'c']), 'labels.csv': LABELS };
  expect(new Set(Object.values((await fitsOf(files, 'label')).found))).toEqual(new Set(['its texts have no label']));
});
