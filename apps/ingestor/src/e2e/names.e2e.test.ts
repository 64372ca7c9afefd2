import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { documentOf, yamlOf, World } from '@tracebloc/ingestor-testing/command';

/** Names of a CSV header that end a quoted name, a string, a statement or a comment, or mean something to a driver. */
const NAMES = [
  ...['a`b', '``', '`; DROP TABLE kept; -- x', "it's", '"quoted"', 'a;b', '--', '/* x */', '# x', '100%', 'really?'],
  ...[
    ':name',
    '$1',
    '$$',
    '${x}',
    'back\\slash',
    'a,b',
    'a.b',
    'tab\tinside',
    'line\nbreak',
    'select',
    'größe',
    '漢字',
  ],
  ...['PRAGMA INDEX_LIST', 'create temporary table', '%s', '{0}', '@@version', 'x'.repeat(64)],
];
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

let world: World;

/** Each cell holds its column's name, but for the number in front that tells the records apart. */
beforeAll(async () => {
  world = await World.start();
  const rows = ['p', 'q', 'q'].map((label, i) => [...NAMES.map((name) => `${i} ${name}`), label]);
  const lines = [[...NAMES, 'y'], ...rows].map((cells) => cells.map(quoted).join(','));
  await world.write('hostile.csv', `${lines.join('\n')}\n`);
  await world.write('good.csv', 'a,b,y\n1,x,p\n2,z,q\n');
  await world.write('kept.yaml', yamlOf({ table: 'kept' }));
  const schema = Object.fromEntries(NAMES.map((name) => [name, 'VARCHAR(80)']));
  await world.write('hostile.yaml', yamlOf({ table: 'hostile', csv: 'hostile.csv', schema }));
});
afterAll(() => world.stop());

it.each(['MariaDB', 'the embedded database'])(
  'columns are called as the header says, from the file to its deletion, in %s',
  async (where) => {
    const env =
      where === 'MariaDB' ? world.remote : { ...world.remote, ...world.embedded, CLIENT_ENV: 'prod', MYSQL_HOST: '' };
    const run = async (...args: string[]) => {
      const ended = await world.run([...args, '--json'], env);
      expect([args, ended.code, ended.stderr]).toEqual([args, 0, expect.any(String)]);
      return documentOf(ended);
    };
    const tables = async () => {
      const { tables } = await world.traces();
      return where === 'MariaDB' ? tables : world.embeddedTables();
    };
    await run('ingest', '-c', 'kept.yaml');
    const { kept } = await tables();

    await run('ingest', '-c', 'hostile.yaml');
    for (const [i, row] of (await tables()).hostile!.rows.entries()) {
      expect(NAMES.map((name) => row[name])).toEqual(NAMES.map((name) => `${i} ${name}`));
    }
    expect(Object.keys(world.backend.tables.hostile!.schema!).slice(-NAMES.length)).toEqual(NAMES);
    expect(await run('datasets', 'verify', 'hostile')).toMatchObject({ whole: true });
    await run('datasets', 'delete', 'hostile', '--yes');

    const after = await tables();
    expect(after.hostile).toBeUndefined();
    expect(after.kept).toEqual(kept);
    expect(world.backend.violations).toEqual([]);
  },
);
