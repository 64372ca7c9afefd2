import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult, Verification } from '@tracebloc/ingestor-pipeline';
import { ingest } from '../index.js';
import { documentOf, start, GOOD_CSV, yamlOf, type Env } from '@tracebloc/ingestor-testing/command';

const SKY = fileURLToPath(new URL('../../../../plugins/image-classification/samples/sky', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'ingestor-local-')));
  await writeFile(join(folder, 'good.csv'), GOOD_CSV);
  await writeFile(join(folder, 'ingest.yaml'), yamlOf({ table: 'mine' }));
  await cp(SKY, join(folder, 'sky'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

/** Nothing is set: neither a token, nor a database, nor where to store. */
const run = (args: readonly string[], env: Env = {}) => start(args, { env, cwd: folder }).ended;

/** Returns the values of a table's own columns. */
function rowsOf(table: string): unknown[] {
  const database = new DatabaseSync(join(folder, '.ingestor/training_test_datasets.sqlite'), { readOnly: true });
  const rows = database.prepare(`SELECT a, b, label FROM "${table}" ORDER BY id`).all();
  database.close();
  return rows.map((row) => Object.values(row));
}

describe('ingest --local', () => {
  it('stores in .ingestor what ingest.yaml describes, once, and says how to look at it', async () => {
    const first = await run(['ingest', '--local']);
    expect(first).toMatchObject({ code: 0, stderr: 'All records processed successfully\n' });
    expect(first.stdout).toContain(`SQLite file ${folder}/.ingestor/training_test_datasets.sqlite, table mine`);
    expect(first.stdout).toMatch(
      /To look at it:\n {2}ingestor datasets show mine --local\n {2}sqlite3 \.ingestor\/.*"mine"/,
    );
    expect(await readFile(join(folder, '.ingestor/.gitignore'), 'utf8')).toBe('*\n');
    const rows = rowsOf('mine');
    expect(rows).toHaveLength(3);

    const again = documentOf<IngestResult>(await run(['ingest', '--local', '--json']));
    expect(again).toMatchObject({ outcome: 'unchanged', registry: 'local' });
    expect(rowsOf('mine')).toEqual(rows);
  });

  it('replaces what the table holds only with --overwrite', async () => {
    await writeFile(join(folder, 'other.csv'), `${GOOD_CSV}9,z,p\n`);
    await writeFile(join(folder, 'other.yaml'), yamlOf({ table: 'mine', csv: 'other.csv' }));
    expect(documentOf(await run(['ingest', 'other.yaml', '--local', '--json']))).toMatchObject({
      error: { code: 'dataset-exists' },
    });
    expect(await run(['ingest', 'other.yaml', '--local', '--overwrite'])).toMatchObject({ code: 0 });
    expect(rowsOf('mine')).toHaveLength(4);
  });

  it('takes a train and a test dataset with files, which are whole, and are deleted with them', async () => {
    const both = await run(['ingest', 'sky/train.yaml', 'sky/test.yaml', '--local']);
    expect(both).toMatchObject({ code: 0 });
    const tables = [...both.stdout.matchAll(/ingestor datasets show (\w+) --local/g)].map(([, table]) => table!);
    expect(tables).toHaveLength(2);
    for (const table of tables) {
      const verified = await run(['datasets', 'verify', table, '--local', '--json']);
      expect(documentOf<Verification>(verified)).toMatchObject({ whole: true, table });
    }
    const listed = documentOf<{ table: string }[]>(await run(['datasets', 'list', '--local', '--json']));
    expect(listed.map(({ table }) => table).sort()).toEqual(['mine', ...tables].sort());

    expect(await run(['datasets', 'delete', tables[0]!, '--local', '--yes'])).toMatchObject({ code: 0 });
    expect(await run(['datasets', 'verify', tables[1]!, '--local'])).toMatchObject({ code: 0 });
    expect(await run(['runs', 'clean', '--local', '--yes'])).toMatchObject({ code: 0 });
    expect((await run(['runs', 'list', '--local', '--abandoned'])).stdout).toBe('Nothing is abandoned.\n');
    expect(await run(['datasets', 'verify', 'mine', '--local'])).toMatchObject({ code: 0 });
  });

  it('names the settings that it does not use', async () => {
    const env = { MYSQL_HOST: 'nowhere.invalid', DB_PASSWORD: 'a-password', BACKEND_TOKEN: 'a-token-of-mine' };
    const { code, stderr } = await run(['ingest', '--local', '--overwrite'], env);
    expect(code).toBe(0);
    const told = 'MYSQL_HOST, DB_PASSWORD and BACKEND_TOKEN have no effect: --local uses';
    expect(stderr).toContain(told);
    expect((await run(['datasets', 'show', 'mine', '--local'], env)).stderr).toContain(`Warning: ${told}`);
    const refused = await run(['datasets', 'list', '--local', '--storage', folder]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('flag --storage: contradicts --local');
  });

  it('is mentioned where its datasets are not looked at, and where there is no token', async () => {
    expect((await run(['datasets', 'list'])).stderr).toContain('To look at those, add --local.');
    const elsewhere = { STORAGE_PATH: join(folder, 'elsewhere') };
    expect((await run(['datasets', 'list'], elsewhere)).stderr).toBe('');
    const { code, stderr } = await run(['ingest']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/BACKEND_TOKEN[^]*`ingestor ingest --local` stores in \.\/\.ingestor/);
  });

  it('makes nothing if the configuration or the data is not valid', async () => {
    const other = await mkdtemp(join(tmpdir(), 'ingestor-local-'));
    await writeFile(join(other, 'bad.csv'), 'a,b,y\nx,x,p\n');
    await writeFile(join(other, 'ingest.yaml'), yamlOf({ table: 'bad', csv: 'bad.csv' }));
    const { ended } = start(['ingest', '--local'], { env: {}, cwd: other });
    const { code, stdout } = await ended;
    expect(code).toBe(3);
    expect(stdout).not.toContain('To look at it');
    const listed = await start(['datasets', 'list', '--local', '--json'], { env: {}, cwd: other }).ended;
    expect(JSON.parse(listed.stdout)).toEqual([]);
    await rm(other, { recursive: true });
  });
});

it('is the same from Node', async () => {
  const request = { config: 'ingest.yaml', cwd: folder, env: {}, flags: { local: true, table: 'coded' } };
  expect(await ingest(request)).toMatchObject({ outcome: 'ingested', registry: 'local' });
  expect(rowsOf('coded')).toHaveLength(3);
});

it('validate and config show take the file as their argument, and ingest.yaml without one', async () => {
  expect(await run(['validate', 'ingest.yaml'])).toMatchObject({ code: 0 });
  expect(await run(['validate'])).toMatchObject({ code: 0 });
  expect((await run(['config', 'show', 'other.yaml'])).stdout).toMatch(/^csv +.*other\.csv/m);
  const both = await run(['validate', 'ingest.yaml', '-c', 'other.yaml', '--json']);
  expect(documentOf(both)).toMatchObject({ error: { code: 'wrong-usage' } });
});
