import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isDetection } from '@tracebloc/ingestor-contract';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { tabularClassification } from './classification.js';
import { tabularRegression } from './regression.js';

const { signal } = new AbortController();

/** Returns the fit and the labels of a file by each of the two tasks. */
async function detect(path: string, label?: string) {
  const survey = await surveyPath(path, signal);
  const found = [await tabularClassification.detect!(survey, label), await tabularRegression.detect!(survey, label)];
  const [asClasses, asNumber] = found.map((result) =>
    isDetection(result) ? [result.fit, ...result.labels] : undefined,
  );
  return { asClasses, asNumber };
}

/** As `detect`, for a table of 60 rows. A function returns each cell of a column by the number of the row. */
async function detectIn(columns: Record<string, (row: number) => unknown>, label?: string, folder?: string) {
  const root = mkdtempSync(join(tmpdir(), 'ingestor-tabular-'));
  try {
    const rows = Array.from({ length: 60 }, (_, row) => Object.values(columns).map((cell) => cell(row)));
    writeFileSync(join(root, 'data.csv'), [Object.keys(columns), ...rows].join('\n'));
    if (folder !== undefined) mkdirSync(join(root, folder));
    return await detect(join(root, 'data.csv'), label);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const unordered = (row: number) => (row * 37) % 61;
const id = (row: number) => row + 1;
const size = (row: number) => unordered(row) / 10;
const color = (row: number) => ['red', 'green', 'blue'][row % 3];
const grade = (row: number) => row % 4;
const note = (row: number) => `note ${row}`;

describe('the label', () => {
  it('is the column with the name of a label', async () => {
    expect(await detect('samples/penguins/train.csv')).toEqual({
      asClasses: ['likely', 'Species'],
      asNumber: undefined,
    });
    expect(await detectIn({ color, Target: size })).toEqual({
      asClasses: ['possible', 'Target'],
      asNumber: ['likely', 'Target'],
    });
  });

  it('is otherwise any column that suits the task, the last one first', async () => {
    expect(await detectIn({ id, size, color, weight: unordered, note, grade, same: () => 1 })).toEqual({
      asClasses: ['likely', 'grade', 'color'],
      asNumber: ['likely', 'weight', 'size'],
    });
  });

  it('is undecided if several columns have the name of a label', async () => {
    expect(await detectIn({ class: color, y: size, category: grade })).toEqual({
      asClasses: ['likely', 'category', 'class'],
      asNumber: ['likely', 'y'],
    });
  });

  it('is the column that the user names, which decides the task', async () => {
    const columns = { class: color, size, grade, note };
    expect(await detectIn(columns, 'size')).toEqual({ asClasses: ['possible', 'size'], asNumber: ['likely', 'size'] });
    expect(await detectIn(columns, 'grade')).toEqual({
      asClasses: ['likely', 'grade'],
      asNumber: ['possible', 'grade'],
    });
    expect(await detectIn(columns, 'note')).toEqual({ asClasses: ['possible', 'note'], asNumber: undefined });
  });
});

it('a table of only ids and notes fits neither task', async () => {
  expect(await detectIn({ id, customer_id: unordered, number: id, note })).toEqual({});
});

it('a table that names files beside it is less likely', async () => {
  const columns = { filename: note, color };
  expect(await detectIn(columns)).toMatchObject({ asClasses: ['likely', 'color'] });
  expect(await detectIn(columns, undefined, 'images')).toMatchObject({ asClasses: ['possible', 'color'] });
});
