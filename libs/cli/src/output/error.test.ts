import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { IngestorError } from '@tracebloc/ingestor-core';
import { errorJson, renderBug, renderError, renderUsageError } from './error.js';
import { terminalWidth } from './width.js';

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

describe('on a terminal', () => {
  const words = Array.from({ length: 40 }, (_, index) => `w${index}`).join(' ');
  const path = `/data/${'x'.repeat(100)}.csv`;

  it('lines are broken between words, and what follows is indented further', () => {
    const shown = { message: `${words}\n${words}`, fix: [`Try ${words}`, 'Short.'] };
    const lines = stripVTControlCharacters(renderError(shown, mask, 50)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
    const indents = lines.map((line) => /^ */.exec(line)![0].length);
    expect(indents.join('')).toMatch(/^02+4+024+2$/);
    // Nothing is lost, and no word is cut.
    expect(lines.join(' ').split(/ +/)).toEqual(`Error: ${words} ${words} Try ${words} Short.`.split(' '));
    expect(renderUsageError(words, 50).split('\n').length).toBeGreaterThan(2);
  });

  it.each([
    [120, 120],
    [20, 40],
    [0, 80],
  ])('that is %i cells wide, lines have %i', (columns, width) => {
    expect(terminalWidth({ isTTY: true, columns })).toBe(width);
    expect(terminalWidth({ isTTY: false, columns })).toBeUndefined();
  });

  it('a word that is longer than the line is whole, and so are all lines of what is not a terminal', () => {
    const shown = { message: `The file ${path} does not exist.`, fix: [words] };
    const lines = stripVTControlCharacters(renderError(shown, mask, 40)).split('\n');
    expect(lines.slice(0, 3)).toEqual(['Error: The file', `  ${path}`, '  does not exist.']);
    expect(stripVTControlCharacters(renderError(shown, mask)).split('\n')).toEqual([
      ...[`Error: The file ${path} does not exist.`, '', `  ${words}`],
    ]);
  });
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
