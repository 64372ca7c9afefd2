import { describe, expect, it } from '@jest/globals';
import { checkTableName } from './table-name.js';

describe('checkTableName', () => {
  it.each(['churn_train', 'Churn-2024', '2024', 'a'.repeat(64), 'select_data', '_x', 'status'])(
    'accepts %s',
    (name) => {
      expect(checkTableName(name)).toBeUndefined();
    },
  );

  it.each([
    ['', 'is empty'],
    ['churn train', 'characters other than'],
    ["churn'", 'characters other than'],
    ['churn; DROP TABLE users', 'characters other than'],
    ['`churn`', 'characters other than'],
    ['../churn', 'characters other than'],
    ['größe', 'characters other than'],
    ['churn\n', 'characters other than'],
    ['a'.repeat(65), '65 characters'],
    ['select', 'SQL keyword'],
    ['Table', 'SQL keyword'],
    ['RANK', 'SQL keyword'],
    ['_ingestor_runs', '_ingestor_'],
    ['_INGESTOR_x', '_ingestor_'],
  ])('refuses %j', (name, expected) => {
    expect(checkTableName(name)?.message).toContain(expected);
  });

  it('suggests a name that it would accept', () => {
    expect(checkTableName('churn train')?.fix).toContain('for example churn_train.');
    expect(checkTableName('select ;')?.fix).toContain('for example select_.');
    expect(checkTableName('; ;')?.fix).not.toContain('for example');
  });
});
