import { expect, test } from '@jest/globals';
import { Mask } from './mask.js';
import { Secret, withoutSecrets } from './secret.js';

function clean(text: string, ...secrets: string[]): string {
  const mask = new Mask();
  for (const secret of secrets) mask.add(secret);
  return mask.clean(text);
}

test('a secret is masked in every form in which it may be repeated', () => {
  const password = `a"b<c>'d&e f`;
  const html = 'a&quot;b&lt;c&gt;&#x27;d&amp;e f';
  for (const echo of [password, JSON.stringify({ password }), encodeURIComponent(password), html]) {
    expect(clean(`bad: ${echo}!`, password)).toMatch(/^bad: .*\*{8}.*!$/);
  }
  expect(clean(html, password)).toBe('********');
});

test.each([
  ['base64', 'cMOkc3MvdyJvIHInZA=='],
  ['base64 without padding', 'cMOkc3MvdyJvIHInZA'],
  ['JSON in ASCII', String.raw`p\u00e4ss/w\"o r'd`],
  ['JSON with escaped slashes', String.raw`päss\/w\"o r'd`],
  ['both', String.raw`p\u00e4ss\/w\"o r'd`],
  ['a form', 'p%C3%A4ss%2Fw%22o+r%27d'],
  ['a form in small letters', 'p%c3%a4ss%2fw%22o+r%27d'],
  ['percent-encoding in small letters', "p%c3%a4ss%2fw%22o%20r'd"],
  ['HTML with a number', 'päss/w&quot;o r&#39;d'],
])('a secret is masked as %s', (_form, echo) => {
  expect(clean(`bad: ${echo}!`, `päss/w"o r'd`)).toMatch(/^bad: \*{8}(==)?!$/);
});

test('a secret inside another, and an empty one, leave no remainder', () => {
  expect(clean('abcdefgh-long and abcdefgh', '', 'abcdefgh', 'abcdefgh-long')).toBe('******** and ********');
});

test('a secret of 8 characters is masked inside a word too', () => {
  expect(clean('xhunter42x', 'hunter42')).toBe('x********x');
});

test('a shorter one is masked as a word, and left alone inside another', () => {
  const text = 'The key rootkey of root: "root", (root) and wurzelroot, root1, 1root';
  expect(clean(text, 'root')).toBe('The key rootkey of ********: "********", (********) and wurzelroot, root1, 1root');
  expect(clean('a.b+ and aXb+', 'a.b+')).toBe('******** and aXb+');
});

test.each(['e', 'is', 'the'])('one such as "%s" is not masked, which would tell it', (secret) => {
  const text = 'The message is the same for everyone.';
  expect(clean(text, secret)).toBe(text);
});

test('text that is no Unicode makes no error', () => {
  expect(clean('x \ud800hunter42 y', '\ud800hunter42')).toBe('x ******** y');
});

test('whatever is made a Secret is masked from then on', () => {
  expect(withoutSecrets('the token tok-of-this-test')).toBe('the token tok-of-this-test');
  new Secret('tok-of-this-test');
  expect(withoutSecrets('the token tok-of-this-test')).toBe('the token ********');
});
