import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readTask } from '@tracebloc/ingestor-conformance';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { createReport, openReader, resolveText as resolve, surveyPath } from '@tracebloc/ingestor-dataset';
import { textClassification } from './classification.js';
import { detectClasses as detect } from './detect.js';

const MANIFEST = 'filename,label\n1,p\n2,q\n3,q\n2,q\n';
const LATIN = ['Grüße aus Köln,', 'Où est la gare? À Nîmes.', 'plain text'];

/** Returns the texts in an encoding that `Buffer` knows, by their paths. */
const filesOf = (texts: readonly string[], encoding: BufferEncoding, mark = '') =>
  Object.fromEntries(texts.map((text, index) => [`texts/${index + 1}.txt`, Buffer.from(mark + text, encoding)]));

/** Returns the `file_options` that `init` would write. */
async function detectIn(files: Record<string, Uint8Array>) {
  const root = mkdtempSync(join(tmpdir(), 'ingestor-detect-'));
  try {
    mkdirSync(join(root, 'texts'));
    writeFileSync(join(root, 'labels.csv'), MANIFEST);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
    const found = await detect(await surveyPath(root, new AbortController().signal));
    return 'fileOptions' in found ? found.fileOptions : undefined;
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** In windows-1251, the letters from А to я follow each other. */
const cyrillic = (text: string) =>
  Buffer.from(Array.from(text, (letter) => (letter < '\x80' ? letter.charCodeAt(0) : letter.charCodeAt(0) - 0x350)));
const [LETTER, ANSWER] = ['Письмо пришло вчера утром', 'Когда будет ответ'];

it.each([
  ['windows-1252', filesOf(LATIN, 'latin1'), LATIN],
  ['utf-16', filesOf(LATIN, 'utf16le', '\ufeff'), LATIN],
  ['utf-16le', filesOf(LATIN, 'utf16le'), LATIN],
  [
    'windows-1251',
    { 'texts/1.txt': cyrillic(LETTER), 'texts/2.txt': cyrillic(ANSWER), 'texts/3.txt': Buffer.from('x') },
    [LETTER, ANSWER, 'x'],
  ],
] as const)('texts in %s are found, and stored in UTF-8', async (encoding, files, texts) => {
  const fileOptions = await detectIn(files);
  expect(fileOptions).toEqual({ encoding });
  const { records, found } = await readTask(textClassification, {
    manifest: MANIFEST,
    label: 'label',
    files,
    fileOptions,
  });
  expect(found).toEqual([['repeated-file', 5, 'filename']]);
  const stored = records.map((record) => Buffer.from(record.files[0]!.content!).toString());
  expect(stored).toEqual([...texts, texts[1]]);
});

it('without the option, or if no files are wanted, there is no content', async () => {
  for (const [encoding, wantsFiles] of [
    ['utf-8', true],
    ['windows-1252', false],
  ] as const) {
    const files = filesOf(['a', 'b', 'c'], 'latin1');
    const { records } = await readTask(textClassification, {
      ...{ manifest: MANIFEST, label: 'label', files, wantsFiles },
      fileOptions: { encoding },
    });
    expect(records.map((record) => record.files[0]!.content)).toEqual([undefined, undefined, undefined, undefined]);
  }
});

it('each shard converts the texts that its rows name, also if a row of another shard names them', async () => {
  const root = mkdtempSync(join(tmpdir(), 'ingestor-shards-'));
  try {
    mkdirSync(join(root, 'texts'));
    writeFileSync(join(root, 'labels.csv'), MANIFEST);
    for (const [name, content] of Object.entries(filesOf(LATIN, 'latin1'))) writeFileSync(join(root, name), content);
    const stored: string[] = [];
    for (const index of [0, 1, 2]) {
      const report = createReport();
      const dataset = openReader({
        ...{ format: 'csv', path: join(root, 'labels.csv'), file: 'labels.csv', csv: CSV_DEFAULTS, missing: 'empty' },
        shard: { index, count: 3, rows: 'all' },
      });
      const records = textClassification.records({
        ...{
          dataset,
          options: { extension: '.txt', encoding: 'windows-1252' },
          label: 'label',
          schema: [],
          columns: [],
        },
        ...{ folders: { texts: join(root, 'texts') }, wantsFiles: true, report, signal: new AbortController().signal },
      });
      for await (const batch of records)
        for (const { row, files } of batch)
          if (dataset.isOwn(row)) stored.push(Buffer.from(files[0]!.content!).toString());
      expect(report.errors).toBe(0);
    }
    expect(stored).toEqual([...LATIN, LATIN[1]]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

describe('a folder', () => {
  it.each([
    ['of UTF-8', filesOf(LATIN, 'utf8')],
    ['of ASCII', filesOf(['a', 'b', 'c'], 'utf8')],
    ['of several encodings', { ...filesOf(LATIN, 'utf8'), ...filesOf(LATIN.slice(0, 1), 'latin1') }],
    ['of UTF-16 and others', { ...filesOf(LATIN, 'utf16le', '\ufeff'), ...filesOf(LATIN.slice(0, 1), 'latin1') }],
  ])('%s is proposed no encoding', async (_, files) => {
    expect(await detectIn(files)).toEqual({});
  });

  it('of several encodings is never read in one of them', async () => {
    const files = { ...filesOf(LATIN, 'utf8'), ...filesOf(LATIN.slice(0, 1), 'latin1') };
    for (const encoding of ['utf-8', 'windows-1252']) {
      const input = { manifest: MANIFEST, label: 'label', files, fileOptions: { encoding } };
      const { report } = await readTask(textClassification, input);
      expect(report.errors).toBe(1);
      const [finding] = report.findings();
      expect(finding).toMatchObject(
        encoding === 'utf-8'
          ? { code: 'not-utf8', file: 'texts/1.txt', fix: expect.stringMatching(/^Convert the file/) as unknown }
          : {
              code: 'encoding-contradicted',
              file: 'texts/2.txt',
              fix: 'Convert all files to UTF-8 and remove `spec.file_options.encoding`.',
            },
      );
    }
  });
});

it('a text that is too large to be converted is an error', async () => {
  const { report } = await readTask(textClassification, {
    ...{
      manifest: MANIFEST,
      label: 'label',
      files: filesOf(LATIN, 'latin1'),
      fileOptions: { encoding: 'windows-1252' },
    },
    prepare: (root) => truncateSync(join(root, 'texts/1.txt'), 64 * 1024 * 1024 + 1),
  });
  expect(report.findings()).toContainEqual(
    expect.objectContaining({ code: 'text-too-large', severity: 'error', file: 'texts/1.txt' }),
  );
});

it('an encoding that is not known is refused', () => {
  expect(() => resolve({ fields: {}, fileOptions: { extension: '.txt', encoding: 'klingon' } })).toThrow(
    '"klingon" is not an encoding that can be read',
  );
  expect(resolve({ fields: {}, fileOptions: { extension: '.txt', encoding: 'UTF8' } })).toEqual({ extension: '.txt' });
});
