import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Desk, table } from './cases.test-support.js';

const task = 'tabular_classification';
let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

describe('what init writes or says leads to the right rows', () => {
  it.each([
    ['once', ['a,1', 'y,v', 'b,2'], 'line 3 repeats the header; such lines are left out'],
    [
      'twice, in other case',
      ['a,1', 'Y,V', 'y,v', 'b,2'],
      '2 lines, first line 3, repeat the header; such lines are left out',
    ],
  ])('a header that comes again %s is left out', async (_, lines, reason) => {
    const { yaml } = await desk.describe(table('y,v', ...lines), 'y');
    expect(yaml.replaceAll(/\s+(?:# )?/g, ' ')).toContain(reason);
    expect(yaml).toContain('on_bad_lines: warn');
    expect(await desk.rows()).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('names in another order are an error, and so is a row with another number of fields', async () => {
    const content = table('y,v,w', 'a,1,2', 'w,v,y', 'b,3,4');
    await expect(desk.describe(content, 'y')).rejects.toThrow('Write the columns of all rows in one order');
    const ragged = table('y,v', 'a,1', 'y,v', 'b', 'c,2');
    const refusal: Error = await desk.describe(ragged, 'y').then(
      () => new Error('It was described.'),
      (error: unknown) => error as Error,
    );
    // It has no file in which an option could be set.
    expect(refusal.message).toContain('complete the row, or remove the line');
    expect(refusal.message).not.toContain('on_bad_lines');
  });

  it('only the century is open in dates with years of two digits', async () => {
    const { yaml } = await desk.describe(table('y,when', 'a,25.12.24', 'b,31.01.70'), 'y');
    const text = yaml.replaceAll(/\s+(?:# )?/g, ' ');
    expect(text).toContain('check the century, because the years have two digits');
    expect(text).not.toContain('no value decides');
    expect(await desk.rows()).toEqual([
      ['a', '2024-12-25'],
      ['b', '1970-01-31'],
    ]);
  });

  it('dates that may be versions are told, with what makes them dates', async () => {
    const content = table('y,v', 'a,1.2.24', 'b,3.11.23', 'c,24.12.24');
    const { yaml, doubts } = await desk.describe(content, 'y', { task });
    expect(await desk.rows()).toEqual([
      ['a', '1.2.24'],
      ['b', '3.11.23'],
      ['c', '24.12.24'],
    ]);
    const [doubt, ...others] = doubts;
    expect(others).toEqual([]);
    const [, option] = /set `(date_format: [^`]+)`/.exec(doubt!)!;
    const followed = `${yaml.replace(/v: VARCHAR\(\d+\)/, 'v: DATE')}\nspec:\n  csv_options:\n    ${option}\n`;
    await writeFile(desk.path('ingest.yaml'), followed);
    expect(await readFile(desk.path('ingest.yaml'), 'utf8')).toContain('v: DATE');
    expect(await desk.rows()).toEqual([
      ['a', '2024-02-01'],
      ['b', '2023-11-03'],
      ['c', '2024-12-24'],
    ]);
  });

  it.each([
    ['versions', ['1.2.3', '1.2.10', '2.0.1']],
    ['numbers of sections', ['1.13.24', '1.14.25', '2.31.40']],
    ['too few to say', ['1.2.24', '3.11.23']],
  ])('but not %s', async (_, values) => {
    const { doubts } = await desk.describe(
      table('y,v', ...values.map((value, index) => `${'abc'[index]},${value}`)),
      'y',
      { task },
    );
    expect(doubts).toEqual([]);
  });
});
