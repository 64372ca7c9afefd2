import { expect, it } from '@jest/globals';
import { defineErrors } from './define-errors.js';
import { ExitCode, IngestorError } from './errors.js';

const errors = defineErrors({
  'disk-full': { meaning: 'The disk has no room.' },
  'bad-name': { meaning: 'The name is not valid.', exitCode: ExitCode.usage },
});

it('makes errors with the exit code of their entry', () => {
  const cause = new Error('ENOSPC');
  const error = errors.make('disk-full', { message: 'The disk is full.', fix: 'Free space.', cause });
  expect(error).toBeInstanceOf(IngestorError);
  expect(error).toMatchObject({ code: 'disk-full', exitCode: ExitCode.failed, fix: ['Free space.'], cause });
  expect(errors.make('bad-name', { message: 'm', fix: [] }).exitCode).toBe(ExitCode.usage);
});

it('lists every code with its meaning', () => {
  expect(errors.list).toEqual([
    { code: 'disk-full', meaning: 'The disk has no room.', exitCode: ExitCode.failed },
    { code: 'bad-name', meaning: 'The name is not valid.', exitCode: ExitCode.usage },
  ]);
});

it('makes the options of a subclass', () => {
  class DiskFullError extends IngestorError {
    constructor() {
      super(errors.options('disk-full', { message: 'The disk is full.', fix: 'Free space.' }));
    }
  }
  expect(new DiskFullError()).toMatchObject({ code: 'disk-full', exitCode: ExitCode.failed });
});
