import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Verification } from '@tracebloc/ingestor-pipeline';
import { documentOf, type Env, GOOD_CSV, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import { outcomeOf } from './shards.test-support.js';

const PLUGINS = fileURLToPath(new URL('../../../../plugins/', import.meta.url));

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  await world.write('good.csv', GOOD_CSV);
  await world.write('fresh.yaml', yamlOf());
  for (const env of [world.local, world.embedded]) {
    expect(outcomeOf(await session.run(['ingest', '-c', 'fresh.yaml'], env))).toMatch(/^0:/);
  }
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

async function verify(table: string, env: Env): Promise<{ code: number | null; found: Verification }> {
  const ended = await session.run(['datasets', 'verify', table, '--json'], env);
  return { code: ended.code, found: documentOf(ended) };
}

async function sql(statement: string, env: Env): Promise<void> {
  if (env.MYSQL_HOST) {
    await world.mariaDb.sql(`USE ${world.database}`);
    await world.mariaDb.sql(statement);
    return;
  }
  const database = new DatabaseSync(join(world.storage, 'embedded.sqlite'));
  database.exec(statement);
  database.close();
}

describe.each([
  ['MariaDB', () => world.local],
  ['the embedded database', () => world.embedded],
])('datasets verify, with rows in %s,', (_name, envOf) => {
  it('finds nothing, until somebody changes the table', async () => {
    const env = envOf();
    const { code, found } = await verify('fresh', env);
    expect({ code, ...found }).toMatchObject({ code: 0, whole: true, records: 3, files: 0, findings: [] });
    expect((await session.run(['datasets', 'verify', 'fresh'], env)).stdout).toMatch(
      /fresh is what was ingested: 3 records/,
    );

    await sql('UPDATE fresh SET a = a + 1 WHERE id = 2', env);
    expect(await verify('fresh', env)).toMatchObject({
      code: 1,
      found: { whole: false, errors: 1, findings: [{ code: 'column-values-differ', column: 'a' }] },
    });
    await sql('UPDATE fresh SET a = a - 1 WHERE id = 2', env);
    expect(await verify('fresh', env)).toMatchObject({ code: 0, found: { findings: [] } });

    await sql('ALTER TABLE fresh ADD COLUMN more INT', env);
    await sql(`INSERT INTO fresh (data_id, ingestor_id) VALUES ('x', 'somebody')`, env);
    const changed = await verify('fresh', env);
    expect(changed).toMatchObject({ code: 1, found: { whole: false, records: 4, errors: 4 } });
    expect(changed.found.findings).toMatchObject([
      { code: 'columns-differ', column: 'more', message: 'The column is INT.', expected: 'no such column' },
      { code: 'rows-differ', message: 'The table has 4 rows, and the catalog says 3.' },
      { code: 'rows-differ', message: 'The table has 4 rows, and the ledger says 3.' },
      { code: 'rows-foreign', message: expect.stringMatching(/^1 rows/) as unknown },
    ]);

    await sql('DROP TABLE fresh', env);
    expect(await verify('fresh', env)).toMatchObject({ code: 1, found: { findings: [{ code: 'table-missing' }] } });
  });
});

it.each(['object-detection/samples/shapes', 'text/samples/*', 'image-classification/samples/*'])(
  'datasets verify, with files of %s, finds nothing, until somebody changes the folder',
  async (sample) => {
    const [plugin, , name] = sample.split('/') as [string, string, string];
    const samples = join(PLUGINS, plugin, 'samples');
    const folder =
      name === '*' ? readdirSync(samples, { withFileTypes: true }).find((one) => one.isDirectory())!.name : name;
    const config = join(samples, folder, 'train.yaml');
    const ended = await session.run(['ingest', '-c', config, '--json'], world.embedded);
    const { table, inserted } = documentOf<{ table: string; inserted: number }>(ended);
    const stored = join(world.storage, table);
    const names = readdirSync(stored).sort();

    const before = await verify(table, world.embedded);
    expect(before.found.findings).toEqual([]);
    expect(before).toMatchObject({ code: 0, found: { whole: true, records: inserted, files: names.length } });

    await rm(join(stored, names[0]!));
    const flipped = readFileSync(join(stored, names[1]!));
    flipped[flipped.length - 1]! ^= 1;
    await writeFile(join(stored, names[1]!), flipped);
    await writeFile(join(stored, 'stray.bin'), 'x');
    await mkdir(join(stored, 'stray'));
    const after = await verify(table, world.embedded);
    expect(after).toMatchObject({ code: 1, found: { whole: false, files: names.length - 1 } });
    const missing = after.found.findings.filter(({ code }) => code === 'dataset-file-missing');
    expect(new Set(missing.map(({ file }) => file))).toEqual(new Set([join(stored, names[0]!)]));
    const changed = after.found.findings.filter(({ code }) => code === 'dataset-file-changed');
    expect(changed.map(({ file }) => file)).toEqual([join(stored, names[1]!)]);
    const extra = after.found.findings.filter(({ code }) => code === 'dataset-file-extra');
    expect(extra.map(({ file }) => file).sort()).toEqual([join(stored, 'stray'), join(stored, 'stray.bin')]);

    await rename(stored, `${stored}_away`);
    expect((await verify(table, world.embedded)).found.findings).toMatchObject([
      { code: 'folder-missing', file: stored },
    ]);
  },
);

it('datasets verify says that it looked only at the records’ own files, if the task’s plugin is absent', async () => {
  const config = join(PLUGINS, 'object-detection/samples/shapes/test.yaml');
  expect(outcomeOf(await session.run(['ingest', '-c', config], world.embedded))).toMatch(/^0:/);
  const database = new DatabaseSync(join(world.storage, 'embedded.sqlite'));
  database.exec(`UPDATE _ingestor_datasets SET task = 'of_another_plugin' WHERE table_name = 'shapes_test'`);
  database.close();
  const ended = await session.run(['datasets', 'verify', 'shapes_test'], world.embedded);
  expect(outcomeOf(ended)).toMatch(/^0:/);
  expect(ended.stderr).toBe(
    "No plugin for of_another_plugin is installed: of files only the records' own were looked at.\n",
  );
});

it('datasets verify fails for a dataset that does not exist', async () => {
  const ended = await session.run(['datasets', 'verify', 'nothing', '--json'], world.local);
  expect(ended.code).toBe(1);
  expect(documentOf(ended)).toMatchObject({ error: { code: 'unknown-dataset' } });
});
