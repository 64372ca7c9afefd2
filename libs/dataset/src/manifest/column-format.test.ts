import { expect, it } from '@jest/globals';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { formatOfColumn } from './column-format.js';

it.each([
  [{}, { decimal: ',', thousands: '.' }],
  [{ decimal: '.' as const }, { decimal: '.', thousands: undefined }],
  [
    { decimal: '.' as const, thousands: ',' },
    { decimal: '.', thousands: ',' },
  ],
  [{ thousands: ' ' }, { decimal: ',', thousands: ' ' }],
  [{ unit: 'kg' }, { decimal: ',', thousands: '.', unit: 'kg' }],
])('a column with %j in a file of decimal commas and thousands points', (own, wanted) => {
  const csv = { ...CSV_DEFAULTS, decimal: ',' as const, thousands: '.', columnFormats: { a: own } };
  expect(formatOfColumn(csv, 'a')).toMatchObject(wanted);
  expect(formatOfColumn(csv, 'toString')).toMatchObject({ decimal: ',', thousands: '.' });
});
