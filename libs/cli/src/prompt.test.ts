import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { confirm, select } from './prompt.js';

const { stdin, stderr } = process;
let keys: PassThrough;

beforeEach(() => {
  keys = new PassThrough();
  const screen = Object.assign(new PassThrough().resume(), { isTTY: true });
  const isTTY = { isTTY: true, setRawMode: () => undefined };
  Object.defineProperty(process, 'stdin', { value: Object.assign(keys, isTTY), configurable: true });
  Object.defineProperty(process, 'stderr', { value: screen, configurable: true });
});
afterEach(() => {
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  Object.defineProperty(process, 'stderr', { value: stderr, configurable: true });
});

it.each([
  ['y', 'y\r', true],
  ['Yes', 'Yes\r', true],
  ['Enter', '\r', false],
  ['no', 'n\r', false],
  ['another word', 'delete\r', false],
  ['Ctrl-D', '\x04', false],
])('%s is an answer', async (_key, typed, answer) => {
  const asked = confirm('Delete it?');
  keys.write(typed);
  expect(await asked).toBe(answer);
});

it.each([
  ['Enter selects the first choice', '\r', 'a'],
  ['an arrow selects the next', '\x1b[B\r', 'b'],
  ['Ctrl-D leaves the question unanswered', '\x04', undefined],
])('%s', async (_key, typed, answer) => {
  const asked = select('Which?', [{ value: 'a' }, { value: 'b', description: 'the other' }]);
  keys.write(typed);
  expect(await asked).toBe(answer);
});

it.each([
  ['a confirmation', () => confirm('Delete it?')],
  ['a selection', () => select('Which?', [{ value: 'a' }])],
])('Ctrl-C at %s ends the command as it does everywhere', async (_, ask) => {
  const asked = ask();
  keys.write('\x03');
  await expect(asked).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
});
