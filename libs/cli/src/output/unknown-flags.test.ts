import { expect, it } from '@jest/globals';
import { describeUnknownFlags } from './unknown-flags.js';

const KNOWN = ['config', 'local', 'storage', 'json'];

it.each([
  [['--confg'], 'No flag: --confg. Did you mean --config?\nSee --help'],
  [['--locl', '--stroage=/x'], 'No flag: --locl, --stroage=/x. Did you mean --local and --storage?\nSee --help'],
  [['--telepathy'], 'No flag: --telepathy\nSee --help'],
  [['-x'], 'No flag: -x\nSee --help'],
])('%j', (unknown, text) => {
  expect(describeUnknownFlags(`No flag: ${unknown.join(', ')}\nSee --help`, unknown, KNOWN)).toBe(text);
});
