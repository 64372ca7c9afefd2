import { describe, expect, it } from '@jest/globals';
import type { ColumnProfile, Detection, Survey } from '@tracebloc/ingestor-contract';
import { detect } from './detect.js';

const column = (name: string, sql: string, more: Partial<ColumnProfile> = {}): ColumnProfile => {
  const counts = { missing: 0, words: 0, distinct: 50, moreDistinct: false };
  return { name, sql, textSql: 'VARCHAR(32)', fits: true, ...counts, ascending: false, ...more };
};

function survey(...columns: ColumnProfile[]): Survey {
  const manifest = { path: '/data/series.csv', format: 'csv' as const, rows: 100, columns };
  return { root: '/data', manifests: [manifest], folders: [] };
}

describe('a time series', () => {
  it('is a table in the order of a timestamp, whose numbers are its features and labels', async () => {
    const found = (await detect(
      survey(
        column('id', 'INT', { ascending: true, distinct: 100 }),
        column('Timestamp', 'DATETIME(3)', { ascending: true }),
        column('sky', 'VARCHAR(8)'),
        column('wet', 'BOOLEAN', { distinct: 2 }),
        column('wind', 'FLOAT', { distinct: 20 }),
        column('rain', 'FLOAT', { distinct: 30 }),
        column('value', 'INT', { distinct: 10 }),
      ),
    )) as Detection;
    expect(found).toMatchObject({
      fit: 'likely',
      fields: {},
      labels: ['value', 'rain', 'wind'],
      schema: ['Timestamp', 'wet', 'wind', 'rain', 'value'],
    });
    expect(found.manifest.columns[1]).toMatchObject({ name: 'Timestamp', sql: 'TIMESTAMP(3)' });
  });

  it.each([
    ['Date', 'DATE'],
    ['Month', 'DATE'],
    ['gemessen am', 'DATETIME'],
  ])('may have its moments in a column of any name: %s', async (name, sql) => {
    const found = await detect(survey(column('price', 'FLOAT'), column(name, sql, { ascending: true, distinct: 100 })));
    expect(found).toMatchObject({
      fit: 'likely',
      found: `a table of 100 rows in the order of its column ${name}`,
      labels: ['price'],
      fields: { time_column: name },
      schema: ['price', name],
    });
  });

  it('is only possible if rows look like records of something else', async () => {
    const price = column('price', 'FLOAT');
    const measured = column('price', 'FLOAT');
    const own = column('sold', 'DATE', { ascending: true, distinct: 100 });
    expect(await detect(survey(own, measured))).toMatchObject({ fit: 'likely' });
    expect(await detect(survey(own, measured, column('product', 'TEXT')))).toMatchObject({ fit: 'possible' });
    const flag = column('won', 'INT', { distinct: 2 });
    expect(await detect(survey(own, measured, flag), 'won')).toMatchObject({ fit: 'possible' });
    const [shared, times] = ['Year', 'Timestamp'].map((name) =>
      column(name, 'DATE', { ascending: true, distinct: 99 }),
    );
    expect(await detect(survey(shared!, price))).toMatchObject({ fit: 'possible' });
    expect(await detect(survey(times!, price))).toMatchObject({ fit: 'likely' });
  });

  it('takes the column in order of several, and among these the one with a usual name', async () => {
    const [born, day] = [column('born', 'DATE', { ascending: true }), column('day', 'DATE', { ascending: true })];
    const price = column('price', 'FLOAT');
    expect(await detect(survey(born, day, price))).toMatchObject({ fields: { time_column: 'day' } });
    expect(await detect(survey(born, { ...day, ascending: false }, price))).toMatchObject({
      fields: { time_column: 'born' },
    });
  });

  it('has the label that the user named, if it is a number', async () => {
    const columns = [column('timestamp', 'DATE', { ascending: true }), column('a', 'INT'), column('b', 'INT')];
    expect(await detect(survey(...columns), 'a')).toMatchObject({ labels: ['a'], schema: ['timestamp', 'a', 'b'] });
    expect(await detect(survey(...columns, column('c', 'TEXT')), 'c')).toMatchObject({
      reason: 'its label, c, is not a number',
    });
    expect(await detect(survey(...columns), 'timestamp')).toMatchObject({
      reason: 'its label, timestamp, is not a number',
    });
  });

  it.each([
    [
      'its rows are not in the order of the column timestamp',
      [column('timestamp', 'DATETIME'), column('price', 'FLOAT')],
      true,
    ],
    ['its rows are not in the order of the column ts', [column('ts', 'DATETIME'), column('price', 'FLOAT')], true],
    [
      '1 of its rows have no date or time in the column timestamp',
      [column('timestamp', 'DATE', { ascending: true, missing: 1 }), column('price', 'FLOAT')],
      undefined,
    ],
    [
      'all rows have the same date or time in the column date',
      [column('date', 'DATE', { ascending: true, distinct: 1 }), column('price', 'FLOAT')],
      undefined,
    ],
    [
      'no column holds dates or times',
      [column('timestamp', 'INT', { ascending: true }), column('price', 'FLOAT')],
      undefined,
    ],
    [
      'no column holds numbers to predict',
      [column('timestamp', 'DATE', { ascending: true }), column('sky', 'TEXT')],
      undefined,
    ],
    [
      'no column holds numbers to predict',
      [column('date', 'DATE', { ascending: true }), column('a', 'INT', { distinct: 1 })],
      undefined,
    ],
  ])('is not a table of which is said: %s', async (reason, columns, near) => {
    expect(await detect(survey(...columns))).toEqual({
      reason,
      fix: expect.stringMatching(/\.$/) as unknown,
      ...(near && { near }),
    });
  });

  it('does not seem to be meant if the rows have no order and a date is one of many columns', async () => {
    const columns = [column('signed up', 'DATE'), column('price', 'FLOAT')];
    expect(await detect(survey(...columns))).toMatchObject({ near: false });
  });
});
