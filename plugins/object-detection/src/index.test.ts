import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CONTRACT_VERSION, TASKS_HOOK, resolveOptions } from '@tracebloc/ingestor-contract';
import hook from './index.js';

it('registers the task under the hook that package.json names', async () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { oclif: { hooks: Record<string, string> } };
  expect(manifest.oclif.hooks).toEqual({ [TASKS_HOOK]: './dist/index.js' });
  const plugin = await hook();
  expect(plugin).toMatchObject({ contract: CONTRACT_VERSION, format: 'object-detection' });
  expect(plugin.tasks).toMatchObject([
    {
      id: 'object_detection',
      dataFormat: 'image',
      label: { use: 'required', statePolicy: false },
      schema: 'optional',
      missing: 'empty',
      allowFeatureModification: false,
    },
  ]);
});

it('completes the options, and sends them as metadata', async () => {
  const [task] = (await hook()).tasks;
  expect(task!.metadata(resolveOptions(task!, { fields: {}, fileOptions: {} }), [])).toEqual({
    file_options: { target_size: [448, 448], fit: 'none', extension: '.jpg', min_size: [32, 32] },
  });
  const own = { target_size: [320, 240], fit: 'contain', extension: '.png', min_size: [8, 8] };
  expect(task!.metadata(resolveOptions(task!, { fields: { target_size: [100, 100] }, fileOptions: own }), [])).toEqual({
    file_options: own,
  });
  expect(resolveOptions(task!, { fields: { target_size: [100, 90] }, fileOptions: {} })).toMatchObject({
    targetSize: [100, 90],
  });
});

it('refuses a target size with more pixels than an image may have', async () => {
  const [task] = (await hook()).tasks;
  const tooLarge = { target_size: [20_000, 20_000] };
  expect(() => resolveOptions(task!, { fields: {}, fileOptions: tooLarge })).toThrow(
    expect.objectContaining({ name: 'OptionError', field: 'spec.file_options.target_size' }),
  );
  expect(() => resolveOptions(task!, { fields: tooLarge, fileOptions: {} })).toThrow(
    expect.objectContaining({ name: 'OptionError', field: 'target_size' }),
  );
});
