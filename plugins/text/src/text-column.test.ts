import { describe, expect, it } from '@jest/globals';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { resolveOptions } from '@tracebloc/ingestor-contract';
import { textClassification } from './classification.js';
import { sentencePairClassification } from './sentence-pairs.js';
import { tokenClassification } from './tokens.js';

const run = (manifest: string, input: Partial<TaskInput> = {}) =>
  readTask(textClassification, { manifest, label: 'label', fields: { text_column: 'text' }, ...input });

/** Returns the names and the texts of the files that the records have. */
const filesOf = (records: Awaited<ReturnType<typeof run>>['records']) =>
  records.map(({ files: [file] }) => [file?.target, file?.content && Buffer.from(file.content).toString()]);

it('each text of the column becomes a file, named by the number of its row', async () => {
  const { records, found } = await run('text,label\n"a ""b""\nc",x\n\u00e9,y\n');
  expect(found).toEqual([]);
  expect(filesOf(records)).toEqual([
    ['000000001.txt', 'a "b"\nc'],
    ['000000002.txt', '\u00e9'],
  ]);
  expect(records).toMatchObject([
    { row: 2, label: 'x', filename: '000000001', extension: '.txt' },
    { row: 4, label: 'y', filename: '000000002', extension: '.txt' },
  ]);
});

it('each text has the name that its row gives it, and the extension of the options', async () => {
  const manifest = 'text,label,filename\none,x,b.TXT\ntwo,y, e\u0301.v2 \nthree,y,c.text\n';
  const { records, found } = await run(manifest, { fileOptions: { extension: '.text' } });
  expect(found).toEqual([]);
  expect(records.map(({ filename }) => filename)).toEqual(['b', '\u00e9.v2', 'c']);
  expect(filesOf(records)[0]).toEqual(['b.text', 'one']);
  const named = await run('text,label,no\none,x,7\ntwo,y,8\n', { filename: 'no' });
  expect(named.records.map(({ filename }) => filename)).toEqual(['7', '8']);
});

it('the columns of JSON may come in any order, and later than the first record', async () => {
  const { records } = await run('{"label": "x", "text": "one"}\n{"text": "two", "label": "y"}\n', { format: 'json' });
  expect(filesOf(records).map(([, text]) => text)).toEqual(['one', 'two']);
});

describe('what is wrong names the cell', () => {
  it.each([
    ['blank-text', 'text,label\na,x\n \t,y\n', { row: 3, column: 'text' }],
    ['blank-text', 'text,label\na,x\n,y\n', { row: 3, column: 'text' }],
    ['nul-in-text', 'text,label\na,x\nb\0c,y\n', { row: 3, column: 'text' }],
    ['missing-column', 'body,label\na,x\nb,y\n', { column: 'text' }],
    ['missing-filename', 'text,label,filename\na,x,1\nb,y, \n', { row: 3, column: 'filename' }],
    ['unsafe-filename', 'text,label,filename\na,x,1\nb,y,../2\n', { row: 3, column: 'filename', value: '../2' }],
    ['filename-too-long', `text,label,filename\na,x,1\nb,y,${'n'.repeat(252)}\n`, { row: 3, column: 'filename' }],
    ['repeated-text-name', 'text,label,filename\na,x,1\nb,y,1.txt\n', { row: 3, column: 'filename', value: '1' }],
  ])('%s', async (code, manifest, place) => {
    const { report } = await run(manifest);
    expect(report.findings().filter(({ severity }) => severity === 'error')).toMatchObject([
      { code, file: 'data', ...place },
    ]);
  });

  it('also that a name of the configuration is not a column', async () => {
    const { found } = await run('text,label\na,x\nb,y\n', { filename: 'no' });
    expect(found).toEqual([['missing-column', undefined, 'no']]);
  });
});

it('the cells of several columns are a line with tabs, and what would break it becomes a space, with a warning', async () => {
  const { records, report } = await readTask(sentencePairClassification, {
    manifest: 'one,label,two\nIt rains.,x,It is wet.\n"It\nsnows.",y,It\tis\r\ncold.\n'.replace(
      'It\tis\r\ncold.',
      '"It\tis\r\ncold."',
    ),
    label: 'label',
    fields: { text_column: ['one', 'two'] },
  });
  expect(filesOf(records).map(([, text]) => text)).toEqual(['It rains.\tIt is wet.', 'It snows.\tIt is cold.']);
  expect(report.findings()).toMatchObject([
    { code: 'separator-in-cell', severity: 'warning', file: 'data', row: 3, column: 'one, two' },
  ]);
});

it('a task checks the texts of a column as it checks files', async () => {
  const { found } = await readTask(sentencePairClassification, {
    manifest: 'one,two,label\na,b,x\na,,y\n',
    label: 'label',
    fields: { text_column: ['one', 'two'] },
  });
  expect(found).toEqual([['empty-field', 3, 'one, two']]);
  const tokens = await readTask(tokenClassification, {
    manifest: 'text,label\nin Porto,O B-LOC\nin Porto,O\n',
    label: 'label',
    fields: { text_column: 'text' },
  });
  expect(tokens.found).toEqual([['tag-count', 3, 'label']]);
});

it('files have no encoding if the texts are in a table', () => {
  const raw = { fields: { text_column: 'text' }, fileOptions: { encoding: 'cp850' } };
  expect(() => resolveOptions(textClassification, raw)).toThrow('the texts are in a table');
});
