import { expect, it } from '@jest/globals';
import { readTask } from '@tracebloc/ingestor-conformance';
import { sentencePairClassification } from './sentence-pairs.js';

const read = (text: string | Uint8Array) =>
  readTask(sentencePairClassification, {
    manifest: 'filename,label\na,yes\nb,no\n',
    label: 'label',
    files: { 'texts/a.txt': text, 'texts/b.txt': 'It rains.\tIt is wet.' },
  });

it.each(['One.\tTwo.', 'One.\tTwo.\n', '\ufeffOne.\tTwo.\r\n\n', ` ${'x'.repeat(200_000)}\t${'y'.repeat(200_000)}`])(
  'a line of two sentences is a pair',
  async (text) => {
    const { records, found } = await read(text);
    expect(found).toEqual([]);
    expect(records.map(({ filename, label }) => [filename, label])).toEqual([
      ['a', 'yes'],
      ['b', 'no'],
    ]);
  },
);

it.each([
  ['several-lines', 'One.\tTwo.\nThree.', 'The text has several lines.'],
  ['several-lines', 'One.\rOne.\tTwo.', 'The text has several lines.'],
  ['wrong-field-count', 'One. Two.', 'The text has 1 field.'],
  ['wrong-field-count', 'One.\tTwo.\tThree.', 'The text has 3 fields.'],
  ['empty-field', 'One.\t \n', 'Field 2 of the text is empty.'],
  ['empty-field', '\u00a0\tTwo.', 'Field 1 of the text is empty.'],
  ['nul-in-text', 'One.\tTw\0o.', 'The text has a NUL character.'],
  ['blank-text', '\t\n', 'The text is only white space.'],
  ['zero-byte-file', '', 'The file has no bytes.'],
])('%s: %j is an error', async (code, text, message) => {
  const { report } = await read(text);
  expect(report.findings()).toMatchObject([{ code, severity: 'error', file: 'texts/a.txt', message }]);
});
