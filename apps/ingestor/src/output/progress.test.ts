import { expect, it } from '@jest/globals';
import { barSize, lineProgress } from './progress.js';

it('writes a plain line every five seconds, with rate and remaining time', () => {
  const lines: string[] = [];
  let now = 0;
  const display = lineProgress(
    (line) => lines.push(line),
    () => now,
  );
  const at = (milliseconds: number, records: number) => {
    now = milliseconds;
    display.update({ phase: 'stage', records, done: records * 10, total: 100_000 });
  };
  at(0, 0);
  at(4999, 999);
  at(5000, 1000);
  at(6000, 1200);
  at(10_000, 2000);
  expect(lines).toEqual([
    'Validating and staging: 10%, 1,000 records, 200/s, 45.0 s left',
    'Validating and staging: 20%, 2,000 records, 200/s, 40.0 s left',
  ]);
});

it.each([
  ['Validating and staging', 80],
  ['Verifying', 80],
  ['Validating and staging', 120],
])('%s: the line of a bar fits %i columns', (title, columns) => {
  const figures = ' 100% | 9,999,999 records | 999,999/s | 10.0 s left';
  const line = `${title} ${'█'.repeat(barSize(title, columns))}${figures}`;
  expect(line.length).toBeLessThanOrEqual(columns);
  expect(barSize(title, columns)).toBeGreaterThanOrEqual(4);
});
