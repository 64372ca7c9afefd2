import { mkdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolders } from '../init.test-support.js';
import { Desk, type Row, table } from './cases.test-support.js';

let desk: Desk;
let data: DataFolders;
beforeEach(async () => {
  desk = await Desk.make();
  data = await DataFolders.make();
});
afterEach(() => Promise.all([desk.remove(), data.remove()]));

const lines = (part: number) => Array.from({ length: 20 }, (_, row) => `${part * 20 + row},c${row % 3}`);
const ROWS: Row[] = [0, 1, 2].flatMap((part) =>
  lines(part).map((line) => [line.split(',')[1]!, Number.parseInt(line)]),
);
const part = (number: number, header = 'size,y') => table(header, ...lines(number));

interface Question {
  about: string;
  answer: string;
  choices: { value: string; description?: string }[];
}

/** Returns the question for the table, with its paths as they are in the folder. */
async function questionOf(files: Record<string, string>): Promise<Question> {
  const folder = await data.write(files);
  const error: unknown = await data.init(folder, { label: 'y' }).catch((reason: unknown) => reason);
  const [question] = (error as { questions: Question[] }).questions;
  const short = (text: string) => text.replaceAll(/[^ ']*\/data\d+\//g, '');
  const choices = question!.choices.map(({ value, ...more }) => ({ value: short(value), ...more }));
  return { about: question!.about, answer: short(question!.answer), choices };
}

describe('a folder of numbered files with the same columns', () => {
  it.each<[string, (number: number) => [name: string, content: string | Uint8Array]]>([
    ['*.csv', (number) => [`part-${number}.csv`, part(number)]],
    ['*.csv.gz', (number) => [`2024-0${number + 1}.csv.gz`, gzipSync(part(number))]],
    [
      '*.jsonl',
      (number) => [
        `rows_${number}.jsonl`,
        lines(number)
          .map((line) => JSON.stringify({ y: line.split(',')[1], size: Number.parseInt(line) }))
          .join('\n'),
      ],
    ],
  ])('is one table: %s', async (pattern, fileOf) => {
    await mkdir(desk.path('parts'));
    for (const number of [0, 1, 2]) {
      const [name, content] = fileOf(number);
      await writeFile(desk.path(`parts/${name}`), content);
    }
    const { yaml, doubts } = await desk.describePath('parts', 'y', 'tabular_classification');
    expect(yaml).toMatch(new RegExp(`^(csv|json): parts/${pattern.replaceAll('*', '\\*')}`, 'm'));
    expect(doubts).toEqual([
      expect.stringMatching(/^3 files with the same columns are read as one table\. .* alone: /),
    ]);
    expect(await desk.rows()).toEqual(ROWS);
  });

  it('is described beside its files, whose pattern needs quotes there', async () => {
    const folder = await data.write({ 'a1.csv': part(0), 'a2.csv': part(1) });
    const { yaml, validation } = await data.describe(folder, { label: 'y', task: 'tabular_classification' });
    expect(yaml).toContain('csv: "*.csv"');
    expect(validation).toMatchObject({ valid: true, found: 40 });
  });
});

describe('a folder whose files may be parts is a question', () => {
  it('with all of them first, if they have the same columns in any order', async () => {
    const { about, choices, answer } = await questionOf({ 'a.csv': part(0), 'b.csv': 'y,size\nc1,3\n' });
    expect(about).toBe('table');
    expect(choices).toEqual([
      { value: '*.csv', description: 'all 2 as parts of one table: they have the same columns' },
      { value: 'a.csv' },
      { value: 'b.csv' },
    ]);
    expect(answer).toBe("Name the one: ingestor init a.csv, or all, as parts of one table: ingestor init '*.csv'");
  });

  it('with all of them last, if they are called training and testing, even with numbers', async () => {
    const { choices } = await questionOf({ 'test_1.csv': part(0), 'test_2.csv': part(1), 'test_3.csv': part(2) });
    expect(choices.map(({ value }) => value)).toEqual(['test_1.csv', 'test_2.csv', 'test_3.csv', '*.csv']);
  });

  it('that says which of them differ, and how', async () => {
    const files = { 'p1.csv': part(0), 'p2.csv': part(1), 'p3.csv': part(2, 'sise,y'), 'p4.csv': part(0, 'size,y\n,') };
    const { choices, answer } = await questionOf({ ...files, 'p5.csv': 'size,y,more\n1,c1,2\n' });
    expect(choices).toEqual([
      { value: 'p1.csv' },
      { value: 'p2.csv' },
      { value: 'p3.csv', description: 'unlike p1.csv, it lacks size and has sise' },
      { value: 'p4.csv' },
      { value: 'p5.csv', description: 'unlike p1.csv, it has more' },
    ]);
    expect(answer).toBe('Name the one: ingestor init p1.csv');
  });

  it('for each extension alone', async () => {
    const { choices, answer } = await questionOf({ 'a.csv': part(0), 'a.tsv': part(1).replaceAll(',', '\t') });
    expect(choices).toEqual([{ value: 'a.csv' }, { value: 'a.tsv' }]);
    expect(answer).toBe('Name the one: ingestor init a.csv');
  });
});
