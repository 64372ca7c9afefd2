import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { deleteDataset } from '../delete-dataset.js';
import { abortAfter, Place, rowsOf, withFiles } from './ingest.test-support.js';
import { ingest } from './ingest.js';
import { validate } from '../read/validate.js';

let place: Place;
let texts: string;
const published = () => readdirSync(join(place.folder, 'numbers')).sort();
const remaining = () => readdirSync(place.folder, { recursive: true }).filter((name) => String(name).endsWith('.txt'));

beforeEach(async () => {
  place = await Place.make();
  texts = await place.writeTexts('even', 'odd', 'unnamed');
  await place.write(rowsOf(25));
});
afterEach(() => place.remove());

function config(changes: Partial<RunConfig> = {}): RunConfig {
  const base = place.config();
  return { ...base, task: withFiles, source: { ...base.source, sidecars: { texts } }, ...changes };
}

it('publishes the files that records name beside the table', async () => {
  const result = await ingest(config());
  expect(result).toMatchObject({ outcome: 'ingested', inserted: 25, folder: join(place.folder, 'numbers') });
  expect(published()).toEqual(['even.txt', 'odd.txt']);
  expect(readFileSync(join(place.folder, 'numbers', 'odd.txt'), 'utf8')).toBe('odd');
});

it('validates without writing a file', async () => {
  expect(await validate(config())).toMatchObject({ valid: true });
  expect(remaining()).toEqual(['source/even.txt', 'source/odd.txt', 'source/unnamed.txt']);
});

it('leaves no file of a dataset that is not valid', async () => {
  await place.write([...rowsOf(25), ['odd', 'bad']]);
  expect(await ingest(config())).toMatchObject({ outcome: 'invalid' });
  expect(remaining().filter((name) => !String(name).startsWith('source'))).toEqual([]);
});

it('finds the same dataset again, and another one after a file changed', async () => {
  await ingest(config());
  expect(await ingest(config())).toMatchObject({ outcome: 'unchanged' });
  const file = join(texts, 'odd.txt');
  const { size } = statSync(file);
  writeFileSync(file, 'x'.repeat(size));
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  await expect(ingest(config())).rejects.toMatchObject({ code: 'dataset-exists' });
  expect(await ingest(config(), { overwrite: true })).toMatchObject({ outcome: 'ingested' });
  expect(readFileSync(join(place.folder, 'numbers', 'odd.txt'), 'utf8')).toBe('xxx');
});

it('removes the files with the dataset, and when a dataset without files replaces it', async () => {
  await ingest(config());
  await ingest(place.config(), { overwrite: true });
  expect(existsSync(join(place.folder, 'numbers'))).toBe(false);
  await ingest(config(), { overwrite: true });
  expect(published()).toEqual(['even.txt', 'odd.txt']);
  await place.inspect((_, stores) => deleteDataset(stores, 'numbers'));
  expect(existsSync(join(place.folder, 'numbers'))).toBe(false);
});

it('refuses a folder that it did not make, before anything is staged', async () => {
  mkdirSync(join(place.folder, 'numbers'));
  writeFileSync(join(place.folder, 'numbers', 'precious'), 'kept');
  for (const overwrite of [false, true]) {
    await expect(ingest(config(), { overwrite })).rejects.toMatchObject({ code: 'folder-exists' });
  }
  expect(published()).toEqual(['precious']);
});

it('refuses a folder that holds a dataset of another database', async () => {
  await ingest(config());
  const database = { kind: 'sqlite', file: join(place.folder, 'other.sqlite') } as const;
  await expect(ingest(config({ database }))).rejects.toMatchObject({
    code: 'folder-exists',
    message: expect.stringMatching(/holds run .* of another database/),
  });
  expect(published()).toEqual(['even.txt', 'odd.txt']);
});

describe('a run that was cut off', () => {
  /** Aborts a run after its second batch. The files of both batches have arrived. */
  async function cutOff(): Promise<void> {
    await expect(ingest(config(), abortAfter(20))).rejects.toMatchObject({ code: 'interrupted' });
  }

  it('continues with the files that it has', async () => {
    await cutOff();
    expect(existsSync(join(place.folder, 'numbers'))).toBe(false);
    expect(await ingest(config())).toMatchObject({ outcome: 'resumed', inserted: 25 });
    expect(published()).toEqual(['even.txt', 'odd.txt']);
  });

  it('copies its files again when they are gone', async () => {
    await cutOff();
    rmSync(join(place.folder, '.ingestor'), { recursive: true });
    expect(await ingest(config())).toMatchObject({ outcome: 'resumed', inserted: 25 });
    expect(published()).toEqual(['even.txt', 'odd.txt']);
  });

  it('begins anew with --restart when its files are gone while it was being published', async () => {
    await cutOff();
    const [run] = await place.inspect((database) => database.ledger.list());
    await place.inspect((database) => database.ledger.setState(run!.runId, 'publishing'));
    rmSync(join(place.folder, '.ingestor', 'staging'), { recursive: true });
    await expect(ingest(config())).rejects.toMatchObject({
      code: 'staged-files-missing',
      fix: [expect.stringContaining('--restart')],
    });
    expect(await ingest(config(), { restart: true })).toMatchObject({ outcome: 'ingested', inserted: 25 });
    expect(published()).toEqual(['even.txt', 'odd.txt']);
  });

  it('is published whole when it was cut off while being published', async () => {
    await ingest(config());
    const [run] = await place.inspect((database) => database.ledger.list());
    await place.inspect((database) => database.ledger.setState(run!.runId, 'publishing'));
    expect(await ingest(config())).toMatchObject({ outcome: 'resumed', inserted: 25 });
    expect(published()).toEqual(['even.txt', 'odd.txt']);
  });
});

it('removes the files that a dataset without any replaces, also when the run was cut off before that', async () => {
  await ingest(config());
  await ingest(place.config(), { overwrite: true });
  // A kill between the two steps leaves published rows and the files of the earlier dataset.
  const [earlier, run] = await place.inspect((database) => database.ledger.list());
  mkdirSync(join(place.folder, 'numbers'));
  writeFileSync(join(place.folder, '.ingestor', 'folders', 'numbers'), earlier!.runId);
  await place.inspect(async ({ ledger, catalog }) => {
    await catalog.remove('numbers');
    await ledger.setState(run!.runId, 'published');
  });
  expect(await ingest(place.config(), { overwrite: true })).toMatchObject({ outcome: 'resumed' });
  expect(existsSync(join(place.folder, 'numbers'))).toBe(false);
});

describe('a run that was cut off while being published, before one of another task', () => {
  const other = { ...withFiles, id: 'texts' };

  async function cutOffPublishing(): Promise<void> {
    const [run] = await place.inspect((database) => database.ledger.list());
    await place.inspect((database) => database.ledger.setState(run!.runId, 'publishing'));
  }

  it('does not block the other if it has no files', async () => {
    await ingest(place.config());
    await cutOffPublishing();
    expect(await ingest(config({ task: other }), { overwrite: true })).toMatchObject({ outcome: 'ingested' });
    expect(published()).toEqual(['even.txt', 'odd.txt']);
  });

  it('leaves none of its files', async () => {
    await ingest(config({ task: other }));
    const [run] = await place.inspect((database) => database.ledger.list());
    mkdirSync(join(place.folder, '.ingestor', 'staging'), { recursive: true });
    renameSync(join(place.folder, 'numbers'), join(place.folder, '.ingestor', 'staging', run!.runId));
    await cutOffPublishing();
    expect(await ingest(place.config(), { overwrite: true })).toMatchObject({ outcome: 'ingested' });
    expect(remaining().filter((name) => !String(name).startsWith('source'))).toEqual([]);
  });
});

describe('a volume without room', () => {
  let volume: string;
  let isMounted = false;

  beforeEach(() => {
    volume = join(place.folder, 'volume');
    mkdirSync(volume);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', volume], { stdio: 'ignore' });
      isMounted = true;
    } catch {
      console.warn('Not tested: this machine does not let the test mount a volume.');
    }
  });
  afterEach(() => {
    if (isMounted) execFileSync('umount', [volume]);
  });

  it('is found out before a file is copied', async () => {
    if (!isMounted) return;
    writeFileSync(join(texts, 'even.txt'), Buffer.alloc(2 << 20));
    await expect(ingest(config({ storage: { path: volume, claim: '' } }))).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringMatching(/has 1 MiB free; this dataset may need 2 MiB/),
    });
  });

  it('that fills up halfway ends the run, which goes on when there is room', async () => {
    if (!isMounted) return;
    // Rewritten files are not counted beforehand, because their new size is unknown.
    const sidecars = withFiles.layout.sidecars.map((sidecar) => ({ ...sidecar, rewritten: true }));
    const task = { ...withFiles, layout: { ...withFiles.layout, sidecars } };
    const full = config({ task, storage: { path: volume, claim: '' } });
    writeFileSync(join(texts, 'odd.txt'), Buffer.alloc(900 << 10));
    const blocker = join(volume, 'blocker');
    writeFileSync(blocker, Buffer.alloc(500 << 10));
    await expect(ingest(full)).rejects.toMatchObject({
      code: 'storage-full',
      message: `The shared volume at ${volume} is full.`,
    });
    expect(existsSync(join(volume, 'numbers'))).toBe(false);
    rmSync(blocker);
    expect(await ingest(full)).toMatchObject({ outcome: 'resumed', inserted: 25 });
    expect(readdirSync(join(volume, 'numbers')).sort()).toEqual(['even.txt', 'odd.txt']);
    expect(statSync(join(volume, 'numbers', 'odd.txt')).size).toBe(900 << 10);
  });
});
