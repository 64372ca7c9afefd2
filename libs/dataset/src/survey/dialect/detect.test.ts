import { describe, expect, it } from '@jest/globals';
import { WHITESPACE } from '@tracebloc/ingestor-core';
import { parsePieces } from '../../manifest/reading.test-support.js';
import { parseCsv } from '../../manifest/csv/rows.js';
import { detectDialect } from './detect.js';
import { TABLES, writeTable, type Pollution, type Table } from './polluted.test-support.js';
import { formatOf, type DetectedDialect } from './types.js';

function detect(text: string, path = 'data.csv'): DetectedDialect {
  return detectDialect({ head: text, tail: '', complete: true, path });
}

async function readDetected(text: string, path = 'data.csv') {
  const { options } = detect(text, path);
  const { rows, report } = await parsePieces(parseCsv(formatOf(options, path)), text, [70_000]);
  return { header: rows[0], rows: rows.slice(1), findings: report.findings() };
}

const hasQuotes = ({ rows }: Table) => rows.some((row) => row.some((cell) => cell.includes('"')));
const hasSingle = (table: Table) => table.name === 'sales' || table.name === 'towns';

const delimiters: Pollution[] = [';', '\t', '|', '||', '::', '~', '^', ' | ', ';;', '\x1f', WHITESPACE].map(
  (delimiter) => {
    const isAligned = delimiter === WHITESPACE;
    return {
      name: `the delimiter ${JSON.stringify(delimiter)}`,
      style: isAligned ? { isAligned } : { delimiter },
      options: { delimiter },
      // An aligned record has one line.
      only: ({ name }) => !isAligned || name !== 'sales',
    };
  },
);

const POLLUTIONS: Pollution[] = [
  { name: 'nothing unusual', style: {}, options: {} },
  ...delimiters,
  {
    name: 'a semicolon and quotes around everything',
    style: { delimiter: ';', quotesAll: true },
    options: { delimiter: ';' },
  },
  { name: 'CRLF', style: { lineEnd: '\r\n' }, options: {} },
  { name: 'CR', style: { lineEnd: '\r' }, options: {} },
  { name: 'no line ending at the end', style: { endsOpen: true }, options: {} },
  { name: 'single quotes', style: { quote: "'", quotesAll: true }, options: { quotechar: "'" } },
  { name: 'single quotes where needed', style: { quote: "'" }, options: { quotechar: "'" }, only: hasSingle },
  { name: 'backslashes before quotes', style: { escape: '\\' }, options: { escapechar: '\\' }, only: hasQuotes },
  { name: 'no header', style: { headerLines: 0 }, options: { header: 'none' } },
  { name: 'a title', style: { preamble: ['Report of all that we have'] }, options: { skip_rows: 1 } },
  {
    name: 'a preamble of three lines',
    style: { preamble: ['Statistics', 'Extracted by A. Clerk, on 1 May', ''] },
    options: { skip_rows: 3 },
  },
  {
    name: 'a preamble and no header',
    style: { preamble: ['Statistics', 'Extracted by A. Clerk', ''], headerLines: 0 },
    options: { skip_rows: 3, header: 'none' },
  },
  { name: 'blank lines before the header', style: { preamble: ['', ''] }, options: {} },
  {
    name: 'a header of two lines',
    style: { headerLines: 2 },
    options: { header: [1, 2] },
  },
  { name: 'a header of three lines', style: { headerLines: 3 }, options: { header: [1, 2, 3] } },
  {
    name: 'a title and a header of two lines',
    style: { headerLines: 2, preamble: ['Report of all that we have'] },
    options: { header: [2, 3] },
  },
  { name: 'units', style: { hasUnits: true }, options: { units_row: true } },
  {
    name: 'comments',
    style: { comments: [['# by the "lab', '#'], ['# here it rained']] },
    options: { comment: '#' },
  },
  {
    name: 'comments at the start',
    style: { comments: [['# by the lab', '# in 2020'], []] },
    options: { comment: '#' },
  },
  {
    name: 'a footer',
    style: { footer: ['', 'Source: the register of the town'] },
    options: { skip_footer: 1 },
  },
  { name: 'a delimiter at the end of each line', style: { trailing: true }, options: { trailing_delimiter: true } },
  {
    name: 'a bar at the end of each line',
    style: { trailing: true, delimiter: '|' },
    options: { delimiter: '|', trailing_delimiter: true },
  },
  { name: 'spaces after commas', style: { space: ' ' }, options: { skip_initial_space: true } },
  {
    name: 'spaces after semicolons',
    style: { space: ' ', delimiter: ';' },
    options: { delimiter: ';', skip_initial_space: true },
  },
  {
    name: 'much together',
    style: {
      ...{ delimiter: ';', lineEnd: '\r\n', hasUnits: true, trailing: true, quotesAll: true },
      ...{ preamble: ['Export of the database', ''], footer: ['', 'Note: as of today, all of it'] },
    },
    options: { delimiter: ';', trailing_delimiter: true, skip_rows: 2, units_row: true, skip_footer: 1 },
  },
  {
    name: 'tabs, single quotes, a header of two lines and comments',
    style: {
      ...{ delimiter: '\t', quote: "'", quotesAll: true, headerLines: 2 },
      comments: [[], ['# here it rained']],
    },
    options: { delimiter: '\t', quotechar: "'", header: [1, 2], comment: '#' },
  },
  {
    name: 'a line that states the delimiter',
    style: { preamble: ['sep=;'], delimiter: ';' },
    options: { delimiter: ';' },
  },
];

const VARIANTS = POLLUTIONS.flatMap((pollution) =>
  TABLES.filter((table) => pollution.only?.(table) ?? true).map(
    (table) => [pollution.name, table.name, pollution, table] as const,
  ),
);

describe('a table is detected as it was written, and read as it was', () => {
  it('in many variants', () => {
    expect(VARIANTS.length).toBeGreaterThan(100);
  });

  it.each(VARIANTS)('%s: %s', async (_name, _table, { style, options }, table) => {
    const text = writeTable(table, style);
    const found = detect(text);
    expect(found.options).toEqual(options);
    expect(Object.keys(found.reasons)).toEqual(Object.keys(found.options));
    const { header, rows, findings } = await readDetected(text);
    expect(findings).toEqual([]);
    const names = style.headerLines === 0 ? table.header.map((_, index) => `column_${index + 1}`) : table.header;
    expect(header).toEqual(names);
    expect(rows).toEqual(table.rows);
  });
});
