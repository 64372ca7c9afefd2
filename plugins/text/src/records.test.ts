import { symlinkSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { resolveOptions } from '@tracebloc/ingestor-contract';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { textClassification } from './classification.js';

const GOOD = { 'texts/a.txt': 'A text.', 'texts/b.txt': 'Another.' };

const run = (manifest: string, input: Partial<TaskInput> = {}) =>
  readTask(textClassification, { manifest, label: 'label', files: GOOD, ...input });

describe('records', () => {
  it('name their file by stem and extension, and have it', async () => {
    const { records, found } = await run('filename,label,lang\na, p ,en\nb.txt,q,\n', {
      schema: { lang: 'VARCHAR(2)' },
    });
    expect(found).toEqual([]);
    const path = (name: string) => expect.stringMatching(`^/.*/texts/${name}$`) as unknown;
    const within = expect.stringMatching('^/.*/texts$') as unknown;
    const fixed = { key: null, annotation: null, extension: '.txt' };
    expect(records).toEqual([
      {
        ...fixed,
        row: 2,
        label: 'p',
        filename: 'a',
        values: ['en'],
        files: [{ source: path('a.txt'), within, target: 'a.txt', bytes: Buffer.from('A text.') }],
      },
      {
        ...fixed,
        row: 3,
        label: 'q',
        filename: 'b',
        values: [null],
        files: [{ source: path('b.txt'), within, target: 'b.txt', bytes: Buffer.from('Another.') }],
      },
    ]);
  });

  it('come in the order of the rows, and so do their findings, whichever of many texts are not fine', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `t${index}`);
    const files: Record<string, string> = Object.fromEntries(names.map((name) => [`texts/${name}.txt`, `Of ${name}.`]));
    files['texts/t70.txt'] = ' ';
    files['texts/t71.txt'] = '';
    files['texts/t299.txt'] = '\t\n';
    delete files['texts/t200.txt'];
    // The text of the row after it is named twice, the first time by a row that is completed later.
    const rows = names.toSpliced(72, 0, 't73').toSpliced(150, 0, 't299');
    const { records, found } = await run(`filename,label\n${rows.map((name, i) => `${name},${i % 2}\n`).join('')}`, {
      files,
    });
    expect(records.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 2));
    expect(found.toSorted(([, a = 0], [, b = 0]) => a - b)).toEqual([
      ['blank-text', undefined, undefined],
      ['blank-text', undefined, undefined],
      ['zero-byte-file', undefined, undefined],
      ['repeated-file', 76, 'filename'],
      ['missing-file', 204, 'filename'],
      ['repeated-file', 303, 'filename'],
    ]);
    const stored = records.filter(({ files: [file] }) => file).map(({ filename }) => filename);
    expect(stored).toEqual(rows.filter((name) => name !== 't71' && name !== 't200'));
  });

  it('have the extension of the options, also if the files have it in capitals', async () => {
    const { records, found } = await run('filename,label\na.b,p\nc,q\n', {
      fileOptions: { extension: '.text' },
      files: { 'texts/a.b.text': 'A text.', 'texts/c.TEXT': 'Another.' },
    });
    expect(found).toEqual([]);
    expect(records.map(({ filename, extension, files }) => [filename, extension, files[0]?.target])).toEqual([
      ['a.b', '.text', 'a.b.text'],
      ['c', '.text', 'c.text'],
    ]);
  });

  it('have a missing label only if its cell is empty', async () => {
    const { records, found } = await run('filename,label\na,NA\nb,\n');
    expect(records.map(({ label }) => label)).toEqual(['NA', null]);
    expect(found).toEqual([
      ['missing-label', 3, 'label'],
      ['one-class', undefined, 'label'],
    ]);
  });

  it('are as many as the rows, with a warning if rows name the same file', async () => {
    const { records, report } = await run('filename,label\na,p\nb,q\na.txt,q\n');
    expect(records.map(({ filename }) => filename)).toEqual(['a', 'b', 'a']);
    expect(report.findings()).toMatchObject([
      { severity: 'warning', code: 'repeated-file', file: 'data', row: 4, column: 'filename', value: 'a' },
    ]);
  });

  it('leave out files that no row names, with a warning', async () => {
    const { records, report } = await run('filename,label\na,p\nb,q\n', {
      files: { ...GOOD, 'texts/c.txt': 'A third.', 'texts/.hidden': '' },
    });
    expect(records.flatMap(({ files }) => files.map(({ target }) => target))).toEqual(['a.txt', 'b.txt']);
    expect(report.findings()).toMatchObject([{ severity: 'warning', code: 'unnamed-file', file: 'texts/' }]);
  });
});

describe('one pass finds everything', () => {
  it('in rows and files', async () => {
    const manifest = 'filename,label,n\na,p,1\n,p,2\ngone,q,x\n../a,p,4\nblank,p,5\nlatin1,p,6\nempty,p,7\n';
    const { found, report } = await run(manifest, {
      schema: { n: 'INT' },
      files: {
        'texts/a.txt': 'A text.',
        'texts/blank.txt': ' \r\n\t\u00a0\u2003\u3000\n',
        'texts/latin1.txt': Buffer.from('Zürich', 'latin1'),
        'texts/empty.txt': '',
      },
    });
    expect(found).toEqual([
      ['not-an-integer', 4, 'n'],
      ['missing-filename', 3, 'filename'],
      ['missing-file', 4, 'filename'],
      ['unsafe-filename', 5, 'filename'],
      ['blank-text', undefined, undefined],
      ['not-utf8', undefined, undefined],
      ['zero-byte-file', undefined, undefined],
    ]);
    expect(report.findings().slice(-3)).toMatchObject([
      { file: 'texts/blank.txt' },
      {
        file: 'texts/latin1.txt',
        message: expect.stringContaining('The byte at offset 1 is') as unknown,
        value: '0xFC',
      },
      { file: 'texts/empty.txt' },
    ]);
  });

  it('else, if the manifest has no column filename', async () => {
    const { records, found } = await run('file,label\na,p\nb,p\n');
    expect(found).toEqual([
      ['missing-column', undefined, 'filename'],
      ['unlisted-column', undefined, undefined],
      ['one-class', undefined, 'label'],
    ]);
    expect(records).toHaveLength(2);
  });

  it('and does not report unnamed files if rows could not be read', async () => {
    const { found } = await run('filename,label\na,p\nb\n');
    expect(found).toEqual([['ragged-row', 3, undefined]]);
  });

  it('yields no records if the manifest has no header', async () => {
    const { records, found } = await run('');
    expect(records).toEqual([]);
    expect(found).toEqual([['empty-file', undefined, undefined]]);
  });
});

describe('a text', () => {
  const check = async (content: string | Uint8Array) => {
    const { report } = await run('filename,label\na,p\nb,q\n', { files: { ...GOOD, 'texts/a.txt': content } });
    return report.findings();
  };
  const longBlank = ' \n'.repeat(100_000);

  it.each([
    ['with a byte order mark', '\ufeffA text.'],
    ['that begins with much white space', `${longBlank}end`],
    ['that ends with much white space', `start${longBlank}`],
    [
      'whose characters are split between the chunks that are read',
      `${'x'.repeat(64 * 1024 - 1)}€${'👍'.repeat(50_000)}`,
    ],
    ['of one character', '\u{1f600}'],
  ])('%s is valid', async (_, content) => {
    expect(await check(content)).toEqual([]);
  });

  it.each([
    ['only a byte order mark', '\ufeff'],
    ['much white space', longBlank],
  ])('of %s is blank', async (_, content) => {
    expect(await check(content)).toMatchObject([{ code: 'blank-text', severity: 'error', file: 'texts/a.txt' }]);
  });

  it.each([
    [
      'a byte far in',
      Buffer.concat([Buffer.alloc(200_000, 'x'), Buffer.from([0xe9])]),
      'offset 200000',
      'iconv -f WINDOWS-1252 -t UTF-8',
    ],
    ['Cyrillic of DOS', Buffer.from([0x8c, 0xae, 0xe1, 0xaa, 0xa2, 0xa0]), 'offset 0', 'iconv -f CP866 -t UTF-8'],
    ['a character cut off at the end', Buffer.from('abc€').subarray(0, -1), 'offset 3', 'iconv'],
    ['half a surrogate pair', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'offset 1', 'iconv'],
    ['white space before an invalid byte', Buffer.from([0x20, 0xff]), 'offset 1', 'iconv'],
    ['UTF-16', Buffer.from('\ufeffA text.', 'utf16le'), 'UTF-16 text', 'iconv -f UTF-16 -t UTF-8'],
    ['an Office document', Buffer.from('PK\u0003\u0004...'), 'an Office document', 'plain text in UTF-8'],
  ])('that is not UTF-8 is reported: %s', async (_, content, message, fix) => {
    const [finding, ...others] = await check(content);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'not-utf8', severity: 'error', file: 'texts/a.txt' });
    expect(finding!.message).toContain(message);
    expect(finding!.fix).toContain(fix);
  });
});

it('throws an InterruptedError when its signal aborts', async () => {
  await expect(run('filename,label\na,p\nb,q\n', { signal: AbortSignal.abort() })).rejects.toThrow(InterruptedError);
});

describe('tokenizer.json', () => {
  const withTokenizer = (content: unknown, input: Partial<TaskInput> = {}) =>
    run('filename,label\na,p\nb,q\n', {
      files: { ...GOOD, 'tokenizer.json': typeof content === 'string' ? content : JSON.stringify(content) },
      ...input,
    });

  it.each([
    ['of a BPE or WordPiece model', { model: { vocab: { '[PAD]': 0, a: 1 } } }],
    [
      'of a Unigram model',
      {
        model: {
          vocab: [
            ['[PAD]', 0],
            ['a', -1.5],
          ],
        },
      },
    ],
    ['whose padding was added', { model: { vocab: { a: 0 } }, added_tokens: [null, { id: 1, content: '[PAD]' }] }],
  ])('%s comes with the first record', async (_, tokenizer) => {
    const { records, found } = await withTokenizer(tokenizer);
    expect(found).toEqual([]);
    const source = expect.stringMatching(/^\/.*\/tokenizer\.json$/) as unknown;
    const within = expect.stringMatching(/^\//) as unknown;
    expect(records.map(({ files }) => files.slice(1))).toEqual([[{ source, within, target: 'tokenizer.json' }], []]);
  });

  it.each([
    ['tokenizer-not-json', '{"model": '],
    ['tokenizer-not-json', '\ufeff{"model": {"vocab": {"[PAD]": 0}}}'],
    ['tokenizer-not-json', Buffer.from('{"model": {"vocab": {"[PAD]": 0, "é": 1}}}', 'latin1')],
    ['tokenizer-without-vocabulary', 'null'],
    ['tokenizer-without-vocabulary', '[]'],
    ['tokenizer-without-vocabulary', '{"model": null, "added_tokens": [{"content": "[PAD]"}]}'],
    ['tokenizer-without-vocabulary', '{"model": {"vocab": {}}}'],
    ['tokenizer-without-vocabulary', '{"model": {"vocab": "[PAD]"}}'],
    ['tokenizer-without-pad', '{"model": {"vocab": {"<pad>": 0, "[pad]": 1}}, "added_tokens": [{"content": "<pad>"}]}'],
    ['tokenizer-without-pad', '{"model": {"vocab": {"a": 0}}, "added_tokens": {"content": "[PAD]"}}'],
    ['tokenizer-without-pad', '{"model": {"vocab": [["a", 0], "[PAD]", null]}}'],
    ['zero-byte-file', ''],
  ])('is refused as %s: %s', async (code, content) => {
    const { report } = await withTokenizer('', { files: { ...GOOD, 'tokenizer.json': content } });
    expect(report.findings()).toMatchObject([
      { code, severity: 'error', file: expect.stringMatching(/(^|\/)tokenizer\.json$/) as unknown },
    ]);
  });

  it('of more than 64 MiB is refused without being read', async () => {
    const { report } = await withTokenizer('x'.repeat(64 * 1024 * 1024 + 1));
    expect(report.findings()).toMatchObject([{ code: 'tokenizer-too-large', file: 'tokenizer.json' }]);
  });

  it('that is a link out of its folder is refused', async () => {
    const { report } = await run('filename,label\na,p\nb,q\n', {
      prepare: (root) => symlinkSync('/etc/passwd', `${root}/tokenizer.json`),
    });
    expect(report.findings()).toMatchObject([{ code: 'unsafe-filename', file: 'tokenizer.json' }]);
  });
});

it('the task states how data is read, and sends the file options as metadata', () => {
  expect(textClassification).toMatchObject({
    dataFormat: 'text',
    label: { use: 'required', statePolicy: false },
    schema: 'optional',
    missing: 'empty',
    allowFeatureModification: false,
  });
  const metadataOf = (fileOptions: Record<string, string>) =>
    textClassification.metadata(resolveOptions(textClassification, { fields: {}, fileOptions }), []);
  expect(metadataOf({})).toEqual({ file_options: { extension: '.txt' } });
  expect(metadataOf({ extension: '.text' })).toEqual({ file_options: { extension: '.text' } });
});
