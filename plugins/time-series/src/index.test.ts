import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CONTRACT_VERSION, TASKS_HOOK, parseSqlType } from '@tracebloc/ingestor-contract';
import hook from './index.js';

it('registers the task under the hook that package.json names', async () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { oclif: { hooks: Record<string, string> } };
  expect(manifest.oclif.hooks).toEqual({ [TASKS_HOOK]: './dist/index.js' });
  const { tasks, ...plugin } = await hook();
  expect(plugin).toEqual({ contract: CONTRACT_VERSION, format: 'time-series' });
  expect(tasks).toMatchObject([
    {
      id: 'time_series_forecasting',
      dataFormat: 'tabular',
      label: { use: 'required', statePolicy: true },
      schema: 'required',
      allowFeatureModification: false,
    },
  ]);
});

it('sends the names and types of the columns as metadata', async () => {
  const [task] = (await hook()).tasks;
  const columns = [
    { name: 'timestamp', type: parseSqlType('timestamp not null') },
    { name: 'load', type: parseSqlType('float') },
  ];
  expect(task!.metadata({}, columns)).toEqual({
    number_of_columns: 2,
    schema: { timestamp: 'TIMESTAMP', load: 'FLOAT' },
  });
});
