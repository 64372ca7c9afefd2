import { expect, it } from '@jest/globals';
import { LineSplitter } from './line-splitter.js';

function linesOf(text: string, pieceLength: number): string[] {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += pieceLength) lines.push(...splitter.push(text.slice(at, at + pieceLength)));
  return [...lines, splitter.end()];
}

it.each(['', 'a', 'a\n', '\n\na\r\nbc\u2028d\re\n', 'long line\n\nanother, without an end'])(
  'returns the same lines for all pieces of %j',
  (text) => {
    for (let length = 1; length <= text.length + 1; length++) expect(linesOf(text, length)).toEqual(text.split('\n'));
  },
);

it('counts the characters of the line that has not ended', () => {
  const splitter = new LineSplitter();
  expect(splitter.push('ab\ncd')).toEqual(['ab']);
  expect(splitter.pending).toBe(2);
  expect(splitter.push('e')).toEqual([]);
  expect(splitter.pending).toBe(3);
  expect(splitter.end()).toBe('cde');
  expect(splitter.pending).toBe(0);
});

it('takes time in proportion to the length of a line that arrives in many pieces', () => {
  const piece = 'x'.repeat(64);
  const timeOf = (pieces: number): number => {
    const splitter = new LineSplitter();
    const before = process.cpuUsage();
    for (let count = 0; count < pieces; count++) splitter.push(piece);
    expect(splitter.end()).toHaveLength(pieces * piece.length);
    return process.cpuUsage(before).user / 1000;
  };
  timeOf(1000);
  // 16 times the pieces: to search the whole line again with each of them would take 256 times as long.
  expect(timeOf(16_000)).toBeLessThan(100 * Math.max(timeOf(1000), 1));
});
