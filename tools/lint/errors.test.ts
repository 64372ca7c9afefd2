import { expect, it } from '@jest/globals';
import { isCatalogue, looseErrors } from './errors.ts';

it.each([
  ["throw new IngestorError({ code: 'a-b', message: 'm', fix: [] });", 1],
  ["class A extends B { constructor() { super({ code: 'a-b', message: 'm', fix: 'f' }); } }", 1],
  ["if (error.code === 'not-there') go();", 1],
  ["throw errors.make('a-b', { message: 'm', fix: 'f' });", 0],
  ["if (error.code === 'ENOENT') go();", 0],
  ["report.error({ code: 'a-b', message: 'm' });", 0],
  ["findings.filter(({ code }) => code !== 'one-class');", 0],
])('finds in %s %d problems', (text, count) => {
  expect(looseErrors('libs/x/src/a.ts', text)).toHaveLength(count);
});

it('knows the files of catalogues', () => {
  const files = [
    'libs/x/src/errors.ts',
    'libs/x/src/errors/volume.ts',
    'libs/x/src/mirrors.ts',
    'libs/x/src/a/errors.ts',
  ];
  expect(files.map(isCatalogue)).toEqual([true, true, false, true]);
});
