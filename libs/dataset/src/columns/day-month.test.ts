import { expect, it } from '@jest/globals';
import { readTable } from './columns.test-support.js';

const table = (...cells: string[]) => `at,b\n${cells.map((cell) => `${cell},x\n`).join('')}`;
const SCHEMA = { at: 'DATETIME', b: 'VARCHAR(3)' };

it.each([
  ['months on their first day', ['01/01/2022', '01/02/2022', '01/03/2022']],
  ['a column of DATE', ['02/01/2022', '03/01/2022']],
  ['times after the dates', ['01/02/2022 08:30', '01/02/2022 09:30']],
  ['dates among others', ['2022-01-31', '05/06/2022']],
  ['a single date', ['03/04/2022']],
])('warns of %s with both readings, and the option ends it', async (_name, cells) => {
  const { found, report } = await readTable(table(...cells), SCHEMA);
  expect(found).toEqual([['ambiguous-date', 'warning', 'at', expect.stringContaining('day_first: true')]]);
  expect(report.findings()[0]!.message).toMatch(/was read as .* and may be /);
  for (const dayFirst of [true, false]) {
    const fixed = await readTable(table(...cells), SCHEMA, { dayFirst });
    expect(fixed.found).toEqual([]);
    const slashes = cells.findIndex((cell) => cell.includes('/') && !cell.startsWith('01/01'));
    const [first, second] = cells[slashes]!.split('/');
    const wanted = dayFirst ? `2022-${second}-${first}` : `2022-${first}-${second}`;
    expect(fixed.values[slashes]![0]).toContain(wanted);
  }
});

it.each([
  ['a day after the 12th', ['01/02/2022', '01/13/2022']],
  ['days that are their month', ['01/01/2022', '02/02/2022']],
  ['points, which mean a day first', ['01.02.2022', '02.02.2022']],
  ['no slashes', ['2022-01-02', '2022-02-01']],
])('does not warn of %s', async (_name, cells) => {
  expect((await readTable(table(...cells), SCHEMA)).found).toEqual([]);
});

it('judges all shards together', async () => {
  const cells = Array.from({ length: 60 }, (_, row) => `01/${String((row % 12) + 1).padStart(2, '0')}/2022`);
  const inShards = (...all: string[]) => readTable(table(...all), SCHEMA, {}, { shards: 3 });
  expect((await inShards(...cells)).found).toMatchObject([['ambiguous-date', 'warning', 'at', expect.any(String)]]);
  expect((await inShards(...cells, '01/31/2022')).found).toEqual([]);
});
