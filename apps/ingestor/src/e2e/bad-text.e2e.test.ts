import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { IngestResult, ValidationResult } from '@tracebloc/ingestor-pipeline';
import { documentOf, World, type Traces } from '@tracebloc/ingestor-testing/command';

/** Files by their path below the dataset's folder; a link's content is what it leads to. */
type Files = Record<string, string | Uint8Array | { link: string }>;

interface BadTexts {
  what: string;
  files: Files;
  findings: Partial<Finding>[];
}

/** Two rows that are right. */
const LABELS = 'filename,label\na,p\nb.txt,q\n';
const GOOD: Files = { 'labels.csv': LABELS, 'texts/a.txt': 'A text.', 'texts/b.txt': 'Another.' };
const TOKENIZER = '{"model": {"type": "WordLevel", "vocab": {"[PAD]": 0, "text": 1}}}';
/** Row 4 names this. */
const naming = (name: string) => `${LABELS}${name},q\n`;
const cell = { file: 'set/labels.csv', row: 4, column: 'filename' };

const BAD_TEXTS: BadTexts[] = [
  {
    what: 'an empty text',
    files: { 'texts/b.txt': '' },
    findings: [
      {
        code: 'zero-byte-file',
        file: 'texts/b.txt',
        fix: 'Restore the file from its source, or remove the file and its rows.',
      },
    ],
  },
  {
    what: 'a text of white space',
    files: { 'texts/b.txt': ' \r\n\t\u00a0' },
    findings: [
      {
        code: 'blank-text',
        file: 'texts/b.txt',
        message: 'The text is only white space.',
        fix: 'Restore the text from its source, or remove the file and its rows.',
      },
    ],
  },
  {
    what: 'a text in Latin-1',
    files: { 'texts/b.txt': Buffer.from('Grüße aus Köln', 'latin1') },
    findings: [
      {
        code: 'not-utf8',
        file: 'texts/b.txt',
        value: '0xFC',
        expected: 'UTF-8 text',
        message: 'The byte at offset 2 is not UTF-8; the rest of the file was not checked.',
        fix: 'Convert the file: `iconv -f WINDOWS-1252 -t UTF-8 old > new`. The file reads the same in windows-1250, windows-1254, windows-1257 and 2 more.',
      },
    ],
  },
  {
    what: 'a text in UTF-16',
    files: { 'texts/b.txt': Buffer.from('\ufeffA text.', 'utf16le') },
    findings: [
      { code: 'not-utf8', file: 'texts/b.txt', fix: 'Convert the file: `iconv -f UTF-16 -t UTF-8 old > new`.' },
    ],
  },
  {
    what: 'a tokenizer cut off',
    files: { 'tokenizer.json': TOKENIZER.slice(0, 40) },
    findings: [
      {
        code: 'tokenizer-not-json',
        file: 'tokenizer.json',
        fix: 'Save the tokenizer again; `python3 -m json.tool tokenizer.json` names the place of the error.',
      },
    ],
  },
  {
    what: 'a tokenizer without [PAD]',
    files: { 'tokenizer.json': TOKENIZER.replace('[PAD]', '<pad>') },
    findings: [{ code: 'tokenizer-without-pad', file: 'tokenizer.json', expected: '[PAD]' }],
  },
  {
    what: 'a configuration in place of the tokenizer',
    files: { 'tokenizer.json': '{"tokenizer_class": "BertTokenizer"}' },
    findings: [{ code: 'tokenizer-without-vocabulary', file: 'tokenizer.json', expected: 'tokens in model.vocab' }],
  },
  {
    what: 'a row without a name',
    files: { 'labels.csv': naming(' ') },
    findings: [{ code: 'missing-filename', ...cell, fix: 'Fill in the `filename` of the row, or remove the row.' }],
  },
  {
    what: 'a missing file',
    files: { 'labels.csv': naming('gone.2024') },
    findings: [
      {
        code: 'missing-file',
        ...cell,
        value: 'gone.2024',
        message: 'There is no such file in texts/.',
        expected: 'texts/<name>.txt',
        fix: 'Correct the name (upper and lower case differ), add the file, or remove the row.',
      },
    ],
  },
  {
    what: 'paths for names',
    files: { 'labels.csv': `${naming('../../etc/passwd')}/etc/passwd,q\n..\\a.txt,q\ntexts/a.txt,q\n..,q\n` },
    findings: ['../../etc/passwd', '/etc/passwd', '..\\a.txt', 'texts/a.txt', '..'].map((value, index) => ({
      code: 'unsafe-filename',
      ...cell,
      row: 4 + index,
      value,
      expected: 'the name of a file in texts/',
    })),
  },
  {
    what: 'a name with a NUL',
    files: { 'labels.csv': naming('a.txt\0') },
    findings: [{ code: 'unsafe-filename', ...cell }],
  },
  {
    what: 'a link out of the folder',
    files: { 'labels.csv': naming('link'), 'texts/link.txt': { link: '../labels.csv' } },
    findings: [
      {
        code: 'unsafe-filename',
        ...cell,
        value: 'link',
        message: 'The name is a link to a place outside its folder.',
        fix: 'Name a file in the folder itself. Replace a link with a copy of its target.',
      },
    ],
  },
  {
    what: 'a link to nothing',
    files: { 'labels.csv': naming('link'), 'texts/link.txt': { link: 'gone.txt' } },
    findings: [{ code: 'unreadable-file', ...cell, value: 'link', expected: 'a readable file' }],
  },
  {
    what: 'another extension',
    files: { 'labels.csv': naming('c'), 'texts/c.text': 'A text.' },
    findings: [
      {
        code: 'wrong-extension',
        ...cell,
        value: 'c',
        expected: 'the extension .txt',
        fix: 'Convert the file, or set `spec.file_options.extension` to the extension that all files have.',
      },
    ],
  },
  {
    what: 'two files of one name but for the case of the extension',
    files: { 'texts/b.TXT': 'A third.' },
    findings: [
      {
        code: 'ambiguous-filename',
        ...cell,
        row: 3,
        value: 'b.txt',
        message: 'Two files would be stored under the same name: b.TXT and b.txt.',
        fix: 'Rename or remove one of them.',
      },
    ],
  },
  {
    what: 'one class',
    files: { 'labels.csv': LABELS.replace('q', 'p') },
    findings: [{ code: 'one-class', file: 'set/labels.csv', column: 'label', value: 'p' }],
  },
];

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start();
  for (const [table, env] of Object.entries({ kept: world.local, kept_embedded: world.embedded })) {
    const kept = await prepare({}, table);
    expect(await world.run(['ingest', '-c', kept], env)).toMatchObject({ code: 0 });
  }
  before = await world.traces();
});
afterAll(() => world.stop());

/** Writes the one dataset anew, the good files changed by others; gives the name of its configuration. */
async function prepare(files: Files, table = 'fresh'): Promise<string> {
  await rm(join(world.folder, 'set'), { recursive: true, force: true });
  for (const [name, content] of Object.entries({ ...GOOD, ...files })) {
    const path = join(world.folder, 'set', name);
    await mkdir(dirname(path), { recursive: true });
    await (typeof content === 'object' && 'link' in content ? symlink(content.link, path) : writeFile(path, content));
  }
  const config = {
    apiVersion: 'tracebloc.io/v1',
    kind: 'IngestConfig',
    category: 'text_classification',
    table,
    intent: 'train',
    csv: 'set/labels.csv',
    label: 'label',
  };
  return world.write('ingest.yaml', JSON.stringify(config));
}

describe('validate of', () => {
  it.each(BAD_TEXTS)('$what', async ({ files, findings }) => {
    const ended = await world.run(['validate', '-c', await prepare(files), '--json'], {});
    expect(ended).toMatchObject({ code: 3 });
    const result = documentOf<ValidationResult>(ended);
    expect(result).toMatchObject({ valid: false, errors: findings.length });
    const errors = result.findings.filter(({ severity }) => severity === 'error');
    const told = errors.map((error) => ({ ...error, file: error.file?.replace(`${world.folder}/`, '') }));
    expect(told).toMatchObject(findings);
    expect(await world.traces()).toEqual(before);
  });
});

describe('ingest leaves nothing behind of', () => {
  it.each([
    ['MariaDB', () => world.local],
    ['the embedded database', () => world.embedded],
  ])('a hundred texts of which one is blank, in %s', async (_, env) => {
    const names = Array.from({ length: 100 }, (_row, index) => String(index));
    const ended = await world.run(
      [
        'ingest',
        '-c',
        await prepare({
          'labels.csv': LABELS + names.map((name) => `${name},p\n`).join(''),
          ...Object.fromEntries(names.map((name) => [`texts/${name}.txt`, name === '98' ? '\n' : 'A text.'])),
          'tokenizer.json': TOKENIZER,
        }),
      ],
      env(),
    );
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout).toContain('✖ fresh was not ingested: the data is not valid, and nothing was published');
    expect(ended.stdout).toContain('✖ blank-text  ');
    expect(ended.stdout).toContain('\n  texts/98.txt  The text is only white space.');
    expect(ended.stdout).toContain('fix: Restore the text from its source');
    expect(ended.stderr).not.toContain('All records processed successfully');
    expect(await world.traces()).toEqual(before);
  });
});

it('texts of odd names arrive whole, beside the tokenizer; what is odd about the set is a warning', async () => {
  const rows = ['two words.txt,p', 'Größe,q', 'cafe\u0301.txt,p', 'letter.2024.txt,q', 'UPPER.TXT,p', 'letter.2024,p'];
  const stored = ['two words', 'Größe', 'caf\u00e9', 'letter.2024', 'UPPER', 'letter.2024'];
  const config = await prepare({
    'labels.csv': `${LABELS}${rows.join('\n')}\n`,
    'texts/two words.txt': 'two words',
    'texts/Größe.txt': '\ufeffGröße',
    'texts/caf\u00e9.txt': 'café',
    'texts/letter.2024.txt': 'letter',
    'texts/UPPER.TXT': 'upper',
    'texts/inside.txt': { link: 'a.txt' },
    'texts/notes.md': '',
    'texts/.DS_Store': '',
    'tokenizer.json': TOKENIZER,
  });
  const ended = await world.run(['ingest', '-c', config, '--json'], world.embedded);
  expect(ended).toMatchObject({ code: 0 });
  const { inserted, validation } = documentOf<IngestResult & { validation: ValidationResult }>(ended);
  expect(inserted).toBe(8);
  expect(validation.findings).toMatchObject([
    { code: 'repeated-file', row: 9, value: 'letter.2024' },
    { code: 'unnamed-file', message: expect.stringMatching(/^2 of 9 .*: inside\.txt and notes\.md\.$/) as unknown },
  ]);

  const { tables } = await world.traces();
  expect(tables['embedded fresh']!.rows.map(({ filename, extension }) => [filename, extension])).toEqual(
    ['a', 'b', ...stored].map((stem) => [stem, '.txt']),
  );
  const folder = join(world.storage, 'fresh');
  const names = [...new Set(['a', 'b', ...stored])].map((stem) => `${stem}.txt`);
  expect((await readdir(folder)).sort()).toEqual([...names, 'tokenizer.json'].sort());
  expect(await readFile(join(folder, 'caf\u00e9.txt'), 'utf8')).toBe('café');
  expect(await readFile(join(folder, 'Größe.txt'), 'utf8')).toBe('\ufeffGröße');
  expect(await readFile(join(folder, 'tokenizer.json'), 'utf8')).toBe(TOKENIZER);
});
