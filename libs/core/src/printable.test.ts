import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable, printableLine } from './printable.js';

it.each([
  ['an escape sequence', 'a\u001b]52;c;ZXZpbA==\u0007b', 'a\\u001b]52;c;ZXZpbA==\\u0007b'],
  ['a C1 control sequence', '\u009b31m', '\\u009b31m'],
  ['marks that reverse the order of text', '\u202egnp.exe\u2066', '\\u202egnp.exe\\u2066'],
  ['marks of the writing direction', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
  ['other line separators', 'a\rb\u2028c\u2029d\u0085e\vf\fg', 'a\\u000db\\u2028c\\u2029d\\u0085e\\u000bf\\u000cg'],
  ['lone surrogates', 'a\ud83d b\udc00', 'a\\ud83d b\\udc00'],
  ['backspaces, DEL and NUL', 'a\b\u007f\0', 'a\\u0008\\u007f\\u0000'],
  ['text of any script', 'grüße 你好 👩‍👩‍👧 मनीष ไทย\tb\nc', 'grüße 你好 👩‍👩‍👧 मनीष ไทย\tb\nc'],
])('escapes what is unsafe and keeps the rest: %s', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(printable(shown)).toBe(shown);
});

it('printableLine keeps a value on one line', () => {
  expect(printableLine('a\n✔ all is well\tb')).toBe('a\\n✔ all is well\\tb');
});

describe('of any text', () => {
  const anything = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

  it('the result contains nothing unsafe', () => {
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

  it('the JSON keeps its value', () => {
    fc.assert(
      fc.property(fc.array(anything), (value) => {
        expect(JSON.parse(printable(JSON.stringify(value, null, 2)))).toEqual(value);
      }),
    );
  });
});
