import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CONTRACT_VERSION, TASKS_HOOK, parseSqlType } from '@tracebloc/ingestor-contract';
import hook from './index.js';

it('registers the tasks under the hook that package.json names', async () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { oclif: { hooks: Record<string, string> } };
  expect(manifest.oclif.hooks).toEqual({ [TASKS_HOOK]: './dist/index.js' });
  const plugin = await hook();
  expect(plugin).toMatchObject({ contract: CONTRACT_VERSION, format: 'tabular' });
  expect(plugin.tasks.map(({ id, label, allowFeatureModification }) => [id, label, allowFeatureModification])).toEqual([
    ['tabular_classification', { use: 'required', statePolicy: false }, true],
    ['tabular_regression', { use: 'required', statePolicy: true }, false],
  ]);
});

it('sends the names and types of the columns as metadata', async () => {
  const [task] = (await hook()).tasks;
  const columns = [
    { name: 'age', type: parseSqlType('int not null') },
    { name: 'price', type: parseSqlType('numeric(10,2)') },
  ];
  expect(task!.metadata({}, columns)).toEqual({
    number_of_columns: 2,
    schema: { age: 'INT', price: 'DECIMAL(10,2)' },
  });
});
