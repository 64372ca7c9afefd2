import { expect, it } from '@jest/globals';
import { missingTests } from './promises.ts';

const TESTS: Record<string, string> = {
  'kill.test.ts': `it('keeps every row', ...); it.each(...)('stores %s once, after \\'kill -9\\'', ...); it('reads a_b and __c__')`,
};
const messages = (page: string) =>
  missingTests('page.md', page, (name) => (name in TESTS ? [TESTS[name]!] : [])).map(
    ({ line, message }) => `${line} ${message}`,
  );

it.each([
  ['a title', '- `kill.test.ts`: _keeps every row_'],
  ['several titles', "- `kill.test.ts`: _keeps every row_, _after 'kill -9'_"],
  ['a title that is cut short', '- `kill.test.ts`: _stores … once_'],
  ['a title on the next line', '- `kill.test.ts`:\n  _keeps every\n  row_'],
  ['underscores in a title', '- `kill.test.ts`: _reads a_b and \\_\\_c\\_\\__'],
  ['a command', '- `npm run test:crash`: _anything_'],
])('accepts %s that exists', (_, page) => {
  expect(messages(page)).toEqual([]);
});

it('reports files and titles that do not exist', () => {
  expect(messages('Tests:\n\n- `gone.test.ts`: _keeps every row_\n- `kill.test.ts`: _keeps no row_')).toEqual([
    '3 there is no test file gone.test.ts',
    '4 no test has the title "keeps no row"',
  ]);
});
