import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CONTRACT_VERSION, TASKS_HOOK } from '@tracebloc/ingestor-contract';
import hook from './index.js';

it('registers the task under the hook that package.json names', async () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { oclif: { hooks: Record<string, string> } };
  expect(manifest.oclif.hooks).toEqual({ [TASKS_HOOK]: './dist/index.js' });
  const plugin = await hook();
  expect(plugin).toMatchObject({ contract: CONTRACT_VERSION, format: 'image-classification' });
  expect(plugin.tasks.map(({ id }) => id)).toEqual(['image_classification']);
});
