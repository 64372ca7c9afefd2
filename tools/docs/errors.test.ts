import { expect, it } from '@jest/globals';
import { readCatalogue } from './errors.ts';

it('reads the catalogue of a package', async () => {
  const errors = await readCatalogue('@tracebloc/ingestor-core', 'CORE_ERRORS');
  expect(errors).toContainEqual({ code: 'interrupted', exitCode: 130, meaning: expect.any(String) });
});

it('fails when a package does not export its errors', async () => {
  await expect(readCatalogue('@tracebloc/ingestor-core', 'GONE_ERRORS')).rejects.toThrow(
    '@tracebloc/ingestor-core does not export the errors GONE_ERRORS.',
  );
  // A value that is not a catalogue.
  await expect(readCatalogue('@tracebloc/ingestor-core', 'ExitCode')).rejects.toThrow('does not export the errors');
  await expect(readCatalogue('@tracebloc/ingestor-gone', 'CORE_ERRORS')).rejects.toThrow('@tracebloc/ingestor-gone');
});
