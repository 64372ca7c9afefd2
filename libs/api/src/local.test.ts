import { expect, test } from '@jest/globals';
import { createLocalRegistry, type LocalDatasetDetails } from './local.js';

test('a local registration leaves schema, metadata, title and where it is registered in the catalog', async () => {
  const entries = new Map<string, LocalDatasetDetails>();
  const registry = createLocalRegistry({
    register: async (table, details) => void entries.set(table, { ...entries.get(table), ...details }),
  });
  const dataset = { table: 'churn_train', runId: 'run-1', intent: 'train' } as const;
  const { signal } = new AbortController();

  await registry.signIn(signal);
  await registry.sendRecords(dataset, [{ dataId: 'a', label: 'yes' }], signal);
  await registry.generateEdgeLabels(dataset, signal);
  await registry.sendMetadata(dataset, { age: 'INT' }, { number_of_columns: 1 }, signal);
  await registry.prepare(dataset, 'tabular_classification', 'tabular', signal);
  expect(entries.get('churn_train')).toEqual({ schema: { age: 'INT' }, metadata: { number_of_columns: 1 } });

  await registry.createDataset(dataset, 'Churn', true, signal);
  expect(Object.fromEntries(entries)).toEqual({
    churn_train: {
      schema: { age: 'INT' },
      metadata: { number_of_columns: 1 },
      title: 'Churn',
      registeredWith: 'local',
    },
  });
  expect(registry).toMatchObject({ address: 'local', wantsRecords: false });
});
