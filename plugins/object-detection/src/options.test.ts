import { expect, it } from '@jest/globals';
import { resolveOptions } from '@tracebloc/ingestor-contract';
import { objectDetection } from './detection.js';

it('the task states how data is read', () => {
  expect(objectDetection).toMatchObject({
    dataFormat: 'image',
    label: { use: 'optional', statePolicy: false },
    schema: 'optional',
    missing: 'empty',
    allowFeatureModification: false,
  });
});

it('completes the options, and sends them as metadata', () => {
  expect(objectDetection.metadata(resolveOptions(objectDetection, { fields: {}, fileOptions: {} }), [])).toEqual({
    file_options: { target_size: [448, 448], fit: 'none', extension: '.jpg', min_size: [32, 32] },
  });
  const own = { target_size: [320, 240], fit: 'contain', extension: '.png', min_size: [8, 8] };
  expect(
    objectDetection.metadata(
      resolveOptions(objectDetection, { fields: { target_size: [100, 100] }, fileOptions: own }),
      [],
    ),
  ).toEqual({
    file_options: own,
  });
  expect(resolveOptions(objectDetection, { fields: { target_size: [100, 90] }, fileOptions: {} })).toMatchObject({
    targetSize: [100, 90],
  });
});

it('refuses a target size with more pixels than an image may have', () => {
  const tooLarge = { target_size: [20_000, 20_000] };
  expect(() => resolveOptions(objectDetection, { fields: {}, fileOptions: tooLarge })).toThrow(
    expect.objectContaining({ name: 'OptionError', field: 'spec.file_options.target_size' }),
  );
  expect(() => resolveOptions(objectDetection, { fields: tooLarge, fileOptions: {} })).toThrow(
    expect.objectContaining({ name: 'OptionError', field: 'target_size' }),
  );
});
