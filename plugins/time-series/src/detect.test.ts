import { describe, expect, it } from '@jest/globals';
import type { ColumnProfile, Survey } from '@tracebloc/ingestor-contract';
import { detect } from './detect.js';

const column = (name: string, sql: string, more: Partial<ColumnProfile> = {}): ColumnProfile => {
  const counts = { missing: 0, words: 0, distinct: 50, moreDistinct: false };
  return { name, sql, textSql: 'VARCHAR(32)', fits: true, ...counts, ascending: false, ...more };
};

function survey(...columns: ColumnProfile[]): Survey {
  const manifest = { path: '/data/series.csv', format: 'csv' as const, delimiter: ',', rows: 100, columns };
  return { root: '/data', manifests: [manifest], folders: [] };
}

describe('a time series', () => {
  it('is a table in the order of a timestamp, whose numbers are its features and labels', async () => {
    const found = await detect(
      survey(
        column('id', 'INT', { ascending: true, distinct: 100 }),
        column('Timestamp', 'DATETIME(3)', { ascending: true }),
        column('sky', 'VARCHAR(8)'),
        column('wet', 'BOOLEAN', { distinct: 2 }),
        column('wind', 'FLOAT', { distinct: 20 }),
        column('rain', 'FLOAT', { distinct: 30 }),
        column('value', 'INT', { distinct: 10 }),
      ),
    );
    expect(found).toMatchObject({
      fit: 'likely',
      labels: ['value', 'rain', 'wind'],
      schema: ['Timestamp', 'wet', 'wind', 'rain', 'value'],
    });
    expect(found!.manifest.columns[1]).toMatchObject({ name: 'Timestamp', sql: 'TIMESTAMP(3)' });
  });

  it('may have another name for its timestamp, which is described', async () => {
    const found = await detect(survey(column('date', 'DATE', { ascending: true }), column('price', 'FLOAT')));
    expect(found).toMatchObject({
      fit: 'possible',
      found: expect.stringContaining('date, which must be called timestamp') as unknown,
    });
  });

  it('has the label that the user named, if it is a number', async () => {
    const columns = [column('timestamp', 'DATE', { ascending: true }), column('a', 'INT'), column('b', 'INT')];
    expect(await detect(survey(...columns), 'a')).toMatchObject({ labels: ['a'], schema: ['timestamp', 'a', 'b'] });
    expect(await detect(survey(...columns, column('c', 'TEXT')), 'c')).toBeUndefined();
    expect(await detect(survey(...columns), 'timestamp')).toBeUndefined();
  });

  it.each([
    ['rows in no order', [column('timestamp', 'DATETIME'), column('price', 'FLOAT')]],
    ['gaps in the timestamp', [column('timestamp', 'DATE', { ascending: true, missing: 1 }), column('price', 'FLOAT')]],
    ['a timestamp that is a number', [column('timestamp', 'INT', { ascending: true }), column('price', 'FLOAT')]],
    ['no number', [column('timestamp', 'DATE', { ascending: true }), column('sky', 'TEXT')]],
    ['one number, always the same', [column('date', 'DATE', { ascending: true }), column('a', 'INT', { distinct: 1 })]],
  ])('is not a table with %s', async (_, columns) => {
    expect(await detect(survey(...columns))).toBeUndefined();
  });
});
