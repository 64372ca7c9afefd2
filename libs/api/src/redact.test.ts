import { expect, test } from '@jest/globals';
import { Redactor } from './redact.js';

test('caps an excerpt after cleaning it, so that the cut leaves no part of a secret', () => {
  const redactor = new Redactor();
  redactor.add('SECRETSECRET');
  const excerpt = redactor.excerpt(`${'.'.repeat(495)}SECRETSECRET${'.'.repeat(100)}`);
  expect(excerpt).toBe(`${'.'.repeat(495)}*****…`);
  expect(redactor.excerpt(' two\r\n\tlines \n')).toBe('two lines');
});
