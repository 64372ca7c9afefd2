import { expect, it } from '@jest/globals';
import { unstorableColumns } from './column-names.js';
import { readColumns } from './columns.js';
import { locatedMap, locatedText } from '../yaml/located.js';

const origin = { source: 'ingest.yaml', folder: '/' };

it('finds the columns that no table can have, and a schema of the others is accepted', () => {
  const many = Array.from({ length: 4001 }, (_, index) => `c${index}`);
  const names = ['a', 'A', 'Status', 'id', 'x'.repeat(65), 'x'.repeat(64), 'smile 😀', 'tab\t', 'b|c', ...many];
  const found = unstorableColumns(names);
  expect([...found.keys()]).toEqual([
    ...['A', 'Status', 'id', 'x'.repeat(65), 'smile 😀', 'tab\t'],
    ...['c3997', 'c3998', 'c3999', 'c4000'],
  ]);
  expect(found.get('A')).toBe('the name differs from another only in case');

  const problems: Parameters<typeof readColumns>[2] = [];
  const kept = names.filter((name) => !found.has(name)).map((name) => [name, locatedText('INT', origin)] as const);
  expect(readColumns(locatedMap(kept, origin), undefined, problems).columns).toHaveLength(4000);
  expect(problems).toEqual([]);
});
