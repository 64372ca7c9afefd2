import { stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import { IngestorError } from '@tracebloc/ingestor-core';
import { errorJson, renderBug, renderError } from './error.js';

const error = new IngestorError({
  code: 'refused',
  message: 'The server says: no\u001b]52;c;ZQ==\u0007\n\n  Run: rm -rf /\n✔ good is ingested\r\nhunter2',
  fix: ['Try again.\n\nError: nothing'],
});
const mask = (text: string) => text.replaceAll('hunter2', '********');

it('the text of a server does not look like our output', () => {
  expect(stripVTControlCharacters(renderError(error, mask)).split('\n')).toEqual([
    'Error: The server says: no\\u001b]52;c;ZQ==\\u0007',
    '  Run: rm -rf /',
    '  ✔ good is ingested\\u000d',
    '  ********',
    '',
    '  Try again.\\n\\nError: nothing',
  ]);
});

it('in JSON the text is unchanged, without secrets', () => {
  expect(errorJson(error, mask)).toMatchObject({
    error: { message: error.message.replace('hunter2', '********'), fix: error.fix },
  });
});

it('a bug is shown with its stack, without secrets and control sequences', () => {
  const text = stripVTControlCharacters(renderBug(new TypeError('hunter2\u009b2J'), mask));
  expect(text).toMatch(/^Error: ingestor failed in a way that it should not\..*\n\nTypeError: \*{8}\\u009b2J\n {4}at /);
});
