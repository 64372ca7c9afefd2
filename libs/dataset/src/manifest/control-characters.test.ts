import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import { fixOf } from '../checks/fix.js';
import { codes, readContent } from './reading.test-support.js';

describe('a control character is a warning with its line and column', () => {
  it.each([
    ['a run of NUL before a row', `a,b\n1,x\n${'\0'.repeat(48)}2,y\n`, 3, 'a', 'a NUL byte'],
    ['NUL within a text', 'a,b\n1,x\0y\n2,y\n', 2, 'b', 'a NUL byte'],
    ['NUL in quotes', 'a,b\n1,"x\0\n"\n2,y\n', 2, 'b', 'a NUL byte'],
    ['the end of file of DOS', 'a,b\n1,x\n2,y\x1a', 3, 'b', 'the control character U+001A'],
    ['an escape sequence', 'a,b\n1,\x1b[31mx\n', 2, 'b', 'the control character U+001B'],
    ['DEL', 'a,b\n1,x\n2,\x7fy\n', 3, 'b', 'the control character U+007F'],
  ])('%s', async (_, content, row, column, name) => {
    for (const chunkSize of [1, 3, 65536]) {
      const { report } = await readContent(content, 'csv', { chunkSize });
      expect(report.findings()).toEqual([
        expect.objectContaining({
          ...{ code: 'control-character', severity: 'warning', row, column, file: 'data' },
          message: `The cell has ${name}.`,
        }),
      ]);
    }
  });

  it('in JSON too', async () => {
    const { report } = await readContent('{"a":"x\x7f"}\n', 'json');
    expect(report.findings()).toMatchObject([{ code: 'control-character', row: 1, column: 'a' }]);
  });

  it('but no tab, line end or letter is one', async () => {
    expect(codes(await readContent('a,b\n"x\ty\r\nz","ä\u0085"\n'))).toEqual([]);
  });

  it.each([
    ['INT', '\x00\x003'],
    ['FLOAT', '3.5\x1a'],
    ['DATE', '2024-01-0\x7f3'],
  ])('and the reason why a cell does not fit %s', (sql, cell) => {
    const type = parseSqlType(sql);
    expect(fixOf(cell, type, {})).toMatch(/`tr -d '\\000' < old > new`\. Remove other control characters/);
    expect(compileCheck(type)(cell.replace(/[\0\x1a\x7f]/g, ''))).toEqual(expect.any(String));
  });
});
