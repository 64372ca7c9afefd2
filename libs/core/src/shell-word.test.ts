import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { shellWord } from './shell-word.js';

it.each(['train.yaml', 'müller/train.yaml', 'my data/train.yaml', 'it\'s $HOME `x` "y"', '*', ''])(
  'a shell reads %s as one word',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  },
);

it('a plain path is not quoted', () => {
  expect(shellWord('../out/train-1.yaml')).toBe('../out/train-1.yaml');
});
