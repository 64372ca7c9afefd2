import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { confirm } from './confirm.js';

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
  ['Yes', ' Yes \r', true],
  ['Enter', '\r', false],
  ['another word', 'yesterday\r', false],
  ['Ctrl-D', '\x04', false],
])('%s is an answer', async (_key, typed, answer) => {
  const asked = confirm('Delete it?');
  keys.write(typed);
  expect(await asked).toBe(answer);
});

it('Ctrl-C ends the command as it does everywhere', async () => {
  const asked = confirm('Delete it?');
  keys.write('\x03');
  await expect(asked).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
});
