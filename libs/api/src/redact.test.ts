import { expect, test } from '@jest/globals';
import { Redactor } from './redact.js';

test('an excerpt is cleaned before it is cut, so that no part of a secret remains', () => {
  const redactor = new Redactor();
  redactor.add('SECRETSECRET');
  const excerpt = redactor.excerpt(`${'.'.repeat(495)}SECRETSECRET${'.'.repeat(100)}`);
  expect(excerpt).toBe(`${'.'.repeat(495)}*****…`);
  expect(redactor.excerpt(' two\r\n\tlines \n')).toBe('two lines');
});
