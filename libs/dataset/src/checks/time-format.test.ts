import { expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import fc from 'fast-check';
import { compileCheck } from './cell.js';
import { timeFormat } from './time.js';

it.each([
  ['2024-02-29', 'YYYY-MM-DD'],
  [' 2024/02/29 ', 'YYYY/MM/DD'],
  ['20240229', 'YYYYMMDD'],
  ['29.02.2024', 'DD.MM.YYYY'],
  ['02/29/2024', 'MM/DD/YYYY'],
  ['2024-02-29 12:30', 'YYYY-MM-DD HH:MM'],
  ['2024-02-29T12:30', 'YYYY-MM-DDTHH:MM'],
  ['20240229T12:30:15', 'YYYYMMDDTHH:MM:SS'],
  ['29.02.2024 12:30:15.1', 'DD.MM.YYYY HH:MM:SS.f'],
  ['29.02.2024 12:30:15.123456', 'DD.MM.YYYY HH:MM:SS.f'],
  ['2024-02-29T12:30:15Z', 'YYYY-MM-DDTHH:MM:SSZ'],
  ['2024-02-29T12:30-01:00', 'YYYY-MM-DDTHH:MM±HH:MM'],
])('%j has the format %s', (text, format) => {
  expect(timeFormat(text)).toBe(format);
});

it('knows the format of exactly the texts that are valid for a DATETIME', () => {
  const check = compileCheck(parseSqlType('DATETIME(6)'));
  const pieces = fc.constantFrom('2024', '01', '31', '-', '/', '.', ' ', 'T', ':', '+', 'Z', '2024-01-31', '12:30');
  const texts = fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const result = check(text);
      const isUnknown = typeof result !== 'string' && result.code === 'not-a-datetime';
      expect(timeFormat(text) === undefined).toBe(isUnknown);
    }),
    { numRuns: 2000 },
  );
});
