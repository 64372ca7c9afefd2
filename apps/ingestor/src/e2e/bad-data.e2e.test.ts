import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { sampleImages } from '@tracebloc/ingestor-testing';
import {
  documentOf,
  type Ended,
  yamlOf,
  type ConfigFields,
  World,
  type Traces,
} from '@tracebloc/ingestor-testing/command';

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start();
  // Its files let each database claim the storage folder.
  const texts = { 'data.csv': 'filename,label\na,p\nb,q\n', 'texts/a.txt': 'A text.', 'texts/b.txt': 'Another.' };
  const config = (table: string) => ({ schema: {}, label: 'label', table });
  for (const [table, env] of Object.entries({ kept: world.local, kept_embedded: world.embedded })) {
    const kept = await write({ task: 'text_classification', config: config(table), files: texts }, table);
    expect(await world.run(['ingest', '-c', kept], env)).toMatchObject({ code: 0 });
  }
  before = await world.traces();
});
afterAll(() => world.stop());

interface BadDataset {
  task: string;
  config: ConfigFields & Record<string, unknown>;
  /** Files by their path below the dataset's folder; `data.csv` is the manifest. */
  files: Record<string, string | Uint8Array>;
  /** All findings that are errors; a file is a path below the dataset's folder. */
  errors: (Partial<Finding> & { code: string; file: string })[];
}

const manifest = { file: 'data.csv' };
const empty = Buffer.alloc(0);
const image = await sampleImages.png();

/** One dataset for each task. The tests of the plugins show each finding. */
const DATASETS: BadDataset[] = [
  {
    task: 'tabular_regression',
    config: { schema: { a: 'INT' }, label: { column: 'y', policy: 'bucket' } },
    files: { 'data.csv': 'a,y\n1,1.5\nabc,2\n3,high\n2147483648,4\n' },
    errors: [
      { ...manifest, code: 'not-an-integer', row: 3, column: 'a', value: 'abc' },
      { ...manifest, code: 'out-of-range', row: 5, column: 'a', expected: '-2147483648 to 2147483647' },
      { ...manifest, code: 'not-a-number', row: 4, column: 'y', value: 'high' },
    ],
  },
  {
    task: 'time_series_forecasting',
    config: { schema: { timestamp: 'TIMESTAMP', a: 'FLOAT' }, label: { column: 'y', policy: 'bucket' } },
    files: { 'data.csv': 'timestamp,a,y\n2024-01-02,1,1\n2024-01-01,cold,3\n' },
    errors: [
      { ...manifest, code: 'unordered-timestamp', row: 3, column: 'timestamp', value: '2024-01-01' },
      { ...manifest, code: 'not-a-number', row: 3, column: 'a', value: 'cold' },
    ],
  },
  {
    task: 'time_to_event_prediction',
    config: { schema: { time: 'FLOAT' }, label: { column: 'event', policy: 'passthrough' } },
    files: { 'data.csv': 'time,event\n1,0\n-3.5,1\n2,2\n' },
    errors: [
      { ...manifest, code: 'negative-time', row: 3, column: 'time', value: '-3.5', expected: '0 or more' },
      { ...manifest, code: 'not-an-event', row: 4, column: 'event', value: '2', expected: '0 or 1' },
    ],
  },
  {
    task: 'text_classification',
    config: { schema: {}, label: 'label' },
    files: {
      'data.csv': 'filename,label\na,p\nb,q\ngone,q\n../data,q\n',
      'texts/a.txt': 'A text.',
      'texts/b.txt': '\n',
      'tokenizer.json': '{',
    },
    errors: [
      { ...manifest, code: 'missing-file', row: 4, column: 'filename', value: 'gone' },
      { ...manifest, code: 'unsafe-filename', row: 5, column: 'filename', value: '../data' },
      { file: 'texts/b.txt', code: 'blank-text' },
      { file: 'tokenizer.json', code: 'tokenizer-not-json' },
    ],
  },
  {
    task: 'image_classification',
    config: { schema: {}, label: 'label', target_size: [64, 64] },
    files: {
      'data.csv': 'filename,label\na,p\nb,q\ncut,q\n',
      'images/a.png': image,
      'images/b.png': empty,
      'images/cut.png': image.subarray(0, image.length / 2),
    },
    errors: [
      { file: 'images/b.png', code: 'zero-byte-file' },
      { file: 'images/cut.png', code: 'broken-image' },
    ],
  },
  {
    task: 'object_detection',
    config: { schema: {}, label: 'label' },
    files: {
      'data.csv': 'filename,label\na,p\nalone,q\n',
      'images/a.png': image,
      'images/alone.png': image,
      'annotations/a.xml': 'no markup',
    },
    errors: [
      { file: 'annotations/a.xml', code: 'not-xml', row: 1 },
      { file: 'images/alone.png', code: 'unpaired-file', expected: 'annotations/alone.xml' },
    ],
  },
];

type Dataset = Pick<BadDataset, 'task' | 'config' | 'files'>;

/** Writes the dataset into the folder, and returns the path of its configuration. */
async function write({ task, config, files }: Dataset, folder = task): Promise<string> {
  const all = { csv: 'data.csv', ...config, category: task };
  const isImage = Object.keys(files).some((name) => name.endsWith('.png'));
  const yaml = yamlOf(isImage ? { ...all, spec: { file_options: { extension: '.png' } } } : all);
  const text = Object.keys(config.schema!).length > 0 ? yaml : yaml.replace('schema:\n', '');
  for (const [name, content] of Object.entries({ ...files, 'ingest.yaml': text })) {
    const path = join(world.folder, folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return join(folder, 'ingest.yaml');
}

/** Expects each part of the finding: `data.csv:3 a  message`, `value …, expected …` and `fix: …`. */
function expectShown({ stdout }: Ended, finding: Finding): void {
  const { code, file, row, column, value, expected, message, fix } = finding;
  const place = [row === undefined ? file : `${file}:${row}`, column].filter((part) => part !== undefined);
  expect(stdout).toContain(`✖ ${code}  `);
  expect(stdout).toContain(`\n  ${place.join(' ')}  ${message}`);
  if (value !== undefined) expect(stdout).toContain(`value ${JSON.stringify(value)}`);
  if (expected !== undefined) expect(stdout).toContain(`expected ${expected}`);
  expect(stdout).toContain(`fix: ${fix}`);
}

describe('all problems of a dataset reach the screen and the JSON, the exit code is 3, and nothing is left:', () => {
  it.each(DATASETS)('$task', async (dataset) => {
    const config = await write(dataset);
    const ended = await world.run(['ingest', '-c', config]);
    const embedded = await world.run(['ingest', '-c', config, '--json'], world.embedded);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout).toContain('✖ fresh was not ingested: the data is not valid, and nothing was published');
    expect(ended.stderr).not.toContain('All records processed successfully');

    expect(embedded).toMatchObject({ code: 3 });
    const { outcome, validation } = documentOf<{ outcome: string; validation: ValidationResult }>(embedded);
    expect([outcome, validation.errors]).toEqual(['invalid', dataset.errors.length]);
    const errors = validation.findings.filter(({ severity }) => severity === 'error');
    const sorted = (findings: typeof dataset.errors) =>
      findings.toSorted((a, b) => (a.code + a.file).localeCompare(b.code + b.file));
    const below = (folder: string) =>
      errors.map((error) => ({ ...error, file: error.file!.replace(`${folder}/`, '') }));
    expect(sorted(below(join(world.folder, dataset.task)))).toMatchObject(sorted(dataset.errors));
    for (const finding of below(world.folder)) expectShown(ended, finding);
    expect(await world.traces()).toEqual(before);
  });
});

it('validate needs no environment; it counts what it does not show, also in --report', async () => {
  const rows = Array.from({ length: 150 }, (_, index) => `abc,far too long,${index % 2 ? 'p' : 'q'}`);
  await world.write('many.csv', ['a,b,y', '1,x,p', ...rows, '1e10,x,p', '2,x,q', ''].join('\n'));
  await world.write('many.yaml', yamlOf({ csv: 'many.csv' }));
  const ended = await world.run(['validate', '-c', 'many.yaml', '--report', 'report.json'], {});
  expect(ended).toMatchObject({ code: 3 });
  expect(ended.stdout).toContain('✖ not-an-integer  150 errors');
  expect(ended.stdout).toContain('… and 50 more of this kind');
  expect(ended.stdout).toMatch(/301 errors, 0 warnings; 153 rows of many\.csv/);
  const report = JSON.parse(await readFile(join(world.folder, 'report.json'), 'utf8')) as ValidationResult;
  expect(report.totals).toEqual([
    { code: 'not-an-integer', severity: 'error', total: 150 },
    { code: 'text-too-long', severity: 'error', total: 150 },
    { code: 'out-of-range', severity: 'error', total: 1 },
  ]);
  expect(await world.traces()).toEqual(before);
});

it('an error near the end of a long table is reported with its line, and all rows that were staged are gone', async () => {
  const count = 50_000;
  const rows = Array.from({ length: count }, (_, index) => `${index + 1 === count - 1 ? 'abc' : index},${index % 2}`);
  await world.write('long.csv', ['a,y', ...rows, ''].join('\n'));
  await world.write('long.yaml', yamlOf({ csv: 'long.csv', schema: { a: 'INT' } }));
  const ended = await world.run(['ingest', '-c', 'long.yaml', '--json']);
  expect(ended).toMatchObject({ code: 3 });
  // Lines are counted from the header's, which is 1.
  expect(documentOf(ended)).toMatchObject({
    outcome: 'invalid',
    validation: {
      found: count,
      errors: 1,
      findings: [{ code: 'not-an-integer', row: count, column: 'a', value: 'abc' }],
    },
  });
  expect(await world.traces()).toEqual(before);
});
