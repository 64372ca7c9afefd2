import { describe, expect, it } from '@jest/globals';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { readContent } from '../reading.test-support.js';

async function read(content: string, csv: Partial<CsvFormat> = {}) {
  const { header, rows, report } = await readContent(content, 'csv', csv);
  return { header, rows, findings: report.findings() };
}

const CLEAN = [
  ["Ann O'Hara", 'red', '1'],
  ['Bo Smith', 'blue', '2'],
  ["Cy O'Neil", 'green', '3'],
  ["Di d'Arc", 'red', '4'],
];
const write = (quote: (cell: string, column: number) => string, rows = CLEAN) =>
  `name,colour,n\n${rows.map((row) => row.map(quote).join(',')).join('\n')}\n`;
const between = (mark: string, cell: string) => mark + cell.replaceAll(mark, mark + mark) + mark;

describe('quotes that are not declared are told, and the fix reads the texts', () => {
  it.each<[name: string, content: string]>([
    ['around all cells', write((cell) => between("'", cell))],
    ['around texts', write((cell, column) => (column < 2 ? between("'", cell) : cell))],
    ['around one column', write((cell, column) => (column === 0 ? between("'", cell) : cell))],
    ['only where a text has one', write((cell) => (cell.includes("'") ? between("'", cell) : cell))],
    ['protected by a backslash', write((cell) => (cell.includes("'") ? `'${cell.replaceAll("'", "\\'")}'` : cell))],
    ['of MySQL', write((cell) => between('`', cell))],
    ['that are rare', write((cell) => between('$', cell))],
  ])('%s', async (_name, content) => {
    const { findings } = await read(content);
    expect(findings).toMatchObject([{ code: 'other-quote', severity: 'warning', row: 2 }]);
    const fix = findings[0]!.fix;
    const quote = /quotechar: "(.)"/.exec(fix)![1]!;
    const fixed = await read(content, { quote, escape: fix.includes('escapechar') ? '\\' : quote });
    expect([fixed.findings, fixed.rows]).toEqual([[], CLEAN]);
  });
});

it.each<[name: string, content: string]>([
  ['the declared quote', write((cell) => between("'", cell)).replaceAll("'", '"')],
  ['apostrophes', write((cell) => cell)],
  ['words in quotes', "a,b\nsaid 'no',x\n'yes',y\nit's,z\n\"it, too\",u\n"],
  ['a quotation', "a,b\n'As new',x\nused,y\n'Best',z\nold,u\n"],
  ['one formula', 'a,b\n$x$,x\n$y$,y\n$z^2$,z\n'],
  ['paths', 'a,b\n/x/,x\n/y/,y\n/z/,z\n'],
  ['two cells', "a,b\n'x',x\n'y',y\n"],
])('is quiet about %s', async (_name, content) => {
  expect((await read(content)).findings).toEqual([]);
});
