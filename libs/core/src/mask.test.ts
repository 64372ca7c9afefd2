import { expect, test } from '@jest/globals';
import { Mask } from './mask.js';
import { Secret, withoutSecrets } from './secret.js';

function clean(text: string, ...secrets: string[]): string {
  const mask = new Mask();
  for (const secret of secrets) mask.add(secret);
  return mask.clean(text);
}

test('a secret is masked in every encoding in which a program may repeat it', () => {
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

test('nothing remains of a secret that contains another', () => {
  expect(clean('abcdefgh-long and abcdefgh', '', 'abcdefgh', 'abcdefgh-long')).toBe('******** and ********');
});

test('a secret of 8 characters is masked even inside a word', () => {
  expect(clean('xhunter42x', 'hunter42')).toBe('x********x');
});

test('a shorter secret is masked only as a whole word', () => {
  const text = 'The key rootkey of root: "root", (root) and wurzelroot, root1, 1root';
  expect(clean(text, 'root')).toBe('The key rootkey of ********: "********", (********) and wurzelroot, root1, 1root');
  expect(clean('a.b+ and aXb+', 'a.b+')).toBe('******** and aXb+');
});

test.each(['e', 'is', 'the'])('a secret as short as "%s" is not masked, since the mask would reveal it', (secret) => {
  const text = 'The message is the same for everyone.';
  expect(clean(text, secret)).toBe(text);
});

test('a secret that is not well-formed Unicode is masked', () => {
  expect(clean('x \ud800hunter42 y', '\ud800hunter42')).toBe('x ******** y');
});

test('every value that a Secret is made of is masked afterwards', () => {
  expect(withoutSecrets('the token tok-of-this-test')).toBe('the token tok-of-this-test');
  new Secret('tok-of-this-test');
  expect(withoutSecrets('the token tok-of-this-test')).toBe('the token ********');
});
