import { describe, expect, it } from '@jest/globals';
import { readColumns } from './columns.js';
import { formatProblem } from '../errors.js';
import type { LocatedMap } from '../yaml/located.js';
import type { ConfigProblem } from '../types.js';
import { parseYaml } from '../yaml/parse.js';

function read(yaml: string, label?: string) {
  const problems: ConfigProblem[] = [];
  const { root } = parseYaml(yaml, 'f.yaml', '/');
  const columns = readColumns(root as LocatedMap, label, problems);
  return { ...columns, problems: problems.map(formatProblem) };
}

const schemaOf = (names: readonly string[]) => names.map((name) => `${JSON.stringify(name)}: INT\n`).join('');

describe('readColumns', () => {
  it('keeps the order, parses the types, and does not store label, id and annotation', () => {
    const { schema, columns, problems } = read(
      '{10: int, ID: BIGINT, 2: varchar(5), Churned: TEXT, annotation: TEXT}',
      'churned',
    );
    expect(problems).toEqual([]);
    expect(schema.map(({ name }) => name)).toEqual(['10', 'ID', '2', 'Churned', 'annotation']);
    expect(columns.map(({ name, type }) => [name, type.sql])).toEqual([
      ['10', 'INT'],
      ['2', 'VARCHAR(5)'],
    ]);
  });

  it('allows the label to have the name of a fixed column', () => {
    expect(read('{status: INT, age: INT}', 'status')).toMatchObject({ problems: [], columns: [{ name: 'age' }] });
  });

  it('accepts names with quotes, bars and dots', () => {
    expect(read(schemaOf(['a`b', 'a|b', 'a.b', "a'b", 'größe', 'e\u0301', 'é']))).toMatchObject({ problems: [] });
  });

  it.each([
    'created_at',
    'updated_at',
    'STATUS',
    'label',
    'data_intent',
    'data_id',
    'Filename',
    'extension',
    'ingestor_id',
  ])('refuses the fixed column %s', (name) => {
    expect(read(`age: INT\n${name}: INT\n`).problems).toEqual([
      `f.yaml:2:1 schema: the table of every dataset already has a column named "${name}" — Rename it in the source and in the schema, or remove it from the schema.`,
    ]);
  });

  it.each([
    [
      '65 characters',
      schemaOf(['x', 'a'.repeat(65)]),
      `f.yaml:2:1 schema: column names of more than 64 characters: "${'a'.repeat(65)}"`,
    ],
    [
      'an empty name',
      schemaOf(['']),
      'f.yaml:1:1 schema: column names that are empty, or begin or end with a space: ""',
    ],
    [
      'a space at the end',
      schemaOf(['age ']),
      'f.yaml:1:1 schema: column names that are empty, or begin or end with a space: "age "',
    ],
    [
      'an emoji',
      schemaOf(['a😀']),
      'f.yaml:1:1 schema: column names with a character that the database does not accept',
    ],
    [
      'names that differ in case',
      schemaOf(['Age', 'b', 'AGE']),
      'f.yaml:1:1 schema: column names that differ only in case: "Age" and "AGE"',
    ],
    ['no type', 'age:\n', 'f.yaml:1:5 schema: column "age" has no type — Write, for example, age: INT.'],
    ['a list as type', 'age: [INT]\n', 'f.yaml:1:6 schema: column "age": a list is not a valid type'],
    ['a misspelt type', 'x: INT\nage: INTEGR\n', 'f.yaml:2:6 schema: column `age`: type "INTEGR" is not a SQL type'],
    [
      'a constraint',
      'age: INT PRIMARY KEY\n',
      'f.yaml:1:6 schema: column `age`: type "INT PRIMARY KEY" has "PRIMARY KEY" after the type',
    ],
    [
      'a comma in braces',
      '{p: DECIMAL(10,2)}',
      'f.yaml:1:5 schema: column "p": inside braces a comma ends the value — Put the type in quotes: "DECIMAL(10,2)".',
    ],
    [
      'no space after the colon',
      '{age:INT}',
      'f.yaml:1:2 schema: "age:INT" is read as one name — Put a space after the colon: age: INT.',
    ],
  ])('refuses %s', (_name, yaml, expected) => {
    const { problems } = read(yaml);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  it('suggests a similar type', () => {
    expect(read('age: INTEGR\n').problems[0]).toMatch(/Did you mean INTEGER\?$/);
  });

  it('refuses more than 4000 columns besides the label and the id', () => {
    const names = Array.from({ length: 4000 }, (_, i) => `f${i}`);
    expect(read(schemaOf([...names, 'id', 'y']), 'y').problems).toEqual([]);
    const [problem, ...others] = read(schemaOf([...names, 'one', 'two'])).problems;
    expect(problem).toContain(
      'the schema has 4002 columns, but a table can have at most 4000; beyond that are "one" and "two"',
    );
    expect(others).toEqual([]);
  });

  it('limits the names in a message', () => {
    const { problems } = read(schemaOf(Array.from({ length: 30 }, (_, i) => `${i}`.padStart(70, 'x'))));
    expect(problems[0]).toContain(' and 18 more');
  });
});
