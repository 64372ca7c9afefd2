import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DatasetRecord, RecordFile, TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { SidecarFolder } from '@tracebloc/ingestor-dataset';
import { openDatabase } from '@tracebloc/ingestor-storage';
import { shareMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { deleteDataset } from '../delete-dataset.js';
import { ingest } from '../run/ingest.js';
import { abortAfter, lines, newDatabase, Place } from '../run/ingest.test-support.js';
import { silentObserver, type RunObserver } from '../observer.js';
import { cleanRuns } from '../runs/clean.js';
import { verifyDataset } from './verify-dataset.js';

const COUNT = 30;
const calm = new AbortController().signal;

/** Returns a task whose records have the file that their label names. `gate` is called after the file was checked. */
function texts(gate: (record: DatasetRecord) => void = () => undefined): TaskType {
  return {
    ...lines,
    dataFormat: 'text',
    layout: {
      manifest: ['csv'],
      description: '',
      sidecars: [{ field: 'texts', extensions: ['.txt'], required: true, description: '' }],
    },
    async *records(context) {
      const folder = await SidecarFolder.open(context.folders.texts!, '.txt');
      for await (const batch of lines.records(context)) {
        const complete: DatasetRecord[] = [];
        for (const record of batch) {
          const file = await folder.find(record.label!, { report: context.report, file: 'data.csv', row: record.row });
          gate(record);
          const { stem, extension, path, within } = file!;
          const files: RecordFile[] = [{ source: path, within, target: stem + extension }];
          complete.push({ ...record, filename: stem, extension, files });
        }
        yield complete;
      }
    },
  };
}

let place: Place;
let sources: string;
const stored = (name = '') => join(place.folder, 'numbers', name);
/** Returns the path of a file in the staging folder of the only run that has one. */
const staged = (name: string) => {
  const folder = join(place.folder, '.ingestor', 'staging');
  return join(folder, readdirSync(folder)[0]!, name);
};
const hashes = () => join(place.folder, '.ingestor', 'hashes');

beforeEach(async () => {
  place = await Place.make();
  sources = join(realpathSync(place.folder), 'source');
  mkdirSync(sources);
  const names = Array.from({ length: COUNT }, (_, index) => `text${index}`);
  for (const name of names) writeFileSync(join(sources, `${name}.txt`), `The content of ${name}.`);
  await place.write(names.map((name, index) => [name, index]));
});
afterEach(() => place.remove());

let server: MariaDb;
beforeAll(async () => {
  server = await shareMariaDb();
});
afterAll(() => server.stop());

function config(changes: Partial<RunConfig> = {}): RunConfig {
  const base = place.config();
  return { ...base, task: texts(), source: { ...base.source, sidecars: { texts: sources } }, ...changes };
}

const verify = () => place.inspect((_database, stores) => verifyDataset(stores, 'numbers', () => texts().layout, calm));

/** Calls `damage` when the dataset is staged and about to be verified. */
function meddling(damage: () => void): RunObserver {
  return { ...silentObserver, phase: ({ phase }) => phase === 'verifying' && damage() };
}

/** Puts a link to the source in place of its copy. */
function swapIn(name: string): void {
  rmSync(staged(name));
  symlinkSync(join(sources, name), staged(name));
}

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 2]! ^= 1;
  writeFileSync(path, bytes);
}

it('reports files that changed, were lost or changed places, and a list that is gone or incomplete', async () => {
  await ingest(config());
  expect(await verify()).toMatchObject({ whole: true, files: COUNT, findings: [] });

  flipByte(stored('text3.txt'));
  rmSync(stored('text5.txt'));
  for (const [from, to] of [
    ['7', 'x'],
    ['8', '7'],
    ['x', '8'],
  ]) {
    renameSync(stored(`text${from}.txt`), stored(`text${to}.txt`));
  }
  const { findings, files } = await verify();
  expect(files).toBe(COUNT - 1);
  expect(findings.map(({ code, file }) => [code, file]).sort()).toEqual([
    ...['3', '7', '8'].map((name) => ['dataset-file-changed', stored(`text${name}.txt`)]),
    ['dataset-file-missing', stored('text5.txt')],
  ]);
  for (const name of ['3', '5', '7', '8']) copyFileSync(join(sources, `text${name}.txt`), stored(`text${name}.txt`));
  expect(await verify()).toMatchObject({ whole: true });
  // A link has the same content only until somebody changes the source.
  rmSync(stored('text4.txt'));
  symlinkSync(join(sources, 'text4.txt'), stored('text4.txt'));
  const message = 'The file cannot be read (it is a link).';
  expect((await verify()).findings).toMatchObject([
    { code: 'dataset-file-unreadable', message, file: stored('text4.txt') },
  ]);
  rmSync(stored('text4.txt'));
  copyFileSync(join(sources, 'text4.txt'), stored('text4.txt'));

  const list = join(hashes(), readdirSync(hashes())[0]!, '0');
  truncateSync(list, 300);
  expect(await verify()).toMatchObject({ whole: false, files: COUNT, findings: [{ code: 'hash-list-damaged' }] });
  rmSync(list);
  expect(await verify()).toMatchObject({
    ...{ whole: false, files: COUNT },
    findings: [{ code: 'hash-list-damaged', message: expect.stringContaining('has 0 files') }],
  });
});

it.each<[string, (list: string) => void]>([
  ['a pipe', (list) => execFileSync('mkfifo', [list])],
  ['a link', (list) => symlinkSync(place.source, list)],
  ['a folder', (list) => mkdirSync(list)],
  ['a line of 3 GB', (list) => truncateSync(list, 3 * 2 ** 30)],
])('a list of hashes that was replaced by %s is reported as damaged', async (what, put) => {
  await ingest(config());
  const list = join(hashes(), readdirSync(hashes())[0]!, '0');
  if (!what.includes('line')) rmSync(list);
  put(list);
  expect(await verify()).toMatchObject({ whole: false, files: COUNT, findings: [{ code: 'hash-list-damaged' }] });
  // When a file's time has changed, the comparison of the datasets needs the list.
  utimesSync(join(sources, 'text3.txt'), new Date(), new Date());
  await expect(ingest(config())).rejects.toMatchObject({ code: 'dataset-exists' });
  expect(await ingest(config(), { overwrite: true })).toMatchObject({ outcome: 'ingested' });
  expect(await verify()).toMatchObject({ whole: true, findings: [] });
});

it.each<[string, () => void, string]>([
  ['a copy that differs from its source', () => flipByte(staged('text3.txt')), 'text3.txt (changed)'],
  ['a copy that is gone', () => rmSync(staged('text3.txt')), 'text3.txt (missing)'],
  ['a file that no record brought', () => writeFileSync(staged('extra.txt'), ''), '31 files, and 30 were brought'],
  ['a link in place of a copy', () => swapIn('text3.txt'), 'text3.txt (unreadable)'],
  ['a list that is gone', () => rmSync(hashes(), { recursive: true }), 'has 0 lines, and not the 30'],
])('%s keeps the dataset from being published, and loading it anew mends it', async (_what, damage, reason) => {
  const differs = { code: 'staged-differs', exitCode: 1, message: expect.stringContaining(reason) };
  await expect(ingest(config(), { observer: meddling(damage) })).rejects.toMatchObject(differs);
  await expect(ingest(config())).rejects.toMatchObject(differs);
  expect(existsSync(stored())).toBe(false);
  await expect(ingest(config(), { restart: true })).resolves.toMatchObject({ outcome: 'ingested' });
  expect(await verify()).toMatchObject({ whole: true, findings: [] });
});

it('a folder that is not what was read leaves the old dataset and its files in place', async () => {
  await ingest(config());
  const old = readFileSync(stored('text3.txt'), 'utf8');
  writeFileSync(join(sources, 'text3.txt'), 'Another content.');
  const observer = meddling(() => flipByte(staged('text4.txt')));
  await expect(ingest(config(), { overwrite: true, observer })).rejects.toMatchObject({ code: 'staged-differs' });
  expect(readFileSync(stored('text3.txt'), 'utf8')).toBe(old);
  expect(await verify()).toMatchObject({ whole: true, findings: [], files: COUNT });
});

it('a run that is cut off and resumed, and shards, list the hashes of an undisturbed run', async () => {
  const database = await newDatabase(server);
  const filesOf = async (table: string) => {
    const opened = await openDatabase(database);
    const run = await opened.ledger.current(table);
    const checksums = await opened.ledger.checksums(run!.runId);
    await opened.close();
    return checksums?.files;
  };
  await ingest(config({ database }));
  const expected = await filesOf('numbers');
  expect(expected).toEqual([COUNT, expect.any(Number)]);

  const cutOff = config({ database, table: 'cut_off' });
  await expect(ingest(cutOff, abortAfter(20))).rejects.toMatchObject({ code: 'interrupted' });
  await expect(ingest(cutOff)).resolves.toMatchObject({ outcome: 'resumed' });
  expect(await filesOf('cut_off')).toEqual(expected);

  for (const index of [1, 0, 2]) await ingest(config({ database, table: 'sharded', shard: { index, count: 3 } }));
  expect(await filesOf('sharded')).toEqual(expected);
});

it('the list is removed with its dataset, and with a run that is invalid or not continued', async () => {
  await ingest(config());
  appendFileSync(place.source, 'text1,bad\n');
  expect(await ingest(config({ table: 'other' }))).toMatchObject({ outcome: 'invalid' });
  expect(readdirSync(hashes())).toHaveLength(1);
  await place.inspect(async (_database, stores) => {
    expect(await cleanRuns(stores, { unfinished: true, foreign: true })).toMatchObject({ kept: [] });
    expect(readdirSync(hashes())).toHaveLength(1);
    await deleteDataset(stores, 'numbers');
    expect(readdirSync(hashes())).toEqual([]);
  });
});

it('a link that is swapped in between check and copy brings nothing from outside to the volume', async () => {
  const secret = join(place.folder, 'secret');
  writeFileSync(secret, 'The secret of somebody else.');
  const swap = ({ label }: DatasetRecord): void => {
    if (label !== 'text20') return;
    rmSync(join(sources, 'text20.txt'));
    symlinkSync(secret, join(sources, 'text20.txt'));
  };
  await expect(ingest(config({ task: texts(swap) }))).rejects.toMatchObject({ code: 'source-outside', exitCode: 3 });
  const everything = readdirSync(place.folder, { recursive: true, withFileTypes: true });
  const copies = everything.filter(
    (entry) =>
      entry.isFile() &&
      !['secret', 'db.sqlite', 'db.sqlite-wal'].includes(entry.name) &&
      readFileSync(join(entry.parentPath, entry.name), 'utf8').includes('The secret'),
  );
  expect(copies).toEqual([]);
});
