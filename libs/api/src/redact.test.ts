import { Secret } from '@tracebloc/ingestor-contract';
import { expect, test } from '@jest/globals';
import { Redactor } from './redact.js';

test('removes a secret in every form in which a server may echo it', () => {
  const password = `a"b<c>'d&e f`;
  const redactor = new Redactor();
  redactor.add(new Secret(password));
  const html = 'a&quot;b&lt;c&gt;&#x27;d&amp;e f';
  for (const echo of [password, JSON.stringify({ password }), encodeURIComponent(password), html]) {
    expect(redactor.clean(`bad: ${echo}!`)).toMatch(/^bad: .*\*{8}.*!$/);
  }
  expect(redactor.clean(html)).toBe('********');
});

test('a secret inside another, and an empty one, leave no remainder', () => {
  const redactor = new Redactor();
  for (const secret of ['', 'abc', 'abc-long']) redactor.add(secret);
  expect(redactor.clean('abc-long and abc')).toBe('******** and ********');
});

test('caps an excerpt after cleaning it, so that the cut leaves no part of a secret', () => {
  const redactor = new Redactor();
  redactor.add('SECRETSECRET');
  const excerpt = redactor.excerpt(`${'.'.repeat(495)}SECRETSECRET${'.'.repeat(100)}`);
  expect(excerpt).toBe(`${'.'.repeat(495)}*****…`);
  expect(redactor.excerpt(' two\r\n\tlines \n')).toBe('two lines');
});
