import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CONTRACT_VERSION, TASKS_HOOK, resolveOptions } from '@tracebloc/ingestor-contract';
import hook from './index.js';

it('registers the task under the hook that package.json names', async () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { oclif: { hooks: Record<string, string> } };
  expect(manifest.oclif.hooks).toEqual({ [TASKS_HOOK]: './dist/index.js' });
  const plugin = await hook();
  expect(plugin).toMatchObject({ contract: CONTRACT_VERSION, format: 'text' });
  expect(plugin.tasks).toMatchObject([
    {
      id: 'text_classification',
      dataFormat: 'text',
      label: { use: 'required', statePolicy: false },
      schema: 'optional',
      missing: 'empty',
      allowFeatureModification: false,
    },
  ]);
});

it('sends the file options as metadata', async () => {
  const [task] = (await hook()).tasks;
  const options = (fileOptions: Record<string, string>) => resolveOptions(task!, { fields: {}, fileOptions });
  expect(task!.metadata(options({}), [])).toEqual({ file_options: { extension: '.txt' } });
  expect(task!.metadata(options({ extension: '.text' }), [])).toEqual({ file_options: { extension: '.text' } });
});
