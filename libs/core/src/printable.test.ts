import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable, printableLine } from './printable.js';

it.each([
  ['an escape sequence', 'a\u001b]52;c;ZXZpbA==\u0007b', 'a\\u001b]52;c;ZXZpbA==\\u0007b'],
  ['a sequence of C1', '\u009b31m', '\\u009b31m'],
  ['a text whose order is turned around', '\u202egnp.exe\u2066', '\\u202egnp.exe\\u2066'],
  ['marks of direction', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
  ['other ends of a line', 'a\rb\u2028c\u2029d\u0085e\vf\fg', 'a\\u000db\\u2028c\\u2029d\\u0085e\\u000bf\\u000cg'],
  ['half a character', 'a\ud83d b\udc00', 'a\\ud83d b\\udc00'],
  ['backspaces, DEL and NUL', 'a\b\u007f\0', 'a\\u0008\\u007f\\u0000'],
  ['text of any script', 'grüße 你好 👩‍👩‍👧 मनीष ไทย\tb\nc', 'grüße 你好 👩‍👩‍👧 मनीष ไทย\tb\nc'],
])('%s', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(printable(shown)).toBe(shown);
});

it('a value stays on its line', () => {
  expect(printableLine('a\n✔ all is well\tb')).toBe('a\\n✔ all is well\\tb');
});

describe('any text', () => {
  const anything = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

  it('holds nothing unsafe then', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/(?![\t\n])\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}|\p{Cs}/u);
        expect(shown.isWellFormed()).toBe(true);
        expect(printable(shown)).toBe(shown);
        expect(printableLine(text)).not.toMatch(/[\n\r\t]/);
      }),
    );
  });

  it('is the same value in JSON', () => {
    fc.assert(
      fc.property(fc.array(anything), (value) => {
        expect(JSON.parse(printable(JSON.stringify(value, null, 2)))).toEqual(value);
      }),
    );
  });
});
