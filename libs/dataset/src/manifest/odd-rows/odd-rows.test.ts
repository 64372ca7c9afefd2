import { describe, expect, it } from '@jest/globals';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { csvFormat, readAll, readContent, temporaryFolder } from '../reading.test-support.js';

const HEADER = 'person,town,meal,service,remark';
const TOWNS = ['Berlin', 'Oslo', 'Rome', 'Kyiv'];
const WORDS = ['good', 'bad', 'fair'];

/** Lines of answers to a survey, all of them texts. */
const answers = (count: number, first = 0): string[] =>
  Array.from({ length: count }, (_, index) => {
    const row = first + index;
    return `P-${row},${TOWNS[row % 4]},${WORDS[row % 3]},${WORDS[(row >> 1) % 3]},it was number ${row}`;
  });

async function read(lines: readonly string[], csv: Partial<CsvFormat> = {}) {
  const { header, rows, report } = await readContent(`${lines.join('\n')}\n`, 'csv', csv);
  const found = report.findings().filter(({ code }) => code === 'odd-row');
  return { header, rows, found, codes: report.totals().map(({ code }) => code) };
}

/** Returns what a fix says to set an option to. */
const setTo = (fix: string, option: string): string => new RegExp(`${option}: (\\[.*?\\]|\\d+)`).exec(fix)![1]!;
const linesOf = (fix: string) => JSON.parse(setTo(fix, 'header')) as number[];
const footerOf = (fix: string) => Number(setTo(fix, 'skip_footer'));

const clean = (lines: readonly string[]) => lines.map((line) => line.split(','));

describe('a line after the names that belongs to the header', () => {
  it.each([
    ['other names', 'Person 2,Town 2,Meal 2,Service 2,Remark 2'],
    ['questions', 'Who are you?,Where do you live?,How was the meal?,And the service?,What else?'],
    ['names in another language', 'Wer,Ort,Essen,Bedienung,Bemerkung'],
    ['types', 'text,category,scale,scales,prose'],
    ['names of variables', 'q1_who,q2_where,q3_meal,q4_service,q5_text'],
  ])('such as %s is reported, and the fix joins it', async (_name, line) => {
    const { found } = await read([HEADER, line, ...answers(60)]);
    expect(found).toMatchObject([{ row: 2, severity: 'warning', message: expect.stringContaining('columns') }]);
    const header = linesOf(found[0]!.fix);
    const fixed = await read([HEADER, line, ...answers(60)], { header });
    expect(fixed.found).toEqual([]);
    expect(fixed.rows).toEqual(clean(answers(60)));
    expect(fixed.header).toEqual(HEADER.split(',').map((name, index) => `${name}_${line.split(',')[index]}`));
  });

  it('is reported with all such lines, and after lines that were left out', async () => {
    const lines = [HEADER, 'a 1,b 1,c 1,d 1,e 1', 'a 2,b 2,c 2,d 2,e 2', ...answers(60)];
    const { found } = await read(['A title', '', ...lines], { skipRows: 2 });
    expect(found).toMatchObject([{ row: 4, fix: expect.stringContaining('header: [3, 4, 5]') }]);
    const fixed = await read(['A title', '', ...lines], { header: linesOf(found[0]!.fix) });
    expect([fixed.found, fixed.rows]).toEqual([[], clean(answers(60))]);
  });

  it('may have units, which an option leaves out', async () => {
    for (const units of ['(code),(name),(1-3),(1-3),(text)', ',,points,points,', 'kg,m,cm,s,%']) {
      const { codes } = await read([HEADER, units, ...answers(30)]);
      expect([units, codes]).toEqual([units, [expect.stringMatching(/^(?:odd|units)-row$/)]]);
      const fixed = await read([HEADER, units, ...answers(30)], { unitsRow: true });
      expect([fixed.codes, fixed.rows]).toEqual([[], clean(answers(30))]);
    }
  });
});

describe('the header of another table', () => {
  it.each([
    ['in a short table', 20, 20, []],
    ['after a blank line', 40, 40, ['']],
    ['after the rows that show how rows look', 300, 50, []],
    ['in a long table', 3000, 3000, []],
    ['after a title', 100, 30, ['', 'Table 2']],
  ])('is reported %s', async (_name, before, after, between) => {
    const lines = [HEADER, ...answers(before), ...between, 'who,where,lunch,waiters,notes', ...answers(after, before)];
    const { found } = await read(lines);
    const row = 2 + before + between.length;
    expect(found).toMatchObject([{ row, message: expect.stringContaining('another table may begin there') }]);
    const first = await read(lines.slice(0, 1 + before));
    expect([first.found, first.rows]).toEqual([[], clean(answers(before))]);
  });

  it('is reported if the table is of another kind', async () => {
    const other = Array.from({ length: 60 }, (_, row) => `2024-01-${10 + (row % 20)},8:0${row % 10},${row},x-${row},y`);
    const { found } = await read([HEADER, ...answers(60), 'day,hour,count,key,flag', ...other]);
    expect(found.map(({ row }) => row)).toContain(62);
  });

  it('is reported however the file is cut into batches', async () => {
    using folder = temporaryFolder();
    const lines = [HEADER, ...answers(900), 'who,where,lunch,waiters,notes', ...answers(90)];
    const path = folder.write(`${lines.join('\n')}\n`);
    for (const chunkSize of [1024, 1500, 4096, 65536]) {
      const csv = { ...csvFormat, chunkSize };
      const { report } = await readAll({ format: 'csv', path, file: 'data', csv, missing: 'tokens' });
      expect(report.findings()).toMatchObject([{ code: 'odd-row', row: 902 }]);
    }
  });
});

describe('a line at the end of the file', () => {
  it.each([
    ['a total', 'Total,,240,,'],
    ['a note of one cell', 'Source: the register of towns,,,,'],
    ['a note that is as wide as a row', 'n1,n2,n3,n4,n5'],
    ['a note that is as wide as a row, of words', 'All,data,as,of,today'],
    ['a sum without a word', ',,240,198,'],
    ['an end mark', 'END,,,,'],
  ])('that is %s is reported, and the fix leaves it out', async (_name, line) => {
    for (const count of [25, 400]) {
      const lines = [HEADER, ...answers(count), line];
      const { found } = await read(lines);
      expect(found).toMatchObject([{ row: count + 2, message: expect.stringContaining('at the end of the file') }]);
      const fixed = await read(lines, { skipFooter: footerOf(found[0]!.fix) });
      expect([fixed.codes, fixed.rows]).toEqual([[], clean(answers(count))]);
    }
  });

  it('of two lines, the first says how many', async () => {
    const lines = [HEADER, ...answers(50), 'Total,,240,198,', 'Source: the register,,,,'];
    const { found } = await read(lines);
    const fixed = await read(lines, { skipFooter: footerOf(found[0]!.fix) });
    expect([fixed.codes, fixed.rows]).toEqual([[], clean(answers(50))]);
    const more = await read([...lines, 'END,,,,'], { skipFooter: 1 });
    expect(more.found[0]!.fix).toContain('skip_footer: 3');
  });
});

describe('clean tables are quiet', () => {
  const tableOf = (count: number, row: (index: number) => string, header = 'a,b,c,d,e') => [
    header,
    ...Array.from({ length: count }, (_, index) => row(index)),
  ];

  it.each<[name: string, lines: string[]]>([
    ['texts', [HEADER, ...answers(500)]],
    ['names and prose', tableOf(300, (i) => `Ann ${i % 7} Lee,said ${'so '.repeat(i % 9)},x${i},Town ${i * i},z`)],
    [
      'sorted classes that change together',
      tableOf(1200, (i) => {
        const block = Math.floor(i / 37);
        return `land ${block},C${block},region ${block % 9},money ${block},i${i}`;
      }),
    ],
    ['a country with one row', [...tableOf(200, (i) => `i${i},Asia,JPY,east,5`), 'i201,Antarctica,none,south,5']],
    ['rows with gaps', tableOf(400, (i) => (i % 40 === 7 ? `i${i},,,,` : `i${i},x,y,z,${i % 3}`))],
    ['a last row with gaps', [...tableOf(90, (i) => `i${i},x,y,z,${i % 3}`), 'i90,,,,']],
    ['numbers', tableOf(300, (i) => `${i},${i / 7},${i % 5},${-i},${i * i}`)],
    ['words for missing values', tableOf(300, (i) => (i % 50 === 9 ? 'NA,NA,NA,NA,NA' : `i${i},x,y,z,${i % 3}`))],
    ['years as names', tableOf(60, (i) => `c${i},${i},${i + 1},${i + 2},${i + 3}`, 'code,2001,2002,2003,2004')],
    ['rare classes', tableOf(2000, (i) => `i${i},${i === 999 ? 'rare' : 'x'},${i === 999 ? 'odd' : 'y'},z${i % 3},u`)],
    ['few rows', [HEADER, ...answers(8), 'n1,n2,n3,n4,n5']],
    ['two columns of texts', tableOf(400, (i) => `review ${'very '.repeat(i % 11)}good,${WORDS[i % 3]}`, 'text,label')],
  ])('%s', async (_name, lines) => {
    expect((await read(lines)).found).toEqual([]);
  });
});
