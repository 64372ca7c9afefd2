import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { IngestorError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders } from '@tracebloc/ingestor-storage';
import { startFakeBackend } from '@tracebloc/ingestor-testing';
import { deleteDataset } from '../delete-dataset.js';
import { ingest } from './ingest.js';
import { Place, remote, rowsOf, withFiles } from './ingest.test-support.js';

let place: Place;
let texts: string;
let volume: string;
let elsewhere: string;

beforeEach(async () => {
  place = await Place.make();
  texts = await place.writeTexts('even', 'odd');
  [volume, elsewhere] = [join(place.folder, 'volume'), join(place.folder, "some one's")];
  for (const folder of [volume, elsewhere]) mkdirSync(folder);
  await place.write(rowsOf(25));
});
afterEach(() => place.remove());

function config(changes: Partial<RunConfig> = {}): RunConfig {
  const base = place.config({ storage: { path: volume, claim: 'client-pvc' } });
  return { ...base, task: withFiles, source: { ...base.source, sidecars: { texts } }, ...changes };
}
const onElsewhere = () => config({ storage: { path: elsewhere, claim: 'client-pvc' } });
const published = (storage = volume) => readdirSync(join(storage, 'numbers')).sort();
const anew = { restart: true, overwrite: true };

function removeRows(): void {
  const database = new DatabaseSync(join(place.folder, 'db.sqlite'));
  database.exec('DELETE FROM numbers');
  database.close();
}

describe('a dataset that no longer exists is not reported as unchanged', () => {
  it.each<[string, () => void]>([
    ['its folder is removed', () => rmSync(join(volume, 'numbers'), { recursive: true })],
    ['its folder is emptied', () => published().forEach((name) => rmSync(join(volume, 'numbers', name)))],
  ])('%s', async (_what, damage) => {
    await ingest(config());
    cpSync(join(volume, 'numbers'), join(place.folder, 'backup'), { recursive: true });
    damage();
    const refused = expect(ingest(config())).rejects.toMatchObject({
      code: 'dataset-damaged',
      exitCode: 1,
      message: expect.stringContaining(join(volume, 'numbers')) as unknown,
      fix: [expect.stringContaining('Restore'), expect.stringContaining('--restart --overwrite')],
    });
    await refused;
    cpSync(join(place.folder, 'backup'), join(volume, 'numbers'), { recursive: true });
    expect(await ingest(config())).toMatchObject({ outcome: 'unchanged' });
    damage();
    expect(await ingest(config(), anew)).toMatchObject({ outcome: 'ingested', inserted: 25 });
    expect(published()).toEqual(['even.txt', 'odd.txt']);
  });

  it('its rows are removed', async () => {
    await ingest(config());
    removeRows();
    await expect(ingest(config())).rejects.toMatchObject({
      code: 'rows-missing',
      exitCode: 1,
      message: 'Table numbers was published with 25 rows, and has 0: somebody else changed it.',
      fix: [expect.stringContaining('--overwrite --restart')],
    });
    expect(await ingest(config(), anew)).toMatchObject({ outcome: 'ingested', inserted: 25 });
  });

  it('its files are on another volume', async () => {
    await ingest(config());
    await expect(ingest(onElsewhere())).rejects.toMatchObject({
      code: 'dataset-damaged',
      exitCode: 1,
      message: expect.stringContaining(`STORAGE_PATH ${elsewhere}`) as unknown,
      fix: [
        expect.stringContaining('Set STORAGE_PATH'),
        expect.stringContaining('--restart --overwrite'),
        expect.stringContaining('stay there'),
      ],
    });
    expect(await ingest(config())).toMatchObject({ outcome: 'unchanged', folder: join(volume, 'numbers') });
    expect(await ingest(onElsewhere(), anew)).toMatchObject({ outcome: 'ingested' });
    expect(published(elsewhere)).toEqual(['even.txt', 'odd.txt']);
  });

  it('its files are on another volume, and it is not registered yet', async () => {
    const backend = await startFakeBackend();
    try {
      backend.fail({ match: 'POST /global_meta/numbers/', times: 1, status: 403, body: 'no' });
      await expect(ingest(config({ backend: remote(backend) }))).rejects.toMatchObject({ code: 'backend-refused' });
      const sofar = backend.calls.length;
      await expect(ingest({ ...onElsewhere(), backend: remote(backend) })).rejects.toMatchObject({
        code: 'dataset-damaged',
      });
      expect(backend.calls.slice(sofar).filter(({ name }) => name !== 'token')).toEqual([]);
      expect(await ingest(config({ backend: remote(backend) }))).toMatchObject({ outcome: 'resumed', sent: 25 });
    } finally {
      await backend.stop();
    }
  });
});

it('an unchanged dataset is reported with its own title', async () => {
  await ingest(config({ title: 'First' }));
  expect(await ingest(config({ title: 'Second' }))).toMatchObject({ outcome: 'unchanged', title: 'First' });
});

describe('a dataset whose files are on another volume', () => {
  const deleteOn = (storage: string) =>
    place.inspect((database) => deleteDataset({ database, folders: new DatasetFolders(storage, database) }, 'numbers'));

  it('is deleted only with that volume', async () => {
    await ingest(config());
    await expect(deleteOn(elsewhere)).rejects.toMatchObject({
      code: 'dataset-files-elsewhere',
      exitCode: 1,
      fix: [expect.stringContaining('STORAGE_PATH'), expect.stringContaining('.ingestor/folders/numbers')],
    });
    expect(await ingest(config())).toMatchObject({ outcome: 'unchanged' });
    await deleteOn(volume);
    expect(existsSync(join(volume, 'numbers'))).toBe(false);
  });

  it('is deleted by the steps in the error when its files no longer exist', async () => {
    const { runId } = await ingest(config());
    rmSync(volume, { recursive: true });
    await expect(deleteOn(elsewhere)).rejects.toMatchObject({
      fix: [expect.anything(), expect.stringContaining(`echo ${runId} > `)],
    });
    const { fix } = (await deleteOn(elsewhere).catch((error: unknown) => error)) as IngestorError;
    execFileSync('sh', ['-c', /mkdir .*/.exec(fix[1]!)![0]]);
    await deleteOn(elsewhere);
    expect(await place.inspect((database) => database.catalog.list())).toEqual([]);
  });

  it('a deletion that was cut off after its files were removed is finished', async () => {
    await ingest(config());
    await place.inspect(async (database) => {
      database.catalog.remove = () => Promise.reject(new Error('killed'));
      await expect(
        deleteDataset({ database, folders: new DatasetFolders(volume, database) }, 'numbers'),
      ).rejects.toThrow('killed');
    });
    expect(existsSync(join(volume, 'numbers'))).toBe(false);
    await deleteOn(volume);
    expect(await place.inspect((database) => database.catalog.list())).toEqual([]);
  });
});
