import { expect, it } from '@jest/globals';
import { ExitCode, IngestorError } from './errors.js';
import { CORE_ERRORS, InterruptedError } from './interrupted-error.js';

it('recognizes the errors of another copy of this package, which a plugin may have', async () => {
  const address: string = './errors.js?copy';
  const copy = (await import(address)) as typeof import('./errors.js');
  const error = new copy.IngestorError({ code: 'c', message: 'm', fix: 'f' });
  expect(copy.IngestorError).not.toBe(IngestorError);
  expect(error).toBeInstanceOf(IngestorError);
  expect(error).not.toBeInstanceOf(InterruptedError);
  for (const other of [new Error('m'), null, undefined, 'm']) expect(other).not.toBeInstanceOf(IngestorError);
});

it('distinguishes an interruption from other errors', () => {
  const cause = new Error('aborted');
  expect(new InterruptedError()).toBeInstanceOf(InterruptedError);
  expect(new InterruptedError()).toBeInstanceOf(IngestorError);
  expect(new InterruptedError().fix).toHaveLength(1);
  expect(new InterruptedError('Nothing was deleted.', { fix: [], cause })).toMatchObject({
    ...{ name: 'InterruptedError', code: 'interrupted', exitCode: ExitCode.interrupted },
    ...{ message: 'Nothing was deleted.', fix: [], cause },
  });
  expect(new IngestorError({ code: 'interrupted', message: 'm', fix: 'f' })).not.toBeInstanceOf(InterruptedError);
  expect(CORE_ERRORS.list.map(({ code }) => code)).toEqual(['interrupted']);
});
