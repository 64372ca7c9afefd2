import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { shellPath, shellWord } from './shell-word.js';

it.each(['train.yaml', 'müller/train.yaml', 'my data/train.yaml', 'it\'s $HOME `x` "y"', '*', ''])(
  'a shell reads %s as one word',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  },
);

it('a plain path is not quoted', () => {
  expect(shellWord('../out/train-1.yaml')).toBe('../out/train-1.yaml');
});

it.each([
  ['data/a b.csv', "'data/a b.csv'"],
  ['-x.csv', './-x.csv'],
  ['', '.'],
])('the path %s is one for the working folder', (path, shown) => {
  expect(shellPath(join(process.cwd(), path))).toBe(shown);
  expect(shellPath(path)).toBe(shown);
});

it('a path beside the working folder is absolute', () => {
  expect(shellPath('/elsewhere/a.csv')).toBe('/elsewhere/a.csv');
});
