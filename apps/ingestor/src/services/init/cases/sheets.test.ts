import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sampleWorkbook } from '@tracebloc/ingestor-testing';
import { DataFolders } from '../init.test-support.js';
import { Desk, type Row } from './cases.test-support.js';

let desk: Desk;
let data: DataFolders;
beforeAll(async () => {
  desk = await Desk.make();
  data = await DataFolders.make();
});
afterAll(() => Promise.all([desk.remove(), data.remove()]));

const PEOPLE: [size: number, color: string, y: string][] = Array.from({ length: 40 }, (_, row) => [
  (row * 7) % 41,
  `c${row % 3}`,
  row % 2 === 0 ? 'no' : 'yes',
]);
const PRICES: [price: number, y: string][] = Array.from({ length: 30 }, (_, row) => [row / 4, `k${row % 3}`]);

const BOOK = sampleWorkbook({
  People: [['size', 'color', 'y'], ...PEOPLE],
  Prices: [['Prices of 2024'], [], ['made by hand'], ['price', 'unit', 'y'], ...PRICES.map(([a, b]) => [a, 'EUR', b])],
  Notes: [],
});
const PEOPLE_ROWS: Row[] = PEOPLE.map(([size, color, y]) => [y, size, color]);
const PRICE_ROWS: Row[] = PRICES.map(([price, y]) => [y, price, 'EUR']);

it('the sheet is an open question, with the questions that follow it', async () => {
  const open = sampleWorkbook({
    People: [['size', 'color', 'kind'], ...PEOPLE],
    Prices: [['price', 'unit', 'y'], ...PRICES.map(([a, b]) => [a, 'EUR', b])],
  });
  const folder = await data.write({ 'book.xlsx': open });
  const error: unknown = await data.init(`${folder}/book.xlsx`).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'ambiguous',
    questions: [
      {
        about: 'sheet',
        choices: [
          { value: 'People', description: '40 rows of 3 columns' },
          { value: 'Prices', description: '30 rows of 3 columns' },
        ],
        answer: 'Give --sheet <name>.',
      },
      { about: 'task', asks: 'People: Which task is it for?' },
      { about: 'label', asks: 'People: Which column is the label?' },
      { about: 'label-policy', asks: 'People: How may the labels leave the cluster?' },
    ],
  });
});

it.each([
  ['People', PEOPLE_ROWS, 'sheet: People'],
  ['Prices', PRICE_ROWS, 'header_row: 4'],
])('the sheet %s goes from init to its rows', async (sheet, rows, option) => {
  await writeFile(desk.path('book.xlsx'), BOOK);
  const { yaml } = await desk.describePath('book.xlsx', 'y', 'tabular_classification', sheet);
  expect(yaml).toContain(`sheet: ${sheet}`);
  expect(yaml).toContain(option);
  expect(await desk.rows()).toEqual(rows);
});

it('a workbook of one sheet needs no question, and its title is skipped', async () => {
  const [title, ...rows] = [['A title'], ['price', 'unit', 'y'], ...PRICES.map(([price, y]) => [price, 'EUR', y])];
  await writeFile(desk.path('one.xlsx'), sampleWorkbook({ Empty: [], Only: [title, ...rows] }));
  const { yaml } = await desk.describePath('one.xlsx', 'y', 'tabular_classification');
  expect(yaml).not.toContain('sheet:');
  expect(await desk.rows()).toEqual(PRICE_ROWS);
});

it.each([
  ['Poeple', 'unknown-sheet', 'The workbook has no sheet "Poeple". Did you mean "People"?', 'People and Prices'],
  ['Zebra', 'unknown-sheet', 'The workbook has no sheet "Zebra".', 'People and Prices'],
  ['Notes', 'unknown-sheet', 'The sheet "Notes" is empty.', 'People and Prices'],
])('the sheet %s is refused with the names of the others', async (sheet, code, message, others) => {
  const folder = await data.write({ 'book.xlsx': BOOK });
  await expect(data.init(`${folder}/book.xlsx`, { sheet })).rejects.toMatchObject({
    ...{ code, message },
    fix: [expect.stringContaining(others)],
  });
});

it('a sheet of another format is refused', async () => {
  const folder = await data.write({ 'data.csv': 'a,y\n1,x\n' });
  await expect(data.init(`${folder}/data.csv`, { sheet: 'People' })).rejects.toMatchObject({ code: 'wrong-usage' });
});
