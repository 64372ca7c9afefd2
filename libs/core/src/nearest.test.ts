import { expect, it } from '@jest/globals';
import { nearest } from './nearest.js';

it.each([
  ['shwo', ['schema', 'show'], 'show'],
  ['wiat', ['wait', 'what-if'], 'wait'],
  ['tets', ['train', 'test'], 'test'],
  ['confg', ['config', 'schema'], 'config'],
  ['CONF', ['config'], 'config'],
  ['ab', ['ba'], 'ba'],
  ['list', ['init', 'split'], undefined],
  ['abcd', ['badc'], undefined],
])('%s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
