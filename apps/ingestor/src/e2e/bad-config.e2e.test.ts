import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  GOOD_CSV,
  yamlOf,
  type ConfigFields,
  documentOf,
  World,
  type Traces,
} from '@tracebloc/ingestor-testing/command';

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start();
  await world.write('good.csv', GOOD_CSV);
  await world.write('kept.yaml', yamlOf({ table: 'kept' }));
  expect(await world.run(['ingest', '-c', 'kept.yaml'])).toMatchObject({ code: 0 });
  before = await world.traces();
});
afterAll(() => world.stop());

const columns = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i + 1}`, 'INT']));
const unchanged = (text: string) => text;

/** `edit` changes the text of the configuration that the fields give. */
const BAD_CONFIGS: {
  what: string;
  fields?: ConfigFields;
  edit?: (yaml: string) => string;
  code?: string;
  tells: string | RegExp;
}[] = [
  {
    what: 'a column of 65 characters',
    fields: { schema: { a: 'INT', [`b${'x'.repeat(64)}`]: 'INT' } },
    tells: `ingest.yaml:10:3 schema: column names of more than 64 characters: "b${'x'.repeat(64)}" — Shorten them in the source and in the schema.`,
  },
  {
    what: '4,001 columns',
    fields: { schema: columns(4001) },
    tells:
      'schema: the schema has 4001 columns, but a table can have at most 4000; beyond that are "c4001" — Remove the columns that training does not need.',
  },
  {
    what: 'a column named status',
    fields: { schema: { a: 'INT', status: 'INT' } },
    tells: `ingest.yaml:10:3 schema: the table of every dataset already has a column named "status" — Rename it in the source`,
  },
  {
    what: 'a type that SQL does not have',
    fields: { schema: { a: 'INTEGR' } },
    tells:
      /ingest\.yaml:9:8 schema: column `a`: type "INTEGR" is not a SQL type; use one of VARCHAR, .* — Did you mean INTEGER\?/,
  },
  {
    what: 'a table name with a space',
    fields: { table: 'my table' },
    tells: `ingest.yaml:4:8 table: "my table" is not a valid table name: it contains characters other than letters, digits, _ and - — Use only letters, digits, _ and -, for example my_table.`,
  },
  {
    what: 'a table name with a quote',
    fields: { table: "o'hara" },
    tells: `ingest.yaml:4:8 table: "o'hara" is not a valid table name: it contains characters`,
  },
  {
    what: 'a table name with a statement in it',
    fields: { table: 'kept; DROP TABLE kept' },
    tells: 'ingest.yaml:4:8 table: "kept; DROP TABLE kept" is not a valid table name: it contains characters',
  },
  {
    what: 'a table name that is a keyword',
    fields: { table: 'select' },
    tells: 'table: "select" is a SQL keyword — Add something to it, for example select_data.',
  },
  {
    what: 'a task with a misspelt name',
    fields: { category: 'tabular_clasification' },
    code: 'unknown-task',
    tells:
      /ingest\.yaml:3:11 category: unknown task "tabular_clasification"; installed are .*tabular_regression.* — Did you mean tabular_classification\?/,
  },
  {
    what: 'a task that nobody knows',
    fields: { category: 'telepathy' },
    code: 'unknown-task',
    tells: /unknown task "telepathy"; installed are .*tabular_regression.* ingestor plugins install </,
  },
  {
    what: 'a key that is not known',
    edit: (yaml) => yaml.replace('table:', 'tabel:'),
    tells: 'ingest.yaml:4:1 tabel: is not a known field — Did you mean `table`?',
  },
  {
    what: 'a tab',
    edit: (yaml) => yaml.replace('  "a"', '\t"a"'),
    tells: 'ingest.yaml:9:1: a tab is used for indentation, which YAML does not allow — Use spaces.',
  },
  {
    what: 'no label',
    edit: (yaml) => yaml.replace(/label:.*\n/, ''),
    tells: 'label: is missing',
  },
  {
    what: 'a regression without its label policy',
    fields: { category: 'tabular_regression' },
    tells: "ingest.yaml:7:8 label: tabular_regression must state the label's policy",
  },
];

describe('ingest stops, before it reads or writes anything, at', () => {
  it.each(BAD_CONFIGS)('$what', async ({ fields, edit = unchanged, code = 'invalid-configuration', tells }) => {
    await world.write('ingest.yaml', edit(yamlOf(fields)));
    const ended = await world.run(['ingest', '-c', 'ingest.yaml', '--json']);
    expect(ended).toMatchObject({ code: 2 });
    if (tells instanceof RegExp) expect(ended.stderr).toMatch(tells);
    else expect(ended.stderr).toContain(tells);
    expect(documentOf(ended)).toMatchObject({ error: { code, exitCode: 2 } });
    expect(await world.traces()).toEqual(before);
  });

  it.each(['ingest', 'validate'])('every problem of the configuration at once: %s', async (command) => {
    await world.write('ingest.yaml', yamlOf({ table: 'my table', intent: 'trian', schema: { a: 'INTEGR' } }));
    const env = { ...world.local, BATCH_SIZE: 'lots' };
    const { code, stdout, stderr } = await world.run([command, '-c', 'ingest.yaml'], env);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('The configuration has 4 problems:');
    expect(stderr).toMatch(
      /ingest\.yaml:4:8 table[^]*:5:9 intent[^]*:9:8 schema[^]*BATCH_SIZE: "lots" is not a valid value/,
    );
  });
});

describe('an existing table', () => {
  it('of other columns is left alone, with both differences told', async () => {
    await world.write('ingest.yaml', yamlOf({ table: 'kept', schema: { a: 'INT', c: 'INT' } }));
    for (const flags of [[], ['--overwrite']]) {
      const ended = await world.run(['ingest', '-c', 'ingest.yaml', ...flags]);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain(
        'Table kept exists with other columns. Only in the table: b. Only in the schema: c.',
      );
      expect(ended.stderr).toContain('ingestor datasets delete kept');
      expect(await world.traces()).toEqual(before);
    }
  });

  it('with another dataset is left alone without --overwrite', async () => {
    await world.write('other.csv', `${GOOD_CSV}4,x,p\n`);
    await world.write('ingest.yaml', yamlOf({ table: 'kept', csv: 'other.csv' }));
    const ended = await world.run(['ingest', '-c', 'ingest.yaml', '--json']);
    expect(ended).toMatchObject({ code: 1 });
    expect(documentOf(ended)).toMatchObject({
      error: {
        code: 'dataset-exists',
        message: expect.stringMatching(/^Table kept holds another dataset: .*, 3 records, ingested \d{4}-/) as unknown,
        fix: ['Choose another table name, or replace the dataset whole with --overwrite.'],
      },
    });
    expect(await world.traces()).toEqual(before);
  });

  it('that this program did not make is left alone', async () => {
    const kept = `${world.database}.kept`;
    await world.mariaDb.sql(`CREATE TABLE ${world.database}.foreign_table LIKE ${kept}`);
    const present = await world.traces();
    await world.write('ingest.yaml', yamlOf({ table: 'foreign_table' }));
    const ended = await world.run(['ingest', '-c', 'ingest.yaml']);
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain("Table foreign_table exists, and this program's catalog does not know it.");
    expect(await world.traces()).toEqual(present);
    await world.mariaDb.sql(`DROP TABLE ${world.database}.foreign_table`);
  });
});

it('columns that the database does not hold are refused without a trace, and do not stand in the way of fewer', async () => {
  const names = Array.from({ length: 1100 }, (_, i) => `c${i + 1}`);
  const rows = ['p', 'q'].map((label) => `${names.map(() => '1').join(',')},${label}`);
  await world.write('wide.csv', `${names.join(',')},y\n${rows.join('\n')}\n`);
  await world.write('ingest.yaml', yamlOf({ table: 'wide', csv: 'wide.csv', schema: columns(1100) }));
  const refused = await world.run(['ingest', '-c', 'ingest.yaml']);
  expect(refused).toMatchObject({ code: 3, stdout: '' });
  expect(refused.stderr).toContain('it has 1111 columns with the fixed ones; the server allows 1017 (InnoDB)');
  expect(await world.traces()).toEqual(before);

  await world.write('ingest.yaml', yamlOf({ table: 'wide', csv: 'wide.csv', schema: columns(900) }));
  expect(await world.run(['ingest', '-c', 'ingest.yaml'])).toMatchObject({ code: 0 });
  expect(await world.run(['datasets', 'delete', 'wide', '--yes'])).toMatchObject({ code: 0 });
  expect(Object.keys((await world.traces()).tables)).toEqual(Object.keys(before.tables));
});

it('a header may hold a backtick, | and other quotes', async () => {
  const schema = {
    'a`x': 'INT',
    'b|c': 'VARCHAR(8)',
    'it\'s "d"': 'FLOAT',
    'e; DROP TABLE kept': 'INT',
    '; -- f.g': 'INT',
  };
  await world.write('odd.csv', 'a`x,b|c,"it\'s ""d""",e; DROP TABLE kept,; -- f.g,y\n1,x,0.5,7,8,p\n2,z,1.5,9,10,q\n');
  await world.write('ingest.yaml', yamlOf({ table: 'odd', csv: 'odd.csv', schema }));
  for (const env of [world.local, world.embedded]) {
    expect(await world.run(['ingest', '-c', 'ingest.yaml'], env)).toMatchObject({ code: 0 });
    const shown = await world.run(['datasets', 'show', 'odd', '--json'], env);
    const stored = Object.entries(documentOf<{ schema: Record<string, string> }>(shown).schema).slice(11);
    expect(Object.fromEntries(stored)).toEqual(schema);
  }
  expect(await world.rows('odd')).toMatchObject([
    { 'a`x': 1, 'b|c': 'x', 'it\'s "d"': 0.5, 'e; DROP TABLE kept': 7, '; -- f.g': 8, label: 'p' },
    { 'a`x': 2, 'b|c': 'z', 'it\'s "d"': 1.5, 'e; DROP TABLE kept': 9, '; -- f.g': 10, label: 'q' },
  ]);
  expect((await world.traces()).tables.kept).toEqual(before.tables.kept);
});
