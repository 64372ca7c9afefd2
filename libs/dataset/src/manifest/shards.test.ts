import { expect, it } from '@jest/globals';
import type { DatasetReader } from '@tracebloc/ingestor-contract';
import { WHITESPACE } from '@tracebloc/ingestor-core';
import { openReader } from './reader.js';
import { csvFormat, temporaryFolder } from './reading.test-support.js';
import { createReport } from '../findings/report.js';
import type { ReaderOptions } from './types.js';

type Content = Pick<ReaderOptions, 'format' | 'csv'> & { text: string };

/** Cells that make lines hard to find. Their number fits no size of a piece. */
const CELLS = ['1', '', '"a, b"', '"two\nlines"', '"a ""quoted"" word"', 'ü€𝄞', '5" pipe', 'x'.repeat(300), ' y'];

function csvOf(end: string, blankEvery: number): string {
  const line = (index: number) => `${index},${CELLS[index % CELLS.length]},z`;
  const rows = Array.from({ length: 250 }, (_, index) => (index % blankEvery === 5 ? `  ${end}` : '') + line(index));
  return ['a,"b\nb",c', ...rows].join(end);
}

const csv = (changes: Partial<ReaderOptions['csv']> = {}) => ({ ...csvFormat, ...changes });
const objects = Array.from({ length: 200 }, (_, index) => JSON.stringify({ a: index, b: `{"ü\n${index}`, c: null }));

const CONTENTS: Record<string, Content> = {
  'a CSV': { format: 'csv', csv: csv(), text: csvOf('\n', 1e9) },
  'a CSV with blank lines': { format: 'csv', csv: csv(), text: csvOf('\n', 7) },
  'a CSV whose blank lines are rows': { format: 'csv', csv: csv({ skipBlankLines: false }), text: csvOf('\n', 7) },
  'a CSV of CRLF': { format: 'csv', csv: csv(), text: `\ufeff${csvOf('\r\n', 9)}\r\n` },
  'a CSV of CR': { format: 'csv', csv: csv(), text: csvOf('\r', 9) },
  'a CSV whose bad lines are skipped': {
    format: 'csv',
    csv: csv({ onBadLines: 'warn' }),
    text: csvOf('\n', 9).replaceAll(/^(\d*3),/gm, '$1,more,'),
  },
  'a CSV without quotes': { format: 'csv', csv: csv(), text: csvOf('\n', 11).replaceAll(/"|, b|\nb|\n(?=lines)/g, '') },
  'a CSV with bad quoting in it': {
    format: 'csv',
    csv: csv({ onBadLines: 'warn' }),
    text: csvOf('\n', 9)
      .replaceAll(/^(\d*[37]),/gm, '$1,"x"y,')
      .replaceAll(/^(\d*5),/gm, '$1,"'),
  },
  'a CSV with an open quote, which swallows the rest': {
    format: 'csv',
    csv: csv({ onBadLines: 'warn' }),
    text: `a,b,c\n1,2,"3\n${'4,5,6\n'.repeat(800)}`,
  },
  'a CSV with backslashes': {
    format: 'csv',
    csv: csv({ escape: '\\' }),
    text: csvOf('\n', 9).replaceAll('""', '\\"').replaceAll(',z', ',\\,\\\nz'),
  },
  'a CSV with a delimiter of two characters': {
    format: 'csv',
    csv: csv({ delimiter: '||' }),
    text: csvOf('\n', 9).replaceAll(/,(?! b)/g, '||'),
  },
  'aligned columns': {
    format: 'csv',
    csv: csv({ delimiter: WHITESPACE }),
    text: `a b c\n${Array.from({ length: 700 }, (_, index) => `  ${index} \t "two\n${index}"   z `).join('\n')}`,
  },
  'a CSV with spaces after delimiters and delimiters at the ends': {
    format: 'csv',
    csv: csv({ skipInitialSpace: true, trailingDelimiter: true }),
    text: csvOf(',\r\n', 1).replaceAll(/,(?! b|\r)/g, ', '),
  },
  'a CSV with a preamble, two lines of names, units and comments': {
    format: 'csv',
    csv: csv({ header: [3, 4], unitsRow: true, comment: '#' }),
    text: `sep=,\n"title\n${csvOf('\n#no, "row\n', 1e9).replace('a,"b\nb",c', 'a,b,c\n,bb,d\nm,s')}`,
  },
  'a CSV without names, with lines to skip at both ends': {
    format: 'csv',
    csv: csv({ header: 'none', skipRows: 2, skipFooter: 3 }),
    text: `${csvOf('\n', 9)}\nTotal,1,2\n\nby us\n"x"y\n`,
  },
  'JSON lines': { format: 'json', csv: csv(), text: objects.join('\n\n') },
  'a JSON array': { format: 'json', csv: csv(), text: `[\n${objects.join(',\n')}\n]\n` },
};

interface Read {
  rows: string[][];
  lines: number[];
  errors: number;
  reader: DatasetReader;
}

async function read(path: string, content: Content, shard?: ReaderOptions['shard'], chunkSize = 65_536): Promise<Read> {
  const { format, csv: options } = content;
  const reader = openReader({ format, path, file: 'data', csv: { ...options, chunkSize }, missing: 'tokens', shard });
  const report = createReport();
  const signal = new AbortController().signal;
  const result: Read = { rows: [], lines: [], errors: 0, reader };
  for await (const { rows, lines } of (await reader.open(report, signal))!.batches) {
    result.rows.push(...rows);
    result.lines.push(...lines);
  }
  return { ...result, errors: report.errors };
}

it.each(Object.entries(CONTENTS))(
  'the shards of %s have together its rows, each once and in order',
  async (_name, content) => {
    using folder = temporaryFolder();
    const path = folder.write(content.text);
    const whole = await read(path, content);
    expect(whole.rows.length).toBeGreaterThan(150);
    for (const count of [3, 17]) {
      const rows: string[][] = [];
      const lines: number[] = [];
      let skipped = 0;
      for (let index = 0; index < count; index++) {
        // Processes may read in chunks of different sizes.
        const chunkSize = [65_536, 1000, 4097][index % 3]!;
        const own = await read(path, content, { index, count, rows: 'own' }, chunkSize);
        if (own.rows.length > 0) expect(own.reader.passed).toBe(rows.length);
        rows.push(...own.rows);
        lines.push(...own.lines);
        skipped += own.reader.skipped;

        const all = await read(path, content, { index, count, rows: 'all' }, chunkSize);
        expect(all.rows).toEqual(whole.rows);
        expect(all.lines.filter((line) => all.reader.isOwn(line))).toEqual(own.lines);
      }
      expect(rows).toEqual(whole.rows);
      expect(lines).toEqual(whole.lines);
      expect(skipped).toBe(whole.reader.skipped);
    }
  },
);

it('shards have about the same size', async () => {
  using folder = temporaryFolder();
  const path = folder.write(`a,b\n${'1,22222\n'.repeat(10_000)}`);
  const content: Content = { format: 'csv', csv: csv(), text: '' };
  for (const index of [0, 1, 2, 3]) {
    const { rows } = await read(path, content, { index, count: 4, rows: 'own' });
    expect(Math.abs(rows.length - 2500)).toBeLessThanOrEqual(1);
  }
});

it('shards may have no rows, but a file without rows is reported by one shard', async () => {
  using folder = temporaryFolder();
  const errorsOf = async (text: string) => {
    const path = folder.write(text);
    const shards = [0, 1, 2, 3, 4].map((index) => read(path, CONTENTS['a CSV']!, { index, count: 5, rows: 'own' }));
    return (await Promise.all(shards)).map(({ errors, rows }) => [rows.length, errors]);
  };
  const few = await errorsOf('a,b\n1,2\n');
  expect(few.map(([rows]) => rows).sort()).toEqual([0, 0, 0, 0, 1]);
  expect(few.every(([, errors]) => errors === 0)).toBe(true);
  expect((await errorsOf('a,b\n')).map(([, errors]) => errors)).toEqual([0, 0, 0, 0, 1]);
});

it('an invalid row is reported by its shard, and an error that ends the reading also by later shards', async () => {
  using folder = temporaryFolder();
  const lines: string[] = Array.from({ length: 3000 }, (_, index) => (index === 1600 ? '1,2,3' : '1,2'));
  const errorsOf = async (text: string | Uint8Array) => {
    const path = folder.write(text);
    const shards = [0, 1, 2].map((index) => read(path, CONTENTS['a CSV']!, { index, count: 3, rows: 'own' }));
    return (await Promise.all(shards)).map(({ errors }) => errors);
  };
  expect(await errorsOf(`a,b\n${lines.join('\n')}\n`)).toEqual([0, 1, 0]);
  lines[1600] = '"x"y,2';
  expect(await errorsOf(`a,b\n${lines.join('\n')}\n`)).toEqual([0, 1, 0]);
  lines[1600] = 'é,2';
  expect(await errorsOf(Buffer.from(`a,b\n${lines.join('\n')}\n`, 'latin1'))).toEqual([0, 1, 1]);
});
