import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codes, csvFormat, parsePieces, readContent } from '../reading.test-support.js';
import { parseCsv } from './rows.js';

describe('after a record with invalid quoting', () => {
  it.each([
    ['an unclosed quote', '5,"6', 'unclosed-quote', /^The quote opened on line 4 is not closed before the file ends;/],
    ['text after a quote', '5,"6"x', 'text-after-quote', /^Text follows a closing quote on line 4;/],
  ])('reading goes on at the next line: %s', async (_, bad, code, message) => {
    for (const chunkSize of [1, 7, 65536]) {
      const result = await readContent(`a,b\n1,2\n3,4\n${bad}\n7,8\n9,10\n`, 'csv', { chunkSize });
      expect(result.rows.map(([first]) => first)).toEqual(['1', '3', '7', '9']);
      expect(result.lines).toEqual([2, 3, 5, 6]);
      expect(codes(result)).toEqual([[code, 4]]);
      expect(result.report.findings()[0]!.message).toMatch(message);
      expect(result.report.findings()[0]!.message).toMatch(/reading went on at line 5\.$/);
    }
  });

  it('the lines that a wrong quote swallowed are read', async () => {
    const result = await readContent('a,b\n1,"2\n3,4\n5,6\n7,"8"\n9,10\n');
    expect(result.rows.map(([first]) => first)).toEqual(['3', '5', '7', '9']);
    expect(codes(result)).toEqual([['text-after-quote', 2]]);
  });

  it('lines that do not have the fields of the header are left out with it', async () => {
    const result = await readContent('a,b\n1,"x"y\nz\n\n1,2,3\n4,5\n');
    expect(result.rows).toEqual([['4', '5']]);
    expect(codes(result)).toEqual([['text-after-quote', 2]]);
    expect(result.report.findings()[0]!.message).toMatch(/reading went on at line 6\.$/);
  });

  it('a line with a quote in an unquoted field is taken for a part of the text that was meant to be quoted', async () => {
    const result = await readContent('a,b\n"x\n\ny" z,4\n5,6\n');
    expect(result.rows).toEqual([['5', '6']]);
    expect(codes(result)).toEqual([['text-after-quote', 2]]);
  });

  it('says that no later line fits', async () => {
    const result = await readContent('a,b\n1,2\n1,"x"y');
    expect(result.rows).toHaveLength(1);
    expect(result.report.findings()[0]!.message).toMatch(/; no later line has the fields of the header\.$/);
  });

  it('on_bad_lines: warn makes it a warning that is counted as a skipped row', async () => {
    const result = await readContent('a,b\n1,"x"y\n2,"\n3,4\n', 'csv', { onBadLines: 'warn' });
    expect(result.rows).toEqual([['3', '4']]);
    expect(result.report).toMatchObject({ errors: 0, warnings: 2 });
    expect(result.reader.skipped).toBe(2);
  });

  it('reports it although bytes that are not UTF-8 end the reading', async () => {
    const result = await readContent(Buffer.concat([Buffer.from('a,b\n1,"x"y\n'), Buffer.from([0xff])]));
    expect(codes(result)).toEqual([
      ['text-after-quote', 2],
      ['not-utf8', 3],
    ]);
  });

  it('all other lines are read, however many are bad and wherever the text is cut', async () => {
    const word = fc.stringMatching(/^[a-z]{1,5}$/);
    const row = fc.record({ cells: fc.tuple(word, word, word), quoted: fc.boolean(), bad: fc.integer({ max: 12 }) });
    const bads = (cells: string[]) => [
      `"${cells[0]}" x,"${cells[1]}",y`,
      `"${cells[0]},"${cells[1]}",y`,
      `${cells[0]},"${cells[1]},${cells[2]}`,
      `${cells[0]},${cells[1]},"${cells[2]}`,
    ];
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), sizes, async (rows, pieces) => {
        const lines = rows.map(({ cells, quoted, bad }) => {
          return bads(cells)[bad] ?? (quoted ? cells.map((cell) => `"${cell}"`) : cells).join(',');
        });
        const text = `a,b,c\n${lines.map((line) => `${line}\n`).join('')}`;
        const result = await parsePieces(parseCsv(csvFormat), text, pieces);
        const good = rows.flatMap(({ cells, bad }, index) => (bads(cells)[bad] ? [] : [{ cells, line: index + 2 }]));
        expect(result.rows.slice(1)).toEqual(good.map(({ cells }) => cells));
        expect(result.lines.slice(1)).toEqual(good.map(({ line }) => line));
        // Each bad line is reported itself, or as part of the bad line before it.
        const reported = result.report.findings().map((finding) => finding.row!);
        const bad = rows.flatMap(({ cells, bad: kind }, index) => (bads(cells)[kind] ? [index + 2] : []));
        expect(bad).toEqual(expect.arrayContaining(reported));
        expect(reported.length > 0).toBe(bad.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('the memory stays flat although 16 Mi characters are read again', async () => {
    const content = `a,b\n1,"x\n${'2,3\n'.repeat(4_500_000)}`;
    let rows = 0;
    let most = 0;
    const observer = {
      report: (await readContent('a\n1\n')).report,
      skip: () => undefined,
      pass: () => undefined,
      position: 'wanted',
    } as const;
    async function* pieces() {
      for (let start = 0; start < content.length; start += 32_768) yield content.slice(start, start + 32_768);
    }
    for await (const batch of parseCsv(csvFormat)(pieces(), observer)) {
      rows += batch.rows.length;
      most = Math.max(most, batch.rows.length);
    }
    expect(rows).toBe(4_500_001);
    expect(most).toBeLessThan(10_000);
  });
});
