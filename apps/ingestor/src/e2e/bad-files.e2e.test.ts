import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import {
  documentOf,
  type Ended,
  GOOD_CSV,
  yamlOf,
  type ConfigFields,
  World,
  type Traces,
} from '@tracebloc/ingestor-testing/command';

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start();
  await world.write('good.csv', GOOD_CSV);
  await world.write('kept.yaml', yamlOf({ table: 'kept' }));
  for (const env of [world.local, world.embedded]) {
    expect(await world.run(['ingest', '-c', 'kept.yaml'], env)).toMatchObject({ code: 0 });
  }
  before = await world.traces();
});
afterAll(() => world.stop());

interface BadFile {
  what: string;
  content: string | Uint8Array;
  findings: Partial<Finding>[];
  config?: ConfigFields;
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

const BAD_FILES: BadFile[] = [
  {
    what: 'an empty file',
    content: '',
    findings: [{ code: 'empty-file', fix: 'Use a file that has a header row and at least one data row.' }],
  },
  {
    what: 'a header without rows',
    content: 'a,b,y\n',
    findings: [{ code: 'no-rows', fix: 'Add at least one data row.' }],
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
    content: latin1('a,b,y\n1,x,p\n2,café,q\n'),
    findings: [
      {
        code: 'not-utf8',
        row: 3,
        value: '0xE9',
        expected: 'UTF-8 text',
        message: 'The byte at offset 17 is not UTF-8; the rest of the file was not checked.',
        fix: 'Convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8 old > new`.',
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
    config: { schema: { a: 'DOUBLE', b: 'VARCHAR(8)' } },
  },
  {
    what: 'days that no calendar has',
    content: 'a,b,y\n31.02.2024,x,p\n2023-02-29,z,q\n',
    findings: [
      { code: 'unreal-date', row: 2, column: 'a', value: '31.02.2024', expected: 'a day of the calendar' },
      { code: 'unreal-date', row: 3, column: 'a', value: '2023-02-29', expected: 'a day of the calendar' },
    ],
    config: { schema: { a: 'DATE', b: 'VARCHAR(8)' } },
  },
  {
    what: 'a date without its year',
    content: 'a,b,y\n31.02.,x,p\n2024-02-29,z,q\n',
    findings: [{ code: 'not-a-date', row: 2, column: 'a', value: '31.02.', fix: 'Write dates as YYYY-MM-DD.' }],
    config: { schema: { a: 'DATE', b: 'VARCHAR(8)' } },
  },
  {
    what: 'a label column that the file does not have',
    content: 'a,b,z\n1,x,p\n2,z,q\n',
    findings: [{ code: 'missing-column', column: 'y', expected: 'one of a, b and z' }],
    config: { schema: { a: 'INT', b: 'VARCHAR(8)', z: 'VARCHAR(8)' } },
  },
  {
    what: 'a schema column that the file does not have',
    content: GOOD_CSV,
    findings: [{ code: 'missing-column', column: 'c', expected: 'one of a, b and y' }],
    config: { schema: { a: 'INT', b: 'VARCHAR(8)', c: 'INT' } },
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
    config: { category: 'tabular_regression', label: { column: 'y', policy: 'bucket' } },
  },
  {
    what: 'the same key twice',
    content: 'a,b,y\n7,x,p\n8,z,q\n7,x,q\n',
    findings: [
      { code: 'duplicate-data-id', row: 4, column: 'a', value: '7', message: 'The data_id is the same as in row 2.' },
    ],
    config: { data_id: { strategy: 'column', column: 'a' } },
  },
];

/** That the text tells each part of the finding, as `bad.csv:3 a  message`, `value …, expected …` and `fix: …`. */
function expectTold({ stdout }: Ended, { code, row, column, value, expected, message, fix }: Partial<Finding>): void {
  const place = [row === undefined ? 'bad.csv' : `bad.csv:${row}`, column].filter((part) => part !== undefined);
  expect(stdout).toContain(`✖ ${code}  `);
  expect(stdout).toContain(`\n  ${place.join(' ')}  ${message ?? ''}`);
  if (value !== undefined) expect(stdout).toContain(`value ${JSON.stringify(value)}`);
  if (expected !== undefined) expect(stdout).toContain(`expected ${expected}`);
  expect(stdout).toContain(`fix: ${fix ?? ''}`);
}

async function prepare(content: string | Uint8Array, config: ConfigFields = {}): Promise<void> {
  await world.write('bad.csv', content);
  await world.write('ingest.yaml', yamlOf({ csv: 'bad.csv', ...config }));
}

describe('ingest into MariaDB, and validate, of', () => {
  it.each(BAD_FILES)('$what', async ({ content, findings, config }) => {
    await prepare(content, config);
    const [ended, validated] = await Promise.all([
      world.run(['ingest', '-c', 'ingest.yaml']),
      world.run(['validate', '-c', 'ingest.yaml', '--json'], {}),
    ]);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stderr).not.toContain('All records processed successfully');
    expect(ended.stdout).toContain('✖ fresh was not ingested: the data is not valid, and nothing was published');
    for (const finding of findings) expectTold(ended, finding);

    expect(validated).toMatchObject({ code: 3 });
    const result = documentOf<ValidationResult>(validated);
    expect(result).toMatchObject({ valid: false, errors: findings.length });
    expect(result.findings.filter(({ severity }) => severity === 'error')).toMatchObject(findings);
    expect(await world.traces()).toEqual(before);
  });
});

describe('ingest into the embedded database of', () => {
  it.each(BAD_FILES.filter((_, index) => index % 3 === 0))('$what', async ({ content, findings, config }) => {
    await prepare(content, config);
    const ended = await world.run(['ingest', '-c', 'ingest.yaml'], world.embedded);
    expect(ended).toMatchObject({ code: 3 });
    for (const finding of findings) expectTold(ended, finding);
    expect(await world.traces()).toEqual(before);
  });
});

it('a file that is not there is told with the place that names it', async () => {
  await world.write('ingest.yaml', yamlOf({ csv: 'gone.csv' }));
  const ended = await world.run(['ingest', '-c', 'ingest.yaml']);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/ingest\.yaml:6:6 csv: the file ".*\/gone\.csv" does not exist/);
  expect(await world.traces()).toEqual(before);
});

it('every problem of a file is told in one pass, also by --report', async () => {
  const rows = Array.from({ length: 150 }, () => 'abc,far too long,p');
  await prepare(['a,b,y', '1,x,p', ...rows, '1e10,x,p', '2,x,q', ''].join('\n'));
  const ended = await world.run(['ingest', '-c', 'ingest.yaml', '--report', 'report.json']);
  expect(ended).toMatchObject({ code: 3 });
  expect(ended.stdout).toContain('✖ not-an-integer  150 errors');
  expect(ended.stdout).toContain('… and 50 more of this kind');
  expect(ended.stdout).toMatch(/301 errors, 0 warnings; 153 rows of bad\.csv/);
  const report = JSON.parse(await readFile(`${world.folder}/report.json`, 'utf8')) as ValidationResult;
  expect(report.totals).toEqual([
    { code: 'not-an-integer', severity: 'error', total: 150 },
    { code: 'text-too-long', severity: 'error', total: 150 },
    { code: 'out-of-range', severity: 'error', total: 1 },
  ]);
  expect(await world.traces()).toEqual(before);
});

it('a text in an INT column at row 999,999 of a million is told with its line, and all that was staged is gone', async () => {
  const rows = Array.from({ length: 1_000_000 }, (_, index) => `${index + 1 === 999_999 ? 'abc' : index},p`);
  await prepare(['a,y', 'q', ...rows.slice(1), ''].join('\n').replace('q', '0,q'), { schema: { a: 'INT' } });
  const ended = await world.run(['ingest', '-c', 'ingest.yaml', '--json']);
  expect(ended).toMatchObject({ code: 3 });
  const { outcome, validation } = documentOf<{ outcome: string; validation: ValidationResult }>(ended);
  expect(outcome).toBe('invalid');
  // Lines are counted from the header's, which is 1: row 999,999 of the data is line 1,000,000.
  expect(validation).toMatchObject({
    found: 1_000_000,
    errors: 1,
    findings: [{ code: 'not-an-integer', row: 1_000_000, column: 'a', value: 'abc' }],
  });
  expect(await world.traces()).toEqual(before);
});
