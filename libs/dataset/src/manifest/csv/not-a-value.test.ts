import { describe, expect, it } from '@jest/globals';
import { readContent } from '../reading.test-support.js';

const found = async (content: string) => {
  const { report, rows } = await readContent(content);
  return { rows, findings: report.findings().map(({ code, row }) => [code, row]) };
};

describe('what is not a value is reported', () => {
  it('rows without any value', async () => {
    const { rows, findings } = await found('a,b\n1,2\n,\n3,4\n"",\n');
    expect(rows).toHaveLength(4);
    expect(findings).toEqual([
      ['empty-row', 3],
      ['empty-row', 5],
    ]);
  });

  it('rows without any value, which are skipped with bad lines', async () => {
    for (const end of ['', ',\n', ',\n,\n']) {
      const { report, rows, reader } = await readContent(`a,b\n1,2\n,\n3,4\n${end}`, 'csv', { onBadLines: 'warn' });
      expect(rows).toEqual([
        ['1', '2'],
        ['3', '4'],
      ]);
      expect(reader.skipped).toBe(1 + end.length / 2);
      expect(report.findings()[0]).toMatchObject({ code: 'empty-row', severity: 'warning', row: 3 });
    }
    const kept = await readContent('a,b\n1,2\n,\n', 'csv', { onBadLines: 'warn', skipBlankLines: false });
    expect(kept.rows).toHaveLength(2);
  });

  it('not a row with a value, or one of a single column', async () => {
    expect((await found('a,b,c\n1,2,3\n,,3\n')).findings).toEqual([]);
    expect((await found('a\n1\n""\n3\n')).findings).toEqual([]);
  });

  it('a quote or a control character in a name', async () => {
    expect((await found('a,b"c\n1,2\n')).findings).toEqual([['quote-in-field', 1]]);
    expect((await found('a,b\0c\n1,2\n')).findings).toEqual([['control-character', 1]]);
  });

  it('names of rows without a name above them: the advice gives the rows', async () => {
    const { report } = await readContent('a,b\nr1,1,2\nr2,3,4\n');
    expect(report.findings()[0]!.fix).toContain('add a name for these at the beginning of the header');
    expect((await readContent('row,a,b\nr1,1,2\nr2,3,4\n')).rows).toEqual([
      ['r1', '1', '2'],
      ['r2', '3', '4'],
    ]);
  });
});
