import { describe, expect, it } from '@jest/globals';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { readAll, temporaryFolder } from '../../manifest/reading.test-support.js';
import { detectDialect } from './detect.js';
import { readDialectSample } from './sample.js';
import { formatOf } from './types.js';

const ROWS = Array.from({ length: 40_000 }, (_, index) => [`${index}`, `${index / 8}`, index % 2 ? 'odd' : 'even']);
const BODY = ROWS.map((row) => row.join(';'));

/** Detects how a file is written, and reads it so. */
async function read(content: string) {
  using folder = temporaryFolder();
  const path = folder.write(content, 'data.csv');
  const found = detectDialect(await readDialectSample(path));
  const csv = formatOf(found.options, path);
  const { header, rows, report } = await readAll({ format: 'csv', path, file: 'data', csv, missing: 'tokens' });
  return { ...found, header, rows, findings: report.findings() };
}

describe('a file that is longer than the sample', () => {
  it('is read without its title and its footer', async () => {
    const lines = ['All numbers', '', 'n;share;kind', ...BODY, '', 'Total;;', 'Source: "us', ''];
    const { options, header, rows, findings } = await read(lines.join('\r\n'));
    expect(options).toEqual({ delimiter: ';', skip_rows: 2, skip_footer: 2 });
    expect([header, rows.length, rows.at(-1), findings]).toEqual([['n', 'share', 'kind'], 40_000, ROWS.at(-1), []]);
  });

  it('may have rows that begin like the comments above it', async () => {
    const body = BODY.map((line) => line.replace(/;[a-z]+$/, ''));
    const { options, rows, findings } = await read(['# by us', '# in 2020', 'tag;n', ...body, '#x;1', ''].join('\n'));
    expect(options).toEqual({ delimiter: ';', skip_rows: 2 });
    expect([rows.length, rows.at(-1), findings]).toEqual([40_001, ['#x', '1'], []]);
  });

  it('may have another table at its end, which is reported', async () => {
    const lines = ['n;share;kind', ...BODY, '', 'a;b', '1;2', '3;4', ''];
    const { options, findings } = await read(lines.join('\n'));
    expect(options).toEqual({ delimiter: ';' });
    expect(findings.map(({ code }) => code)).toEqual(['ragged-row', 'ragged-row', 'ragged-row']);
  });

  it('may end within a row', async () => {
    const { options, findings } = await read(['n;share;kind', ...BODY, '7;'].join('\n'));
    expect(options).toEqual({ delimiter: ';' });
    expect(findings).toMatchObject([{ code: 'ragged-row', row: 40_002 }]);
  });
});

it('a byte order mark is left out of the sample', async () => {
  const { options, header } = await read('\ufeffa;b\n1;2\n');
  expect([options, header]).toEqual([{ delimiter: ';' }, ['a', 'b']]);
});

it('a sample is decoded in the encoding, whatever it begins with', async () => {
  using folder = temporaryFolder();
  const text = ['a;b', ...BODY, ''].join('\n');
  const path = folder.write(Buffer.from(text, 'utf16le'), 'data.csv');
  const { head, tail, complete } = await readDialectSample(path, 'utf-16le');
  expect(complete).toBe(false);
  expect(text.startsWith(head)).toBe(true);
  expect(text.endsWith(tail) && tail.length > 8000).toBe(true);
});

it('a file that cannot be opened has no dialect', async () => {
  const sample = await readDialectSample('/nowhere/data.csv');
  expect(detectDialect(sample)).toEqual({ options: {}, reasons: {}, alternatives: [] });
  expect(formatOf({}, '/nowhere/data.csv')).toEqual(CSV_DEFAULTS);
});
