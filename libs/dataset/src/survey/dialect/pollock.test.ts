import { describe, expect, it } from '@jest/globals';
import { parseCsv } from '../../manifest/csv/rows.js';
import { parsePieces } from '../../manifest/reading.test-support.js';
import { detectDialect } from './detect.js';
import { TABLES, writeTable, type Table } from './polluted.test-support.js';
import { formatOf } from './types.js';

const [sales, patients, towns, scores] = TABLES as [Table, Table, Table, Table];

async function read(text: string, path = 'data.csv') {
  const { options, alternatives } = detectDialect({ head: text, tail: '', complete: true, path });
  const { rows, report } = await parsePieces(parseCsv(formatOf(options, path)), text, [70_000]);
  return { options, alternatives, header: rows[0], rows: rows.slice(1), findings: report.findings() };
}

/** Returns the lines of a table after one of them was changed. */
function changed(table: Table, line: number, change: (text: string) => string): string {
  const lines = writeTable(table, {}).trimEnd().split('\n');
  lines[line] = change(lines[line]!);
  return lines.join('\n') + '\n';
}

const tables = [patients, towns, scores].map((table) => [table.name, table] as const);
/** The header, the first row, one in the middle, and the last. */
const lines = [0, 1, 2, -1];
const places = tables.flatMap(([name, table]) =>
  lines.map((line) => [name, line < 0 ? table.rows.length : line, table] as const),
);

describe('a line with an error is reported, and never read as something else', () => {
  const isTold = async (text: string) => {
    const { findings, options } = await read(text);
    expect([...findings.map(({ severity }) => severity), options]).toContain('error');
  };

  it.each(places)('a delimiter too few: %s, line %i', (_, line, table) =>
    isTold(changed(table, line, (text) => text.replace(/,(?=[^,]*$)/, ''))),
  );
  it.each(places)('a delimiter too many: %s, line %i', (_, line, table) =>
    isTold(changed(table, line, (text) => text + ',x')),
  );
  it.each(places)('another delimiter: %s, line %i', (_, line, table) =>
    isTold(changed(table, line, (text) => text.replaceAll(',', ';'))),
  );
  it.each(places)('a quote too many: %s, line %i', async (_, line, table) => {
    const text = changed(table, line, (before) => '"' + before);
    const { findings, header, rows } = await read(text);
    const isRight = JSON.stringify([header, ...rows]) === JSON.stringify([table.header, ...table.rows]);
    expect(isRight || findings.length > 0).toBe(true);
  });
});

describe('several tables in a file are told', () => {
  it.each<[string, Table, Table]>([
    ['the second is narrower', patients, scores],
    ['the second is wider', scores, patients],
    ['the second is narrower by one', sales, towns],
  ])('%s', async (_, first, second) => {
    for (const between of ['', '\n', '\n\n']) {
      const { findings, alternatives } = await read(writeTable(first, {}) + between + writeTable(second, {}));
      const told = findings.filter(({ severity }) => severity === 'error').length + alternatives.length;
      expect(told).toBeGreaterThan(0);
    }
  });

  it('of the same width, with a blank line between them', async () => {
    const other = { ...scores, header: ['team', 'won', 'lost'] };
    const { alternatives } = await read(writeTable(scores, {}) + '\n' + writeTable(other, {}));
    expect(alternatives).toEqual([expect.stringContaining('Line 6 looks like the header of another table')]);
  });
});

describe('small and simple files', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['white space', ' \n\n'],
    ['a header', 'a,b,c\n'],
    ['a header without a line ending', 'id,name'],
    ['a name', 'name\n'],
    ['names of two words', 'full name\nAnn Smith\nBo Jones\nCy Ives\n'],
    ['a row', 'a,b\n1,x\n'],
    ['two rows of text', 'a,b\nx,y\nz,w\n'],
    ['numbers of one column', 'n\n1\n2\n3\n'],
    ['times of one column', 'at\n10:00\n11:30\n12:45\n'],
    ['timestamps of one column', 'at\n2020-01-01 10:00\n2020-01-02 11:30\n'],
    ['decimal commas of one column', 'n\n"1,5"\n"2,5"\n"3,5"\n'],
    ['years as names', 'country,2019,2020,2021\nA,83,84,85\nB,10,11,12\nC,5,6,7\n'],
    ['a year as a name', 'country,2019\nA,83\nB,10\nC,5\n'],
    ['hashtags', 'tag,n\n#a,1\n#b,2\n#c,3\n'],
    ['Windows paths', 'n,path\n1,"C:\\a\\"\n2,"C:\\b\\"\n'],
    ['missing values', 'a,b\nx,?\ny,-\nz,3\n'],
    ['a first row without values', 'k,v\nfoo,\nbar,3\nbaz,4\n'],
    ['a cut last row', 'text,n\nsome words that are here,1\nother words that stand here,2\nwords that were cut of'],
    ['a last row of notes in a column', 'k,v,note\na,1,Total\nb,2,Source: me\n'],
  ])('%s: nothing is set', async (_, text) => {
    expect((await read(text)).options).toEqual({});
  });

  it.each<[string, string, object]>([
    ['prose full of commas', 'id;text\n1;Well, so, this\n2;Yes, it is, or so, they say\n3;No\n', { delimiter: ';' }],
    ['decimal commas', 'a;b\n1,5;2,5\n3,25;4,5\n', { delimiter: ';' }],
    ['decimal commas without a header', '1,5;2,5;x\n3,25;4,5;y\n2,5;3,5;z\n', { delimiter: ';', header: 'none' }],
    ['a header with a hash', '##by\n##us\n#id\tn\na\t1\nb\t2\n', { delimiter: '\t', skip_rows: 2 }],
    ['a padded title', 'Report,,\n,,\nname,n,m\nx,1,2\ny,2,3\n', { skip_rows: 2 }],
    ['padded empty rows at the end', 'name,n,m\nx,1,2\ny,2,3\n,,\n,,\n', { skip_footer: 2 }],
    ['sums', 'name,n,m\nx,1,2\ny,2,3\nz,4,5\nTotal,7,10\n', { skip_footer: 1 }],
    ['merged names', ',2019,,2020,\nname,low,high,low,high\nx,1,2,3,4\ny,2,3,4,5\nz,3,4,5,6\n', {}],
    ['single spaces', 'a b c\n1 2 3\n4 5 7\n9 1 2\n', { delimiter: ' ' }],
    ['single spaces with an empty cell', 'a b c\n1  3\n4 5 7\n9 1 2\n', { delimiter: ' ' }],
    ['backslashes outside of quotes', 'a,b\nx\\, y,1\nz,2\nw\\,\\,,3\n', { escapechar: '\\' }],
  ])('%s', async (_, text, options) => {
    const found = await read(text);
    expect(found.options).toEqual(options);
  });

  it('two readings that fit equally are both told', async () => {
    const { alternatives } = await read('1,5\n2,5\n3,5\n');
    expect(alternatives).toEqual([expect.stringContaining('decimal comma')]);
  });

  it('a tab in a .tsv file is set, to be seen', async () => {
    expect((await read('a\tb\n1\t2\n', 'x.tsv')).options).toEqual({ delimiter: '\t' });
    expect((await read('a,b\n1,2\n', 'x.tsv')).options).toEqual({ delimiter: ',' });
  });
});
