import { expect, it } from '@jest/globals';
import { IngestorError, InterruptedError } from './errors.js';

it('is known by the errors of another copy of this package, as a plugin that is installed by itself brings', async () => {
  const address: string = './errors.js?copy';
  const copy = (await import(address)) as typeof import('./errors.js');
  expect(copy.IngestorError).not.toBe(IngestorError);
  expect(new copy.InterruptedError()).toBeInstanceOf(IngestorError);
  expect(new copy.InterruptedError()).toBeInstanceOf(InterruptedError);
  expect(new InterruptedError()).toBeInstanceOf(InterruptedError);
  expect(new IngestorError({ code: 'c', message: 'm', fix: 'f' })).not.toBeInstanceOf(InterruptedError);
  for (const other of [new Error('m'), null, undefined, 'm']) expect(other).not.toBeInstanceOf(IngestorError);
});
