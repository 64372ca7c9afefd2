import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolders } from './init.test-support.js';
import type { InitCommand } from './init.js';

let data: DataFolders;

beforeAll(async () => {
  data = await DataFolders.make();
});
afterAll(() => data.remove());

describe('what the data leaves open, without a terminal, is an error that lists', () => {
  const rows = Array.from({ length: 40 }, (_, row) => `${(row * 7) % 41},${row % 3},c${row % 2}`);
  const CARS = `size,grade,color\n${rows.join('\n')}`;

  let folder: string;
  beforeEach(async () => {
    folder = await data.write({});
  });

  const write = (name: string, content: string) => writeFile(join(folder, name), content);

  async function expectOpen(content: string, answers: InitCommand['answers'] = {}) {
    await write('data.csv', content);
    const error = await data.init(folder, answers).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'ambiguous', exitCode: 2 });
    return error as { message: string; fix: string[] };
  }

  it('the tasks, and in the same run the questions that come after them, with their choices as data too', async () => {
    const policies = [
      { value: 'bucket', description: 'the backend gets one of 64 hash buckets' },
      { value: 'passthrough', description: 'the backend gets the label itself' },
    ];
    const tasks = [
      {
        value: 'tabular_classification',
        description: 'a table of 40 rows and 3 columns, of which 2 could be the class to predict',
      },
      { value: 'tabular_regression', description: 'a table of 40 rows and 3 columns, whose size is a number' },
    ];
    const labels = [
      { value: 'color', description: '2 distinct values, for tabular_classification' },
      { value: 'grade', description: '3 distinct values, for tabular_classification' },
      { value: 'size', description: '40 distinct values, for tabular_regression' },
    ];
    const lines = (choices: typeof tasks) => choices.map(({ value, description }) => `    ${value}: ${description}`);
    const fix = [
      'Give --task <id>, or --label <column> if that decides it.',
      'Give --label <column>.',
      'Give --label-policy <policy>. tabular_regression must state it.',
    ];
    expect(await expectOpen(CARS)).toMatchObject({
      message: [
        'The data leaves 3 questions open:',
        '  Which task is it for?',
        ...lines(tasks),
        '  Which column is the label?',
        ...lines(labels),
        '  How may the labels leave the cluster?',
        ...lines(policies),
      ].join('\n'),
      fix,
      questions: [
        { about: 'task', asks: 'Which task is it for?', choices: tasks, answer: fix[0] },
        { about: 'label', asks: 'Which column is the label?', choices: labels, answer: fix[1] },
        { about: 'label-policy', asks: 'How may the labels leave the cluster?', choices: policies, answer: fix[2] },
      ],
    });
    // Answers to all of them in one call leave nothing open.
    const answers = { task: 'tabular_regression', label: 'size', labelPolicy: 'bucket' };
    expect(await data.init(folder, answers)).toMatchObject({
      outcome: 'written',
      task: 'tabular_regression',
      label: 'size',
    });
  });

  it('but not the only task, which the result doubts if the data is only possibly meant for it', async () => {
    const only = await data.write({ 'data.csv': 'size,color\n1,red\n2,green\n3,blue\n' });
    expect(await data.init(only, { label: 'color' })).toMatchObject({
      outcome: 'written',
      task: 'tabular_classification',
      doubts: [
        expect.stringMatching(
          /^Nothing shows for certain that the data is for tabular_classification: .*--task/,
        ) as unknown,
      ],
    });
    expect(await data.init(only, { label: 'color', task: 'tabular_classification' }, { dryRun: true })).toMatchObject({
      doubts: [],
    });
    // A table that names the files of a task that is not installed has nothing else to store.
    const files = await data.write({ 'data.csv': 'filename,color\na,red\nb,red\nc,blue\n' });
    await mkdir(join(files, 'files'));
    await expect(data.init(files, { label: 'color' })).rejects.toMatchObject({
      code: 'task-misfit',
      message: expect.stringMatching(
        /^The data does not fit tabular_classification: no column .* \(filename: /,
      ) as unknown,
    });
  });

  it('the labels, with what was seen of them', async () => {
    const { message, fix } = await expectOpen(CARS, { task: 'tabular_classification' });
    expect(message).toMatch(
      /^Which column is the label\? The data leaves it open:\n {2}color: 2 distinct values\n {2}grade: 3 distinct values$/,
    );
    expect(fix).toEqual(['Give --label <column>.']);
  });

  it('the policy, if the task requires one', async () => {
    const { message, fix } = await expectOpen(CARS, { label: 'size' });
    expect(message).toMatch(/^How may the labels leave the cluster\? The data leaves it open:\n {2}bucket: /);
    expect(fix).toEqual(['Give --label-policy <policy>.']);
  });

  it('the tables of a folder, and the questions after that for each', async () => {
    await write('second.csv', 'a,b\n1,2\n');
    const { message, fix } = await expectOpen('a,b\n1,2\n');
    const [first, second] = ['data', 'second'].map((name) => relative(process.cwd(), join(folder, `${name}.csv`)));
    expect(message).toMatch(new RegExp(`\n  ${first!}\n  ${second!}$`));
    const pattern = first!.replace('data.csv', '*.csv');
    expect(fix).toEqual([
      `Name the one: ingestor init ${first!}, or all, as parts of one table: ingestor init '${pattern}'`,
    ]);

    const cars = await expectOpen(CARS);
    expect(cars.message).toMatch(
      new RegExp(
        `open:\n  Which table .*\n    ${first!}\n    ${second!}: unlike data.csv, it lacks .* and has .*\n  data.csv: Which task`,
      ),
    );
    expect(cars.message).toMatch(/\n {2}data\.csv: Which column is the label\?\n/);
    await write('second.csv', CARS);
    expect((await expectOpen(CARS)).message).toMatch(/\n {2}Which task .*[^]*\n {2}Which column is the label\?\n/);
  });
});

describe('what cannot be described', () => {
  it('is a folder without a table', async () => {
    const folder = await data.write({});
    await mkdir(join(folder, 'images'));
    const { message } = (await data.init(folder).catch((error: unknown) => error as Error)) as Error;
    for (const extension of ['.csv', '.tsv', '.jsonl', '.ndjson', '.parquet', '.xlsx', '.csv.gz', '.json', '.txt'])
      expect(message).toContain(` ${extension}`.replace(' .csv.gz', '(.csv.gz'));
    expect(message).toContain('whose records are within an object');
    await expect(data.init(folder)).rejects.toMatchObject({ code: 'no-table', exitCode: 2 });
  });

  it('is data that fits none of the installed tasks, each of which says why', async () => {
    await expect(data.init(await data.write({ 'notes.csv': 'note\na\nb\n' }))).rejects.toMatchObject({
      code: 'nothing-fits',
      exitCode: 2,
      message: expect.stringMatching(
        /^The data fits none of \d+ tasks:\n.*\n {2}tabular_classification: the table has only one column\n.*\n {2}text_classification: there is no folder of \.txt and \.text files beside the table\n/s,
      ) as unknown,
      fix: [expect.stringContaining('With --task <id>') as unknown],
    });
  });

  it('is data that does not fit the named task, which says what to do; a task that fits is only proposed', async () => {
    const rows = [
      'id,place,text,topic,size',
      '1,x,"One, two",a,5',
      '2,y,three,b,6',
      '3,x,four,a,7',
      '4,y,five,b,8',
      '',
    ];
    const folder = await data.write({ 'topics.csv': rows.join('\n') });
    await expect(data.init(folder, { task: 'image_classification', label: 'topic' })).rejects.toMatchObject({
      code: 'task-misfit',
      exitCode: 2,
      message: expect.stringMatching(
        /^The data does not fit image_classification: there is no folder of .* files beside the table\.$/,
      ) as unknown,
      fix: [
        expect.stringMatching(/^Put the files into a folder images\//) as unknown,
        'The data fits tabular_classification, as a table of 4 rows and 5 columns, whose topic names classes: --task tabular_classification',
      ],
    });
    expect(existsSync(join(folder, 'ingest.yaml'))).toBe(false);
    // Without a named task the other one is written, and the result says for which it may be meant.
    expect(await data.init(folder, { label: 'topic' }, { dryRun: true })).toMatchObject({
      task: 'tabular_classification',
      near: [{ task: 'text_classification', reason: 'text may hold the texts' }],
    });
  });

  it.each([
    ['a ragged row', 'a,b\n1,2\n3\n', { code: 'ragged-row', row: 3, expected: '2 fields' }],
    [
      'a damaged byte',
      Buffer.from('a,b\n1,\xc3\xa9\xc3\xbc\xc3\xa4\n2,\xe9\n', 'latin1'),
      { code: 'not-utf8', row: 3, value: '0xE9' },
    ],
    ['no rows', 'a,b\n', { code: 'no-rows' }],
  ])('is a table with %s, of which the findings are returned', async (_, content, finding) => {
    const folder = await data.write({ 'bad.csv': content });
    expect(await data.init(folder)).toMatchObject({ outcome: 'invalid', findings: [finding] });
    expect(existsSync(join(folder, 'ingest.yaml'))).toBe(false);
  });
});
