import { inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import { Secret } from './secret.js';

it('shows its value only through reveal', () => {
  const secret = new Secret('hunter2');
  const shown = [String(secret), JSON.stringify({ secret }), inspect({ secret }, { depth: 9, showHidden: true })];
  expect(shown.join()).not.toContain('hunter2');
  expect(secret.reveal()).toBe('hunter2');
});
