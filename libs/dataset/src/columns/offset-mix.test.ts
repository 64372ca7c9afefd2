import { expect, it } from '@jest/globals';
import { readTable } from './columns.test-support.js';

const table = (...cells: string[]) => `at,b\n${cells.map((cell) => `${cell},x\n`).join('')}`;
const SCHEMA = { at: 'DATETIME', b: 'VARCHAR(3)' };

it.each([
  ['an offset', ['2024-07-01 10:00+02:00', '2024-07-01 11:00']],
  ['UTC', ['2024-07-01 10:00', '2024-07-01T08:00:00Z', '2024-07-01 09:00 UTC']],
])('warns of moments of which some have %s, and the option ends it', async (_name, cells) => {
  const { found } = await readTable(table(...cells), SCHEMA);
  expect(found).toEqual([['mixed-offsets', 'warning', 'at', expect.stringContaining('time_zone')]]);
  const fixed = await readTable(table(...cells), SCHEMA, { timeZone: 'Europe/Berlin' });
  expect(fixed.found).toEqual([]);
  expect(fixed.values[0]![0]).toBe('2024-07-01 08:00:00');
});

it.each([
  ['all have one', ['2024-07-01 10:00+02:00', '2024-07-01 11:00+01:00', '2024-07-01 11:00Z']],
  ['none has one', ['2024-07-01 10:00', '2024-07-01 11:00']],
  ['some are dates', ['2024-07-01 10:00Z', '2024-07-01']],
])('does not warn if %s', async (_name, cells) => {
  expect((await readTable(table(...cells), SCHEMA)).found).toEqual([]);
});

it('judges all shards together', async () => {
  const cells = Array.from({ length: 60 }, (_, row) => (row === 0 ? '2024-07-01 10:00Z' : '2024-07-01 10:00'));
  const { found } = await readTable(table(...cells), SCHEMA, {}, { shards: 3 });
  expect(found.map(([code]) => code)).toEqual(['mixed-offsets']);
});
