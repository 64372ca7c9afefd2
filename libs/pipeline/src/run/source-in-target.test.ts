import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { ingest } from './ingest.js';
import { Place, rowsOf, withFiles } from './ingest.test-support.js';

let place: Place;
let texts: string;
let storage: string;
let published: string;

beforeEach(async () => {
  place = await Place.make();
  texts = await place.writeTexts('even', 'odd');
  storage = join(place.folder, 'volume');
  published = join(storage, 'numbers');
  mkdirSync(storage);
  await place.write(rowsOf(25));
});
afterEach(() => place.remove());

function config({ path = place.source, sidecar = texts } = {}, changes: Partial<RunConfig> = {}): RunConfig {
  const base = place.config({ storage: { path: storage, claim: 'client-pvc' } });
  return { ...base, task: withFiles, source: { ...base.source, path, sidecars: { texts: sidecar } }, ...changes };
}

it.each<[string, () => RunConfig]>([
  [
    'manifest',
    () => {
      cpSync(place.source, join(published, 'labels.csv'));
      return config({ path: join(published, 'labels.csv') });
    },
  ],
  [
    'manifest, of a task without files',
    () => {
      cpSync(place.source, join(published, 'labels.csv'));
      const { source } = config({ path: join(published, 'labels.csv') });
      return place.config({ source, storage: { path: storage, claim: 'client-pvc' } });
    },
  ],
  [
    'manifest that is a link out of it',
    () => {
      symlinkSync(place.source, join(published, 'labels.csv'));
      return config({ path: join(published, 'labels.csv') });
    },
  ],
  ['folder of files', () => config({ sidecar: published })],
  [
    'folder of files, by a link',
    () => {
      symlinkSync(published, join(place.folder, 'link'));
      return config({ sidecar: join(place.folder, 'link') });
    },
  ],
  [
    'folder of files in the program’s own folder',
    () => {
      cpSync(texts, join(storage, '.ingestor', 'texts'), { recursive: true });
      return config({ sidecar: join(storage, '.ingestor', 'texts') });
    },
  ],
])('a %s in a folder that publishing replaces is refused, and stays', async (_what, prepare) => {
  await ingest(config());
  const changed = { ...prepare(), dataId: { strategy: 'content_hash' } as const };
  const before = readdirSync(storage, { recursive: true }).sort();
  await expect(ingest(changed, { overwrite: true, restart: true })).rejects.toMatchObject({
    code: 'source-in-target',
    exitCode: 2,
    fix: [expect.stringContaining('Copy')],
  });
  expect(readdirSync(storage, { recursive: true }).sort()).toEqual(before);
});

it('a folder of files that contains the embedded database is refused', async () => {
  cpSync(texts, storage, { recursive: true });
  const changes = { database: { kind: 'sqlite', file: join(storage, 'db.sqlite') } } as const;
  await expect(ingest(config({ sidecar: storage }, changes))).rejects.toMatchObject({
    code: 'source-in-target',
    exitCode: 2,
    message: expect.stringContaining('db.sqlite') as unknown,
  });
  // If the database is elsewhere, the volume may be the folder of files.
  expect(await ingest(config({ sidecar: storage }))).toMatchObject({ outcome: 'ingested' });
});

it('a manifest in a folder that belongs to no dataset is accepted if the task has no files', async () => {
  mkdirSync(published);
  cpSync(place.source, join(published, 'labels.csv'));
  const { source, storage: at } = config({ path: join(published, 'labels.csv') });
  expect(await ingest(place.config({ source, storage: at }))).toMatchObject({ outcome: 'ingested' });
  expect(readdirSync(published)).toEqual(['labels.csv']);
});
