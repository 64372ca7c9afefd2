import { describe, expect, it } from '@jest/globals';
import { parseCsv } from '../../manifest/csv/rows.js';
import { parsePieces } from '../../manifest/reading.test-support.js';
import { detectDialect } from './detect.js';
import { formatOf, type DialectOptions } from './types.js';

const path = 'data.csv';

async function readWith(text: string, options: DialectOptions) {
  const { rows, report } = await parsePieces(parseCsv(formatOf(options, path)), text, [70_000]);
  return { rows, codes: report.findings().map(({ code }) => code) };
}

async function read(text: string) {
  const { options, alternatives } = detectDialect({ head: text, tail: '', complete: true, path });
  return { options, alternatives, ...(await readWith(text, options)) };
}

const numbers = Array.from({ length: 8 }, (_, index) => [`${5 + index}.5`, `${index}.25`, `${index * 7}`]);
const lines = numbers.map((row) => row.join(',')).join('\n') + '\n';
const texts = Array.from({ length: 8 }, (_, index) => [`x${index}`, `y ${index}`, 'z']);
const words = texts.map((row) => row.join(',')).join('\n') + '\n';

describe('a first line that is neither a header nor a row', () => {
  it.each(['8,2,dog', '8,3'])('the number of the rows and of the columns: %s', async (first) => {
    const found = await read(`${first}\n${lines}`);
    expect(found.options).toEqual({ skip_rows: 1, header: 'none' });
    expect(found.rows.slice(1)).toEqual(numbers);
  });

  it.each(['7,2,dog', 'a,b'])('any other line is reported: %s', async (first) => {
    const { codes, alternatives } = await read(`${first}\n${lines}`);
    expect(codes.length + alternatives.length).toBeGreaterThan(0);
  });

  it('names that another delimiter separates are not left out', async () => {
    const { codes } = await read(`a b c\n${lines}`);
    expect(codes).toContain('ragged-row');
  });
});

describe('a header', () => {
  it('a blank line after it does not make it a title', async () => {
    const { options, rows } = await read(`Title: report\nUnit: one\n\na,b,c\n\n${lines}`);
    expect(options).toEqual({ skip_rows: 3 });
    expect(rows).toEqual([['a', 'b', 'c'], ...numbers]);
  });

  it('with a delimiter at its end, which the rows have not', async () => {
    const { options, rows } = await read(`a,b,c,\n${lines}`);
    expect(options).toEqual({ trailing_delimiter: true });
    expect(rows).toEqual([['a', 'b', 'c'], ...numbers]);
  });

  it('with more names than the rows have fields, of which the last is empty', async () => {
    const { options, codes } = await read(`a,b,c,d\n${lines.replaceAll('\n', '\n').replaceAll(/,\d+\n/g, ',\n')}`);
    expect(options).toEqual({});
    expect(codes).toContain('ragged-row');
  });

  it.each(['5–6', '5-6', '5 to 6', '<5', '10+'])(
    'has no second line that is a row with %s for a number',
    async (first) => {
      const rows = [[first, 'a'], ...Array.from({ length: 9 }, (_, index) => [String(index + 7), 'b'])];
      const found = await read(`n,y\n${rows.map(String).join('\n')}\n`);
      expect(found).toMatchObject({ options: {}, alternatives: [], rows: [['n', 'y'], ...rows] });
    },
  );

  it('may have a second line of groups of numbers', async () => {
    const { options, alternatives } = await read(`town,people,\n,0-17,18-64\n${'a,5,6\n'.repeat(9)}`);
    expect(String(options.header) + alternatives.join()).toMatch(/1,2|\[1, 2\]/);
  });

  it('that stands there twice is reported, and not joined', async () => {
    const { options } = await read(`a,b,c\na,b,c\n${lines}`);
    expect(options).toEqual({});
  });

  it('after other names and a blank line: the advice gives it', async () => {
    const text = `one,two,three\n\na,b,c\n${lines}`;
    const { alternatives } = await read(text);
    const [advice] = alternatives.filter((sentence) => sentence.includes('names of the columns'));
    const skip_rows = Number(/skip_rows: (\d+)/.exec(advice!)![1]);
    expect((await readWith(text, { skip_rows })).rows).toEqual([['a', 'b', 'c'], ...numbers]);
  });

  it('an empty row after it is left out, with a doubt', async () => {
    const { options, alternatives } = await read(`a,b,c\n,,\n${lines}`);
    expect(options).toEqual({ header: [1, 2] });
    expect(alternatives).toEqual([expect.stringContaining('Line 2 has no value')]);
  });

  it('rows of an earlier table are not joined to it', async () => {
    const first = Array.from({ length: 6 }, (_, index) => `x${index},y${index},z`).join('\n');
    const { options, alternatives } = await read(`p,q,r\n${first}\na,b,c\n${lines}`);
    expect(options).toEqual({});
    expect(alternatives).not.toEqual([]);
  });
});

describe('another table, a total or a note is a doubt', () => {
  it.each<[string, string]>([
    ['another table right after the first one', `a,b,c\n${lines}d,e,f\n${words}`],
    ['another table after a blank line', `a,b,c\n${words}\nd,e,f\n${words}`],
    ['other names before a blank line', `p1,q1,r1\n\na,b,c\n${words}`],
    ['a total that is not a sum', `a,b,c\n${words}Total,,4\n`],
    ['a total of a category', `a,b,c\nx,1,2\ny,2,3\nz,4,5\nTotal,9,1\n`],
    ['a note', `a,b,c\n${words}Estimated,,\n`],
    ['another delimiter', 'a/b/c\nx/y/z\nr/s/t\n'],
  ])('%s', async (_, text) => {
    expect((await read(text)).alternatives).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['a total that is a sum', 'a,b,c\nx,1,2\ny,2,3\nz,4,5\nTotal,7,10\n'],
    ['blank lines between all rows', `a,b,c\n${lines.replaceAll('\n', '\n\n')}`],
  ])('there is no doubt about %s', async (_, text) => {
    expect((await read(text)).alternatives).toEqual([]);
  });

  it('the advice about a delimiter gives the rows', async () => {
    const text = 'a/b/c\nx/y/z\nr/s/t\n';
    const delimiter = /delimiter: "(.)"/.exec((await read(text)).alternatives[0]!)![1]!;
    expect((await readWith(text, { delimiter })).rows).toEqual([
      ['a', 'b', 'c'],
      ['x', 'y', 'z'],
      ['r', 's', 't'],
    ]);
  });

  it('a note with an asterisk is left out', async () => {
    const { options, rows } = await read(`a,b,c\n${words}* figures of the year,,\n`);
    expect(options).toEqual({ skip_footer: 1 });
    expect(rows.slice(1)).toEqual(texts);
  });

  it('an unusual quote around everything', async () => {
    const quoted = [['a', 'b', 'c'], ...texts].map((row) => row.map((cell) => `$${cell}$`).join(',')).join('\n');
    const { options, rows } = await read(quoted + '\n');
    expect(options).toEqual({ quotechar: '$' });
    expect(rows.slice(1)).toEqual(texts);
  });
});

describe('a last row that is written otherwise is not left out without a word', () => {
  const people = Array.from({ length: 12 }, (_, row) => `${row},Ann Lee,${30 + row},Rome\n`).join('');

  it.each([
    ['in quotes as a whole', '"13,""Bo Lee, Jr."",44,Oslo"'],
    ['with spaces', '13 Bo Lee 44 Oslo'],
    ['with several spaces', '13  Bo Lee  44  Oslo'],
    ['with semicolons', '13;Bo Lee;44;Oslo'],
    ['with bars around', '| 13 | Bo Lee | 44 | Oslo |'],
  ])('%s', async (_name, last) => {
    const { options, alternatives } = await read(`id,name,age,town\n${people}${last}\n`);
    const said = alternatives.filter((sentence) => sentence.includes('Line 14 is left out'));
    expect(said).toHaveLength(options.skip_footer === undefined ? 0 : 1);
  });

  it('nor the end of a row that is cut', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => `${row},Ann,End of row ${row}\n`).join('');
    const { options, alternatives } = await read(`id,name,note\n${rows}12,Bo,x\nEnd of row 12\n`);
    expect([options, alternatives]).toEqual([{ skip_footer: 1 }, [expect.stringContaining('Line 15 is left out')]]);
  });

  it.each(['Source: the register of the town', 'All numbers as of 2024-01-02, rounded'])(
    'but a note is: %s',
    async (note) => {
      const { options, alternatives } = await read(`id,name,age,town\n${people}"${note}"\n`);
      expect([options, alternatives]).toEqual([{ skip_footer: 1 }, []]);
    },
  );
});
