import { expect, it } from '@jest/globals';
import { readTask } from '@tracebloc/ingestor-conformance';
import type { Finding } from '@tracebloc/ingestor-contract';
import { tabularClassification } from './classification.js';
import { tabularRegression } from './regression.js';

interface BadFile {
  what: string;
  content: string | Uint8Array;
  /** All findings that are errors. */
  findings: Partial<Finding>[];
  schema?: Record<string, string>;
  task?: typeof tabularClassification;
}

const BAD_FILES: BadFile[] = [
  {
    what: 'an empty file',
    content: '',
    findings: [{ code: 'empty-file', fix: 'Use a file that has a header row and at least one data row.' }],
  },
  {
    what: 'a header without rows',
    content: 'a,b,y\n',
    findings: [
      {
        code: 'no-rows',
        fix: 'Add at least one data row. If the first line of a CSV file is a row, set `spec.csv_options.header: none`.',
      },
    ],
  },
  {
    what: 'a header that names a column twice',
    content: 'a,b, a ,y\n1,x,2,p\n3,x,4,q\n',
    findings: [
      {
        code: 'duplicate-column',
        column: 'a',
        message: 'Columns 1 and 3 have the same name.',
        fix: 'Rename or remove one of them.',
      },
    ],
  },
  {
    what: 'Latin-1 bytes',
    content: Buffer.from('a,b,y\n1,x,p\n2,café,q\n', 'latin1'),
    findings: [
      {
        code: 'not-utf8',
        row: 3,
        value: '0xE9',
        expected: 'UTF-8 text',
        message: 'The byte at offset 17 is not UTF-8; the rest of the file was not checked.',
        fix: 'Set `spec.csv_options.encoding: windows-1252`. The file reads the same in windows-1250, windows-1254, windows-1256 and 3 more.',
      },
    ],
  },
  {
    what: 'a ragged row',
    content: 'a,b,y\n1,x,p\n2,z\n3,x,q\n4,x,q,5\n',
    findings: [
      { code: 'ragged-row', row: 3, expected: '3 fields', message: 'Line 3 has 2 fields, but the header has 3.' },
      { code: 'ragged-row', row: 5, expected: '3 fields', message: 'Line 5 has 4 fields, but the header has 3.' },
    ],
  },
  {
    what: 'a quote that is never closed',
    content: 'a,b,y\n1,x,p\n2,"z,q\n3,x,q\n',
    findings: [
      {
        code: 'unclosed-quote',
        row: 3,
        expected: 'a closing quote',
        message: 'The quote opened on line 3 is not closed before the file ends; reading went on at line 4.',
        fix: 'Close the quote, or double a quote that is part of the text.',
      },
    ],
  },
  {
    what: 'an integer out of range',
    content: 'a,b,y\n1,x,p\n2147483648,z,q\n',
    findings: [
      {
        code: 'out-of-range',
        row: 3,
        column: 'a',
        value: '2147483648',
        expected: '-2147483648 to 2147483647',
        fix: 'Correct the value, or declare a type with a larger range.',
      },
    ],
  },
  {
    what: 'a number that overflows',
    content: 'a,b,y\n1e400,x,p\n2,z,q\n',
    findings: [
      {
        code: 'number-overflow',
        row: 2,
        column: 'a',
        value: '1e400',
        message: "The value does not fit the column's type, DOUBLE.",
        fix: 'Correct the value, or declare a FLOAT column DOUBLE.',
      },
    ],
    schema: { a: 'DOUBLE', b: 'VARCHAR(8)' },
  },
  {
    what: 'days that no calendar has',
    content: 'a,b,y\n31.02.2024,x,p\n2023-02-29,z,q\n',
    findings: [
      { code: 'unreal-date', row: 2, column: 'a', value: '31.02.2024', expected: 'a day of the calendar' },
      { code: 'unreal-date', row: 3, column: 'a', value: '2023-02-29', expected: 'a day of the calendar' },
    ],
    schema: { a: 'DATE', b: 'VARCHAR(8)' },
  },
  {
    what: 'a date without its year',
    content: 'a,b,y\n31.02.,x,p\n2024-02-29,z,q\n',
    findings: [{ code: 'not-a-date', row: 2, column: 'a', value: '31.02.', fix: 'Write dates as YYYY-MM-DD.' }],
    schema: { a: 'DATE', b: 'VARCHAR(8)' },
  },
  {
    what: 'a label column that the file does not have',
    content: 'a,b,z\n1,x,p\n2,z,q\n',
    findings: [{ code: 'missing-column', column: 'y', expected: 'one of a, b and z' }],
    schema: { a: 'INT', b: 'VARCHAR(8)', z: 'VARCHAR(8)' },
  },
  {
    what: 'a schema column that the file does not have',
    content: 'a,b,y\n1,x,p\n2,z,q\n',
    findings: [{ code: 'missing-column', column: 'c', expected: 'one of a, b and y' }],
    schema: { a: 'INT', b: 'VARCHAR(8)', c: 'INT' },
  },
  {
    what: 'one class only',
    content: 'a,b,y\n1,x,p\n2,z, p \n',
    findings: [{ code: 'one-class', column: 'y', value: 'p', expected: 'two or more labels' }],
  },
  {
    what: 'labels of a regression that are no numbers',
    content: 'a,b,y\n1,x,1.5\n2,z,high\n',
    findings: [{ code: 'not-a-number', row: 3, column: 'y', value: 'high' }],
    task: tabularRegression,
  },
];

it.each(BAD_FILES)('$what: every error is reported with its place and its fix', async (bad) => {
  const { task = tabularClassification, schema = { a: 'INT', b: 'VARCHAR(8)' } } = bad;
  const { report } = await readTask(task, { manifest: bad.content, label: 'y', schema });
  const inFile = bad.findings.map((finding) => ({ file: 'data', ...finding }));
  expect(report.findings().filter(({ severity }) => severity === 'error')).toMatchObject(inFile);
  expect(report.errors).toBe(bad.findings.length);
});
