import { describe, expect, it } from '@jest/globals';
import { type TaskInput, readTask } from '@tracebloc/ingestor-conformance';
import { tabularClassification } from './classification.js';
import { tabularRegression } from './regression.js';

const ROWS = 40;
const SCHEMA = { shop: 'VARCHAR(16)', units: 'INT', price: 'DOUBLE' };

/** A table of shops, units, prices and classes without anything to warn of. */
const table = Array.from({ length: ROWS }, (_, index) => ({
  shop: `shop ${index % 7}`,
  units: String((index * 37) % 23),
  price: String(((index * 13) % 17) + 0.25),
  y: index % 2 ? 'p' : 'q',
}));
type Row = Record<string, string>;

const csv = (rows: readonly Row[]) =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((cells) => `${cells.join(',')}\n`).join('');
const sum = (name: 'units' | 'price') => String(table.reduce((total, row) => total + Number(row[name]), 0));

async function read(rows: readonly Row[], input: Partial<TaskInput> = {}) {
  return readTask(tabularClassification, { manifest: csv(rows), label: 'y', schema: SCHEMA, ...input });
}

/** Returns the values and labels of the rows, as they are stored. */
async function stored(rows: readonly Row[], input: Partial<TaskInput> = {}) {
  const { records, report } = await read(rows, input);
  expect(report.findings()).toEqual([]);
  return records.map(({ values, label }) => [...values, label]);
}

it('a sound table gets no warning', async () => {
  expect((await read(table)).found).toEqual([]);
});

describe('a total row is a warning that names skip_footer', () => {
  const units = sum('units');
  const price = sum('price');
  const meanPrice = String(Number(price) / ROWS);

  it.each([
    ['Total with sums', [{ shop: 'Total', units, price, y: '' }], {}],
    ['of one sum', [{ shop: 'TOTAL:', units, price: '', y: '' }], {}],
    ['Summe', [{ shop: 'Summe', units, price, y: '' }], {}],
    ['Gesamt', [{ shop: 'Gesamt', units: '', price, y: '' }], {}],
    ['итого', [{ shop: 'Итого', units, price, y: '' }], {}],
    ['合計', [{ shop: '合計', units, price, y: '' }], {}],
    ['in another column', [{ shop: '', units, price, y: 'Grand Total' }], {}],
    ['rounded', [{ shop: 'total', units, price: Number(price).toFixed(1), y: '' }], {}],
    ['without a word', [{ shop: '', units, price, y: '' }], {}],
    [
      'means after it',
      [
        { shop: 'Sum', units, price, y: '' },
        { shop: 'Mean', units: '', price: meanPrice, y: '' },
      ],
      {},
    ],
    ['means alone', [{ shop: 'Average', units: '', price: meanPrice, y: '' }], {}],
  ])('%s', async (_, totals) => {
    const rows = [...table, ...totals];
    const { report } = await read(rows);
    const found = report.findings().filter(({ code }) => code === 'total-row');
    expect(found).toHaveLength(totals.length);
    found.forEach((finding, index) => {
      expect(finding).toMatchObject({ severity: 'warning', row: ROWS + 2 + index });
      expect(finding.fix).toContain(`\`spec.csv_options.skip_footer: ${totals.length}\``);
    });
    expect(await stored(rows, { csv: { skipFooter: totals.length } })).toEqual(await stored(table));
  });

  it('by its empty id, also with sums of something else', async () => {
    const numbered = table.map((row, index) => ({ id: String(100 + index), ...row }));
    const rows = [...numbered, { id: '', shop: 'Total', units: '7', price: '9', y: 'p' }];
    expect((await read(rows)).found).toEqual([['total-row', ROWS + 2, undefined]]);
    expect(await stored(rows, { csv: { skipFooter: 1 } })).toEqual(await stored(numbered));
  });

  it.each([
    ['an array', (rows: readonly Row[]) => JSON.stringify(rows, null, 2)],
    ['lines', (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
  ])('in JSON: %s', async (_, write) => {
    const rows = [...table, { shop: 'Total', units, price, y: '' }];
    const { found } = await read(rows, { format: 'json', manifest: write(rows) });
    expect(found).toContainEqual(['total-row', expect.any(Number), undefined]);
  });

  it('beside the errors of its cells', async () => {
    const rows = [...table, { shop: 'x', units: 'Total', price, y: '' }];
    expect((await read(rows)).found).toContainEqual(['total-row', ROWS + 2, undefined]);
  });

  it('of a small table', async () => {
    const few = table.slice(0, 5);
    const total = String(few.reduce((all, row) => all + Number(row.units), 0));
    expect((await read([...few, { shop: 'Total', units: total, price: '', y: '' }])).found).toContainEqual([
      'total-row',
      7,
      undefined,
    ]);
  });

  it('of the label of a regression', async () => {
    const rows = table.map(({ shop, units: y }) => ({ shop, y }));
    const input = { label: 'y', schema: { shop: 'VARCHAR(16)' } };
    const { found } = await readTask(tabularRegression, {
      manifest: csv([...rows, { shop: 'Total', y: units }]),
      ...input,
    });
    expect(found).toEqual([['total-row', ROWS + 2, undefined]]);
  });

  it.each([
    ['a shop called Total', { shop: 'Total', units: '3', price: '4.5', y: 'p' }],
    ['sums beside a name', { shop: 'shop 3', units, price: '4.5', y: 'p' }],
    ['a last row with few cells', { shop: '', units: '3', price: '', y: 'p' }],
  ])('but not %s', async (_, row) => {
    const { found } = await read([...table, row]);
    expect(found.filter(([code]) => code === 'total-row')).toEqual([]);
  });

  it('but not a total within the table', async () => {
    const { found } = await read([...table, { shop: 'Total', units, price, y: '' }, ...table]);
    expect(found.filter(([code]) => code === 'total-row')).toEqual([]);
  });
});

describe('a text column of almost only numbers or dates is a warning that names a type', () => {
  const many = Array.from({ length: 3 * ROWS }, (_, index) => table[index % ROWS]!);
  const withColumn = (cell: (index: number) => string) => many.map((row, index) => ({ x: cell(index), ...row }));
  const date = (index: number) => `2024-0${1 + (index % 9)}-1${index % 7}`;

  it.each([
    ['INT', '?', (index: number) => String((index * 17) % 31)],
    ['DOUBLE', 'unknown', (index: number) => String(((index * 17) % 31) / 4)],
    ['BIGINT', '-', (index: number) => String(10_000_000_000 + (index % 31))],
    ['DATE', 'never', date],
    ['DATETIME', 'n.a.', (index: number) => `${date(index)} 10:00:00`],
  ])('%s with %s', async (type, word, cell) => {
    const rows = withColumn((index) => (index === 70 || index === 9 ? word : cell(index)));
    const { report } = await read(rows, { schema: { x: 'VARCHAR(32)', ...SCHEMA } });
    expect(report.findings()).toMatchObject([
      { code: 'mixed-values', severity: 'warning', row: 11, column: 'x', value: word },
    ]);
    const { fix } = report.findings()[0]!;
    expect(fix).toContain(`declare it ${type},`);
    expect(fix).toContain('`spec.csv_options.na_values`');
    const clean = withColumn((index) => (index === 70 || index === 9 ? '' : cell(index)));
    const schema = { x: type, ...SCHEMA };
    expect(await stored(rows, { schema, csv: { naValues: [word] } })).toEqual(await stored(clean, { schema }));
  });

  it('with each value that is not one, up to five', async () => {
    const rows = withColumn((index) => (index < 6 ? `word ${index}` : String(index % 31)));
    const more = [...rows, ...rows.slice(6)];
    const { report } = await read(more, { schema: { x: 'VARCHAR(32)', ...SCHEMA } });
    expect(report.findings().map(({ row, value }) => [row, value])).toEqual(
      Array.from({ length: 5 }, (_, index) => [index + 2, `word ${index}`]),
    );
    expect(report.findings()[0]!.message).toBe(
      '228 of 234 values of the text column are numbers, but this one is not.',
    );
  });

  it.each([
    ['numbers alone', (index: number) => String(index % 31)],
    ['numbers and missing values', (index: number) => (index % 30 ? String(index % 31) : '')],
    ['codes with a leading zero', (index: number) => (index === 9 ? 'K1A' : `0${index % 31}`)],
    ['many words', (index: number) => (index % 15 ? String(index % 31) : 'word')],
    ['telephone numbers', (index: number) => (index === 9 ? 'none given' : `+4930123456${index % 31}`)],
  ])('but not %s', async (_, cell) => {
    const { found } = await read(withColumn(cell), { schema: { x: 'VARCHAR(32)', ...SCHEMA } });
    expect(found).toEqual([]);
  });
});

describe('a constant feature is a warning', () => {
  it.each([
    ['of text', 'VARCHAR(8)', 'same', 'same'],
    ['of numbers', 'INT', '7', '7'],
    ['without values', 'INT', '', undefined],
    ['of spaces', 'DOUBLE', ' ', undefined],
  ])('%s', async (_, type, cell, value) => {
    const rows = table.map((row) => ({ ...row, x: cell }));
    const { report } = await read(rows, { schema: { ...SCHEMA, x: type } });
    expect(report.findings()).toEqual([
      expect.objectContaining({ code: 'constant-column', severity: 'warning', column: 'x', value }),
    ]);
  });

  it('but not one that is sometimes missing, one that is not in the schema, or one of few rows', async () => {
    const schema = { ...SCHEMA, x: 'VARCHAR(8)' };
    const rows = table.map((row, index) => ({ ...row, x: index % 3 ? 'yes' : '' }));
    expect((await read(rows, { schema })).found).toEqual([]);
    const constant = table.map((row) => ({ ...row, x: 'a' }));
    expect((await read(constant)).found).toEqual([['unlisted-column', undefined, undefined]]);
    expect((await read(constant.slice(0, 19), { schema })).found).toEqual([]);
  });
});

describe('a feature with another value in every row is a warning', () => {
  it.each([
    ['texts', 'x', 'VARCHAR(64)', (index: number) => `name ${index}`],
    ['long texts', 'x', 'TEXT', (index: number) => `${index} ${'long '.repeat(40)}`],
    ['numbers of a column named as an id', 'customer_id', 'INT', (index: number) => String((index * 7919) % 10_007)],
    ['numbers of a column named as an id in camel case', 'customerId', 'INT', (index: number) => String(500 - index)],
    ['row numbers from 0', 'n', 'INT', String],
    ['row numbers from 1', 'n', 'BIGINT', (index: number) => String(index + 1)],
    ['texts of which some are missing', 'x', 'VARCHAR(64)', (index: number) => (index % 4 ? `name ${index}` : '')],
  ])('%s', async (_, name, type, cell) => {
    const rows = table.map((row, index) => ({ ...row, [name]: cell(index) }));
    const { found, report } = await read(rows, { schema: { ...SCHEMA, [name]: type } });
    expect(found).toEqual([['unique-column', undefined, name]]);
    // The type of numbers is declared already.
    expect(report.findings()[0]!.fix.includes('declare their type')).toBe(!type.endsWith('INT'));
  });

  it.each([
    ['measurements', 'x', 'DOUBLE', (index: number) => String(index / 3)],
    ['whole numbers', 'x', 'INT', (index: number) => String((index * 7919) % 10_007)],
    ['years', 'year', 'INT', (index: number) => String(1980 + index)],
    ['dates', 'x', 'DATE', (index: number) => `20${10 + index}-01-01`],
    ['notes beside few rows', 'x', 'VARCHAR(64)', (index: number) => (index % 4 ? '' : `note ${index}`)],
    ['texts that recur once', 'x', 'VARCHAR(64)', (index: number) => `name ${Math.max(1, index)}`],
    ['numbers of a word that ends as an id', 'paid', 'INT', (index: number) => String(500 - index)],
  ])('but not %s', async (_, name, type, cell) => {
    const rows = table.map((row, index) => ({ ...row, [name]: cell(index) }));
    expect((await read(rows, { schema: { ...SCHEMA, [name]: type } })).found).toEqual([]);
  });

  it('but not the column of the data_id, an `id`, or one of few rows', async () => {
    const rows = table.map((row, index) => ({ ...row, key: `k${index}`, id: String(index) }));
    const schema = { ...SCHEMA, key: 'VARCHAR(8)', id: 'INT' };
    expect((await read(rows, { schema, key: 'key' })).found).toEqual([]);
    expect((await read(rows.slice(0, 19), { schema })).found).toEqual([]);
  });

  it('says how many values it looked at', async () => {
    const rows = Array.from({ length: 12_000 }, (_, index) => ({ ...table[index % ROWS]!, x: `name ${index}` }));
    const { report } = await read(rows, { schema: { ...SCHEMA, x: 'VARCHAR(16)' } });
    expect(report.findings()).toMatchObject([
      { code: 'unique-column', message: expect.stringContaining('The first 10,000 values') },
    ]);
  });
});
