import { expect, it } from '@jest/globals';
import { formatYaml } from '@tracebloc/ingestor-config';
import type { ManifestProfile, TaskType } from '@tracebloc/ingestor-contract';
import { draftDocument } from './draft.js';

it('lists few of the columns that are left out, by names that are not long', () => {
  const manifest: ManifestProfile = { path: '/data/a.csv', format: 'csv', delimiter: ',', rows: 1, columns: [] };
  const [name, profile] = ['a', { name: 'a', sql: 'INT', textSql: 'VARCHAR(16)', fits: true, missing: 0, words: 0 }];
  const column = { ...profile, distinct: 1, moreDistinct: false, values: ['1'], ascending: true };
  const leftOut = Array.from({ length: 100_000 }, () => ({ name: 'x'.repeat(1000), reason: 'no reason' }));
  const text = formatYaml(
    draftDocument({
      reading: {
        task: { id: 'some_task', summary: 'Some task.', layout: { sidecars: [] } } as unknown as TaskType,
        detection: {
          fit: 'certain',
          found: 'a table',
          manifest,
          labels: [],
          schema: [name],
          fields: {},
          fileOptions: {},
        },
      },
      schema: { columns: [{ column, sql: 'INT' }], leftOut },
      ...{ table: 't', intent: 'train', folder: '/data' },
    }),
  );
  expect(text).toContain('and 99950 more columns');
  expect(text.length).toBeLessThan(10_000);
});
