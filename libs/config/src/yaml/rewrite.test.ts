import { expect, it } from '@jest/globals';
import { rewriteConfig } from './rewrite.js';

it('sets and removes fields and keeps everything else', () => {
  const text = `# Customers
apiVersion: tracebloc.io/v1
table: churn  # of the year
json: old.jsonl
schema:
  age: INT # in years

label: {column: churned, policy: bucket}
`;
  const changes = { table: 'churn_train', json: undefined, csv: 'a: b.csv', images: '../images' };
  expect(rewriteConfig(text, changes)).toBe(`# Customers
apiVersion: tracebloc.io/v1
table: churn_train # of the year
schema:
  age: INT # in years

label: { column: churned, policy: bucket }
csv: "a: b.csv"
images: ../images
`);
});

it.each([
  [
    'an option',
    'spec:\n  csv_options: { delimiter: ";", encoding: cp850 } # DOS\n',
    'spec:\n  csv_options: { delimiter: ";" } # DOS\n',
  ],
  ['the only option', 'spec: {csv_options: {encoding: cp850}}\n', 'spec: { csv_options: {} }\n'],
  ['no option', 'table: a\n', 'table: a\n'],
  [
    'an option behind an alias',
    'x: &s {csv_options: {encoding: cp850}}\nspec: *s\n',
    expect.not.stringContaining('*s'),
  ],
])('removes an option: %s', (_, text, expected) => {
  expect(rewriteConfig(text, {}, 'encoding')).toEqual(expected);
});
