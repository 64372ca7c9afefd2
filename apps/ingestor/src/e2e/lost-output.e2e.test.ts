import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { BIN, start, type Ended, type Env, type Running, GOOD_CSV, yamlOf } from '@tracebloc/ingestor-testing/command';
import { until } from './faults.test-support.js';

let folder: string;
let backend: FakeBackend;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-lost-'));
  backend = await startFakeBackend();
  await writeFile(join(folder, 'good.csv'), GOOD_CSV);
  await writeFile(join(folder, 'bad.csv'), 'a,b,y\nx,x,p\n');
  for (const table of ['full', 'gone', 'late']) await writeFile(join(folder, `${table}.yaml`), yamlOf({ table }));
  await writeFile(join(folder, 'bad.yaml'), yamlOf({ table: 'bad', csv: 'bad.csv' }));
});
afterAll(async () => {
  await backend.stop();
  await rm(folder, { recursive: true });
});

const local = (): Env => ({ CLIENT_ENV: 'local', STORAGE_PATH: folder });

/** Runs the command by a shell that puts its streams elsewhere: `"$@" | true`. */
function run(shell: string, ...args: string[]): Promise<Ended> {
  const program = ['bash', '-o', 'pipefail', '-c', shell, 'bash', process.execPath, BIN];
  return start(args, { env: local(), cwd: folder, program }).ended;
}

/** Of the dataset, as the catalog has it; undefined where it has none. */
function records(table: string): unknown {
  const database = new DatabaseSync(join(folder, 'training_test_datasets.sqlite'), { readOnly: true });
  const found = database.prepare('SELECT records FROM _ingestor_datasets WHERE table_name = ?').get(table);
  database.close();
  return found?.records;
}

const NOTE = 'Not all of the output could be written: ENOSPC.\n';

describe('the exit code tells what happened to the data, whatever became of the output:', () => {
  it('a dataset that is registered is, when stdout has no room', async () => {
    const { code, stderr } = await run('"$@" >/dev/full', 'ingest', '-c', 'full.yaml');
    expect([code, stderr]).toEqual([0, `All records processed successfully\n${NOTE}`]);
    expect(records('full')).toBe(3);
  });

  it.each([
    ['nobody reads either', 'exec 3> >(true) && wait $!; "$@" >&3 2>&3'],
    ['both are closed', '"$@" >&- 2>&-'],
  ])('a dataset that is registered is, when %s', async (_what, shell) => {
    expect(await run(shell, 'ingest', '-c', 'gone.yaml')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(records('gone')).toBe(3);
  });

  it.each([[['datasets', 'list', '--json']], [['validate', '-c', 'full.yaml', '--json']], [['ingest', '--help']]])(
    'a command that only tells has failed when that is not heard: %j',
    async (args) => {
      expect(await run('"$@" >/dev/full', ...args)).toMatchObject({ code: 1, stderr: NOTE });
    },
  );

  it('data that is not valid is not, and a reader may have enough', async () => {
    expect(await run('"$@" >/dev/full', 'validate', '-c', 'bad.yaml')).toMatchObject({ code: 3, stderr: NOTE });
    expect(await run('"$@" | true', 'datasets', 'list')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a report', () => {
  it('that cannot be written is found before anything is read', async () => {
    const ended = await run('"$@"', 'ingest', '-c', 'bad.yaml', '--report', '/dev/full');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /^Error: The report \/dev\/full cannot be written: there is no room left \(ENOSPC\)\.\n/,
    );
    expect(records('bad')).toBeUndefined();
  });

  it('that cannot be written in the end after all leaves the dataset registered, and is told', async () => {
    await mkdir(join(folder, 'reports'));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    backend.fail({ match: /global_meta\/late/, until: held });
    const env = { CLIENT_ENV: 'prod', BACKEND_URL: backend.url, BACKEND_TOKEN: backend.token };
    const args = ['ingest', '-c', 'late.yaml', '--report', 'reports/r.json'];
    const running: Running = start(args, { env: { ...local(), ...env }, cwd: folder });
    await until(running, () => backend.requests.some(({ url }) => url.includes('global_meta/late')));
    expect(await readdir(join(folder, 'reports'))).toEqual([]);
    await rm(join(folder, 'reports'), { recursive: true });
    release();
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('late is ingested and registered') });
    expect(ended.stderr).toContain('Error: The report reports/r.json cannot be written: its folder does not exist');
    expect(ended.stderr).toMatch(/All records processed successfully\n$/);
  });
});

it('a file of init that cannot be written is found before anything is read', async () => {
  await mkdir(join(folder, 'there'));
  const ended = await run('"$@"', 'init', 'bad.csv', '--label', 'y', '--force', '--output', 'there');
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^Error: \S+\/there cannot be written: EISDIR\./);
});
