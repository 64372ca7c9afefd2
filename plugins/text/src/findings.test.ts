import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readTask } from '@tracebloc/ingestor-conformance';
import type { Finding } from '@tracebloc/ingestor-contract';
import { textClassification } from './classification.js';

interface BadTexts {
  what: string;
  manifest?: string;
  /** Files by their path below the source folder, which replace those of a good dataset. */
  files?: Record<string, string | Uint8Array>;
  /** Links by their path, with their targets. */
  links?: Record<string, string>;
  /** All findings that are errors. */
  findings: Partial<Finding>[];
}

/** Two rows that are right. */
const LABELS = 'filename,label\na,p\nb.txt,q\n';
const GOOD = { 'texts/a.txt': 'A text.', 'texts/b.txt': 'Another.' };
const TOKENIZER = '{"model": {"type": "WordLevel", "vocab": {"[PAD]": 0, "text": 1}}}';
/** A manifest whose row 4 has the given filename. */
const naming = (name: string) => `${LABELS}${name},q\n`;
const cell = { file: 'data', row: 4, column: 'filename' };

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
        fix: 'Convert the file: `iconv -f WINDOWS-1252 -t UTF-8 old > new`, or set `spec.file_options.encoding: windows-1252` if all files have this encoding. The file reads the same in windows-1250, windows-1254, windows-1257 and 2 more.',
      },
    ],
  },
  {
    what: 'a text in UTF-16',
    files: { 'texts/b.txt': Buffer.from('\ufeffA text.', 'utf16le') },
    findings: [
      {
        code: 'not-utf8',
        file: 'texts/b.txt',
        fix: 'Convert the file: `iconv -f UTF-16 -t UTF-8 old > new`, or set `spec.file_options.encoding: utf-16` if all files have this encoding.',
      },
    ],
  },
  {
    what: 'a tokenizer cut off',
    files: { 'tokenizer.json': TOKENIZER.slice(0, 40) },
    findings: [
      {
        code: 'tokenizer-not-json',
        file: 'tokenizer.json',
        fix: 'Save the tokenizer again; `python3 -m json.tool tokenizer.json` names the line of the error.',
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
    manifest: naming(' '),
    findings: [{ code: 'missing-filename', ...cell, fix: 'Fill in the `filename` of the row, or remove the row.' }],
  },
  {
    what: 'a missing file',
    manifest: naming('gone.2024'),
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
    manifest: `${naming('../../etc/passwd')}/etc/passwd,q\n..\\a.txt,q\ntexts/a.txt,q\n..,q\n`,
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
    manifest: naming('a.txt\0'),
    findings: [{ code: 'unsafe-filename', ...cell }],
  },
  {
    what: 'a link out of the folder',
    manifest: naming('link'),
    links: { 'texts/link.txt': '../data' },
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
    manifest: naming('link'),
    links: { 'texts/link.txt': 'gone.txt' },
    findings: [{ code: 'unreadable-file', ...cell, value: 'link', expected: 'a readable file' }],
  },
  {
    what: 'another extension',
    manifest: naming('c'),
    files: { 'texts/c.text': 'A text.' },
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
    manifest: LABELS.replace('q', 'p'),
    findings: [{ code: 'one-class', file: 'data', column: 'label', value: 'p' }],
  },
];

it.each(BAD_TEXTS)(
  '$what is reported with its place and its fix',
  async ({ manifest = LABELS, files, links = {}, findings }) => {
    const { report } = await readTask(textClassification, {
      manifest,
      label: 'label',
      files: { ...GOOD, ...files },
      prepare: (root) => {
        for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
      },
    });
    const errors = report.findings().filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject(findings);
    expect(report.errors).toBe(findings.length);
  },
);
