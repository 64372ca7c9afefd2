import { describe, expect, it } from '@jest/globals';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { causalLanguageModeling } from './causal.js';
import { maskedLanguageModeling } from './masked.js';
import { seq2seq } from './seq2seq.js';

const MANIFEST = 'filename,label\na,x\nb.txt,y\n';

function read<Options>(task: TaskType<Options>, a: string | Uint8Array, input: Partial<TaskInput> = {}) {
  const folder = task.layout.sidecars[0]!.field;
  const files = { [`${folder}/a.txt`]: a, [`${folder}/b.txt`]: 'one\ttwo' };
  return readTask(task, { manifest: MANIFEST, files, ...input });
}

describe.each([maskedLanguageModeling, causalLanguageModeling, seq2seq])('$id', (task) => {
  it('has texts without labels', async () => {
    const { records, found } = await read(task, 'three\tfour\n');
    expect(records.map(({ filename, extension, label }) => [filename, extension, label])).toEqual([
      ['a', '.txt', null],
      ['b', '.txt', null],
    ]);
    expect(found).toEqual([['unlisted-column', undefined, undefined]]);
    expect(task.label.use).toBe('forbidden');
    expect(task.dataFormat).toBe('text');
    expect(task.metadata({ extension: '.txt' }, [])).toEqual({ file_options: { extension: '.txt' } });
  });

  it.each([
    ['blank-text', ' \n'],
    ['zero-byte-file', ''],
    ['nul-in-text', 'a\tb\0'],
    ['not-utf8', Buffer.from('a\tü', 'latin1')],
  ])('refuses a text: %s', async (code, text) => {
    const { report } = await read(task, text);
    const { field } = task.layout.sidecars[0]!;
    expect(report.findings().filter(({ severity }) => severity === 'error')).toMatchObject([
      { code, file: `${field}/a.txt` },
    ]);
  });

  it('reads the texts of columns', async () => {
    const manifest = 'one,two\na,b\nc,d\n';
    const { records, found } = await readTask(task, { manifest, fields: { text_column: ['one', 'two'] } });
    expect(found).toEqual([]);
    expect(records.map(({ files: [file] }) => Buffer.from(file!.content!).toString())).toEqual(['a\tb', 'c\td']);
  });
});

it('free texts have any number of lines and tabs', async () => {
  for (const task of [maskedLanguageModeling, causalLanguageModeling]) {
    const { report } = await read(task, '\tif x:\n\t\ty()\n', { manifest: 'filename\na\nb\n' });
    expect(report.findings()).toEqual([]);
  }
});

it.each([
  ['missing-tab', 'warning', 'one two', 'The text has no tab.'],
  ['wrong-field-count', 'error', 'one\ttwo\tthree', 'The text has 3 fields.'],
  ['empty-field', 'error', '\ttwo', 'Field 1 of the text is empty.'],
  ['empty-field', 'error', 'one\n\t\n', 'Field 2 of the text is empty.'],
])('seq2seq: %s is a %s', async (code, severity, text, message) => {
  const { report } = await read(seq2seq, text, { manifest: 'filename\na\nb\n' });
  expect(report.findings()).toMatchObject([{ code, severity, file: 'texts/a.txt', message }]);
});

it('seq2seq: a source may have several lines', async () => {
  const { report } = await read(seq2seq, 'a\nb\tc\n', { manifest: 'filename\na\nb\n' });
  expect(report.findings()).toEqual([]);
});
