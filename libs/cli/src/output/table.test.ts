import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { renderTable } from './table.js';
import { textWidth } from './width.js';

it.each([
  ['plain', 5],
  ['grüße', 5],
  ['gru\u0308ße', 5],
  ['数据集', 6],
  ['ﾊﾝｶｸ', 4],
  ['ＡＢ', 4],
  ['데이터', 6],
  ['👩‍👩‍👧 🇩🇪', 5],
  ['a\u200bb', 2],
  ['', 0],
])('%j is %i cells wide', (text, cells) => {
  expect(textWidth(text)).toBe(cells);
});

describe('a table', () => {
  it('aligns columns of any script, and ends no line with spaces', () => {
    const table = renderTable(
      ['NAME', 'N'],
      [
        ['数据集', '1'],
        ['grüße', ''],
        ['plain', '22'],
      ],
    );
    expect(stripVTControlCharacters(table)).toBe(['NAME    N', '数据集  1', 'grüße', 'plain   22'].join('\n'));
  });

  it('keeps each cell on its line', () => {
    expect(stripVTControlCharacters(renderTable(['A', 'B'], [['a\n✔ fine\u001b[2J', 'b']]))).toBe(
      'A                   B\na\\n✔ fine\\u001b[2J  b',
    );
  });

  it('takes time that grows with its rows', () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => [`run ${index}`, 'ein Täble', '数据']);
    const before = process.cpuUsage();
    expect(renderTable(['A', 'B', 'C'], rows(10_000)).split('\n')).toHaveLength(10_001);
    // It once took a minute.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(20_000);
  });
});
