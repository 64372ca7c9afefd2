import { appendFileSync, utimesSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { rewriteInPlace, when, WRITTEN } from '../read/changing.test-support.js';
import { ingest } from '../run/ingest.js';
import { remote, rowsOf } from '../run/ingest.test-support.js';
import { silentObserver, type Progress, type RunObserver } from '../observer.js';
import { ingestTrainTest, validateTrainTest } from './ingest-train-test.js';
import { usePlace } from './train-test.test-support.js';

const context = usePlace();
let backend: FakeBackend;
beforeAll(async () => {
  backend = await startFakeBackend();
});
afterAll(() => backend.stop());
beforeEach(() => backend.clearFaults());

describe('an ingest', () => {
  it('that was cut off after the train dataset is completed by the same call', async () => {
    const both = await context.configsOf(rowsOf(30), [...rowsOf(40)].slice(30), { backend: remote(backend) });
    backend.fail({ match: 'POST /global_meta/n_test/', times: 1, status: 403, body: 'no' });
    await expect(ingestTrainTest(both)).rejects.toMatchObject({
      code: 'backend-refused',
      message: expect.stringContaining('Table n_train is ingested and registered; n_test is not yet.') as unknown,
    });
    const sofar = backend.calls.length;
    expect(await ingestTrainTest(both)).toMatchObject({
      ...{ outcome: 'complete', train: { outcome: 'unchanged' }, test: { outcome: 'resumed', inserted: 10, sent: 10 } },
    });
    expect(JSON.stringify(backend.calls.slice(sofar))).not.toContain('n_train');
    expect(await ingestTrainTest(both)).toMatchObject({
      train: { outcome: 'unchanged' },
      test: { outcome: 'unchanged' },
    });
  });

  it('writes nothing if the second dataset could not begin', async () => {
    const both = await context.configsOf(rowsOf(30), [...rowsOf(40)].slice(30));
    await ingest(both.test);
    await writeFile(both.test.source.path, (await readFile(both.test.source.path, 'utf8')) + 'even,99\n');
    await expect(ingestTrainTest(both)).rejects.toMatchObject({ code: 'dataset-exists' });
    expect(await context.tables()).toEqual([['n_test', 10]]);
    expect(await ingestTrainTest(both, { overwrite: true })).toMatchObject({
      train: { inserted: 30 },
      test: { inserted: 11 },
    });
  });

  it('begins neither dataset if one is registered with another backend', async () => {
    const both = await context.configsOf(rowsOf(30), [...rowsOf(40)].slice(30), { backend: remote(backend) });
    const other = await startFakeBackend();
    try {
      await ingest({ ...both.test, backend: remote(other) });
      await expect(ingestTrainTest(both)).rejects.toMatchObject({ code: 'registered-elsewhere', exitCode: 1 });
      expect(await context.tables()).toEqual([['n_test', 10]]);
    } finally {
      await other.stop();
    }
  });

  it('begins neither dataset if one has lost rows, and ingests one again whose table was dropped', async () => {
    const both = await context.configsOf(rowsOf(30), [...rowsOf(40)].slice(30));
    await ingest(both.test);
    const database = new DatabaseSync(join(context.place.folder, 'db.sqlite'));
    database.exec('DELETE FROM n_test');
    await expect(ingestTrainTest(both)).rejects.toMatchObject({ code: 'rows-missing' });
    expect(await context.tables()).toEqual([['n_test', 10]]);
    database.exec('DROP TABLE n_test');
    database.close();
    expect(await ingestTrainTest(both)).toMatchObject({ train: { inserted: 30 }, test: { inserted: 10 } });
  });

  it('reports its progress with the table of the dataset', async () => {
    const seen = new Set<string>();
    const progress = ({ phase, table }: Progress) => void seen.add(`${phase} ${table}`);
    const observer = { ...silentObserver, progress };
    await ingestTrainTest(await context.configsOf(rowsOf(30), [...rowsOf(40)].slice(30)), { observer });
    expect([...seen]).toEqual([
      ...['validate n_train', 'validate n_test', 'stage n_train', 'verify n_train', 'stage n_test', 'verify n_test'],
    ]);
  });
});

describe('a dataset that changes after it was compared with the other', () => {
  const LEAKED = 'even,0\n';

  /** Acts when the table's first progress in this phase is reported. */
  function atStart(table: string, phase: Progress['phase'], act: () => void): RunObserver {
    return when((progress) => progress.table === table && progress.phase === phase, act).observer;
  }

  it.each<[string, (path: string) => RunObserver]>([
    ['as train is ingested', (path) => atStart('n_train', 'stage', () => appendFileSync(path, LEAKED))],
    ['as it is ingested itself', (path) => atStart('n_test', 'stage', () => appendFileSync(path, LEAKED))],
    [
      'with equal size and time as train is ingested',
      (path) => atStart('n_train', 'stage', () => rewriteInPlace(path, 'even,40', 'even,30')),
    ],
  ])('%s is not published', async (_when, inject) => {
    const both = await context.configsOf(rowsOf(40), [['even', 40]]);
    const { path } = both.test.source;
    utimesSync(path, WRITTEN, WRITTEN);
    await expect(ingestTrainTest(both, { observer: inject(path) })).rejects.toMatchObject({
      code: 'source-changed-while-read',
      exitCode: 3,
      message: expect.stringContaining('Table n_train is ingested and registered; n_test is not yet.') as unknown,
    });
    expect(await context.tables()).toEqual([['n_train', 40]]);
    // The next attempt compares the changed file.
    expect(await ingestTrainTest(both)).toMatchObject({ outcome: 'invalid', validation: { between: { errors: 1 } } });
  });

  it('is not published if it is train, and neither is test', async () => {
    const both = await context.configsOf(rowsOf(40), [['even', 40]]);
    const observer = atStart('n_train', 'stage', () => appendFileSync(both.train.source.path, 'even,40\n'));
    await expect(ingestTrainTest(both, { observer })).rejects.toMatchObject({ code: 'source-changed-while-read' });
    expect(await context.tables()).toEqual([]);
  });

  it('has no verdict when train changes while test is read', async () => {
    const both = await context.configsOf(rowsOf(40), [['even', 40]]);
    const observer = atStart('n_test', 'validate', () => appendFileSync(both.train.source.path, 'even,40\n'));
    await expect(validateTrainTest(both, { observer })).rejects.toMatchObject({ code: 'source-changed-while-read' });
  });

  it('is not taken for the dataset that is already registered', async () => {
    const both = await context.configsOf(rowsOf(40), [['even', 40]]);
    await ingestTrainTest(both);
    const observer = atStart('n_test', 'validate', () => appendFileSync(both.train.source.path, 'even,40\n'));
    await expect(ingestTrainTest(both, { observer })).rejects.toMatchObject({ code: 'source-changed-while-read' });
  });
});
