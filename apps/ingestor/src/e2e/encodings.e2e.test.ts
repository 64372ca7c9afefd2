import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { World } from '@tracebloc/ingestor-testing/command';

const STAFF = 'name;site;left\r\nAndré;Orléans;no\r\nZoé;Nîmes;yes\r\nUlla;Malmö;no\r\nPia;Köln;yes\r\n';
const DOS: Readonly<Record<string, number>> = { é: 0x82, î: 0x8c, ö: 0x94 };
const MEMBERS = 'Member\tCity\tleft\r\n1\tMálaga\tno\r\n2\tZürich\tyes\r\n3\tŁódź\tno\r\n4\tPécs\tyes\r\n';

/** Files as people have them, and the same in UTF-8. */
const FILES: Readonly<Record<string, [content: Buffer, clean: string]>> = {
  'unicode.txt': [Buffer.from(`\ufeff${MEMBERS}`, 'utf16le'), MEMBERS],
  'dos.csv': [Buffer.from(Array.from(STAFF, (letter) => DOS[letter] ?? letter.charCodeAt(0))), STAFF],
  'windows.csv': [Buffer.from(STAFF, 'latin1'), STAFF],
};

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

/** Ingests a file as `init` describes it, and returns the cells of its rows. */
async function rowsOf(file: string, table: string): Promise<unknown[]> {
  const env = world.embedded;
  const init = ['init', file, '--label', 'left', '--table', table, '--output', `${table}.yaml`];
  expect(await world.run(init, env)).toMatchObject({ code: 0 });
  expect(await world.run(['ingest', '-c', `${table}.yaml`], env)).toMatchObject({ code: 0 });
  const { rows } = world.embeddedTables()[table]!;
  return rows.map((row) => ['name', 'site', 'Member', 'City', 'label'].map((name) => row[name]));
}

it.each(Object.entries(FILES))(
  '%s is stored as its copy in UTF-8 by what init writes',
  async (name, [content, clean]) => {
    const [stem, extension] = name.split('.');
    await world.write(name, content);
    await world.write(`clean.${extension}`, clean);
    const rows = await rowsOf(name, stem!);
    expect(rows).toHaveLength(4);
    expect(JSON.stringify(rows)).toMatch(/Orléans|Łódź/);
    expect(rows).toEqual(await rowsOf(`clean.${extension}`, `${stem}_clean`));
  },
);
