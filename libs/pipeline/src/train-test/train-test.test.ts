import { appendFileSync, utimesSync } from 'node:fs';
import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseSqlType, type DatasetRecord, type TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { rewriteInPlace, when, WRITTEN } from '../read/changing.test-support.js';
import { ingest } from '../run/ingest.js';
import { column, lines, Place, remote, rowsOf } from '../run/ingest.test-support.js';
import type { Progress, RunObserver } from '../observer.js';
import { compareTrainTest, trainTestOf, type TrainTestConfigs } from './compare-configs.js';
import { ingestTrainTest, validateTrainTest } from './ingest-train-test.js';

let place: Place;
let backend: FakeBackend;

beforeAll(async () => {
  backend = await startFakeBackend();
});
afterAll(() => backend.stop());
beforeEach(async () => {
  place = await Place.make();
  backend.clearFaults();
});
afterEach(() => place.remove());

type Rows = readonly (readonly [label: string, value: number | string])[];

/** The two datasets of these rows. */
async function pair(train: Rows, test: Rows, changes: Partial<RunConfig> = {}): Promise<TrainTestConfigs> {
  const configs = await Promise.all(
    Object.entries({ train, test }).map(async ([intent, rows]) => {
      const path = join(place.folder, `${intent}.csv`);
      await writeFile(path, `label,n\n${rows.map((row) => `${row.join(',')}\n`).join('')}`);
      const base = place.config(changes);
      return { ...base, intent, table: `n_${intent}`, source: { ...base.source, path } } as RunConfig;
    }),
  );
  return trainTestOf(configs);
}

const tables = () =>
  place.inspect(async (database) => (await database.catalog.list()).map(({ table, records }) => [table, records]));

describe('two configurations', () => {
  it('are told apart by their intents, in any order', async () => {
    const { train, test } = await pair(rowsOf(4), []);
    expect(trainTestOf([test, train])).toEqual({ train, test });
    for (const wrong of [[train], [train, train], [test, test], [train, test, train]]) {
      expect(() => trainTestOf(wrong)).toThrow(expect.objectContaining({ code: 'not-a-pair', exitCode: 2 }));
    }
  });

  it('that do not agree are refused with all differences, before anything is read', async () => {
    const { train, test } = await pair(rowsOf(4), rowsOf(4));
    await unlink(test.source.path);
    const other = {
      ...test,
      table: 'N_TRAIN',
      options: { size: [1, 2] },
      label: { column: 'y', policy: 'bucket' } as const,
      schema: [{ name: 'n', type: parseSqlType('FLOAT NOT NULL') }, column('m')],
    };
    const message = `The train and the test dataset do not go together:
  label column: label in train, y in test
  label policy: passthrough in train, bucket in test
  option size: none in train, [1,2] in test
  columns only in the schema of test: m INT
  column n: INT in train, FLOAT NOT NULL in test
  table: both are named n_train, and each needs its own name`;
    await expect(ingestTrainTest({ train, test: other })).rejects.toMatchObject({ code: 'pair-mismatch', message });
    expect(() => compareTrainTest({ train, test: { ...test, task: { ...lines, id: 'other' } } })).toThrow(
      'task: lines in train, other in test',
    );
  });
});

describe('a row in both', () => {
  const train: Rows = [
    ['a', 1],
    ['b', 2],
    ['b', 12],
  ];
  const test: Rows = [
    ['a', 3],
    ['b', 2],
    ['a', 2],
    ['b', '12'],
  ];

  it('is an error with both rows, and nothing is written', async () => {
    const result = await ingestTrainTest(await pair(train, test));
    expect(result).toMatchObject({ outcome: 'invalid', validation: { valid: false, between: { errors: 2 } } });
    const path = join(place.folder, 'train.csv');
    expect(result.validation.between.findings).toMatchObject([
      { code: 'leaked-row', severity: 'error', row: 3, message: `The row is the same as row 3 of ${path}.` },
      { code: 'leaked-row', severity: 'error', row: 5, message: `The row is the same as row 4 of ${path}.` },
    ]);
    expect(await tables()).toEqual([]);
  });

  it('is a warning where it is allowed', async () => {
    const result = await ingestTrainTest(await pair(train, test), { allowLeakage: true });
    expect(result).toMatchObject({
      outcome: 'complete',
      validation: { valid: true, between: { errors: 0, warnings: 2, totals: [{ code: 'leaked-row', total: 2 }] } },
    });
    expect(await tables()).toEqual([
      ['n_test', 4],
      ['n_train', 3],
    ]);
  });

  it('is found whatever the order of the columns, and listed up to a hundred with the total', async () => {
    const wide: TaskType = {
      ...lines,
      async *records({ dataset, columns, report, signal }) {
        for await (const { rows } of (await dataset.open(report, signal))!.batches) {
          yield rows.map(([label, n], index) => {
            const cells = new Map([
              ['n', n!],
              ['m', `m${n}`],
            ]);
            return recordOf(index, { label: label!, values: columns.map(({ name }) => cells.get(name)!) });
          });
        }
      },
    };
    const columns = [column('n'), column('m')];
    const both = await pair(rowsOf(150), rowsOf(150), { task: wide, columns, schema: columns });
    const test = { ...both.test, columns: columns.toReversed(), schema: columns.toReversed() };
    const { between } = await validateTrainTest({ ...both, test });
    expect(between.totals).toEqual([{ code: 'leaked-row', severity: 'error', total: 150 }]);
    expect(between.findings).toHaveLength(100);
  });
});

describe('a label of test that train does not have', () => {
  const train: Rows = [...rowsOf(6), ['only in train', 100]];
  const test: Rows = [
    ['even', 50],
    ['new', 51],
    ['new', 52],
    ['newer', 53],
  ];

  it('is a warning with its rows', async () => {
    const { valid, between } = await validateTrainTest(await pair(train, test));
    expect(valid).toBe(true);
    expect(between.findings).toMatchObject([
      { code: 'unseen-label', value: 'new', row: 3, column: 'label', message: expect.stringMatching(/^2 rows have/) },
      { code: 'unseen-label', value: 'newer', row: 5, message: expect.stringMatching(/^One row has/) },
    ]);
  });

  it('is nothing where labels are measured values, or too many to be classes', async () => {
    const regression = { ...lines, label: { use: 'required', statePolicy: true } } as const;
    expect((await validateTrainTest(await pair(train, test, { task: regression }))).between.findings).toEqual([]);
    const events = { ...lines, label: { use: 'required', statePolicy: true, classes: true } } as const;
    expect((await validateTrainTest(await pair(train, test, { task: events }))).between.findings).toHaveLength(2);
    const many = Array.from({ length: 10_001 }, (_, index) => [`l${index}`, index] as const);
    expect((await validateTrainTest(await pair(many, test))).between.findings).toEqual([]);
  });
});

it('errors of either dataset are told too, and what comes well before them is compared', async () => {
  const bad: Rows = [['a', 1], ...rowsOf(3000).map(([label, n]) => [label, n + 1e6] as const), ['a', 'bad'], ['a', 2]];
  const good: Rows = [...rowsOf(5), ['a', 1], ['a', 2]];
  expect(await validateTrainTest(await pair(bad, good))).toMatchObject({
    ...{ valid: false, train: { errors: 1, found: 3003 }, test: { errors: 0, found: 7 }, between: { findings: [] } },
  });
  expect(await validateTrainTest(await pair(good, bad))).toMatchObject({
    ...{ valid: false, train: { errors: 0 }, test: { errors: 1, found: 3003 } },
    between: { totals: [{ code: 'leaked-row', total: 1 }], findings: [{ row: 2 }] },
  });
});

function recordOf(index: number, changes: Partial<DatasetRecord>): DatasetRecord {
  const nothing = { label: null, key: null, filename: null, extension: null, annotation: null, values: [], files: [] };
  return { row: index + 2, ...nothing, ...changes };
}

describe('datasets with files', () => {
  /** Rows name files below `files/`; each brings a sidecar that is alike for all. */
  const filed: TaskType = {
    ...lines,
    async *records({ dataset, report, signal, folders }) {
      for await (const { rows } of (await dataset.open(report, signal))!.batches) {
        yield rows.map(([label, name], index) => {
          const files = [`${name}.bin`, 'same.json'].map((file) => ({
            source: join(folders.files!, file),
            target: file,
          }));
          return recordOf(index, { label: label!, filename: name!, extension: '.bin', files });
        });
      }
    },
  };

  async function folderOf(intent: string, files: Record<string, string>): Promise<string> {
    const folder = join(place.folder, intent);
    await mkdir(folder);
    for (const [name, content] of Object.entries({ ...files, 'same.json': '{}' })) {
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  it('are compared by the bytes of what a row names, whatever the names', async () => {
    const folders = {
      train: await folderOf('train', { '1.bin': 'one', '2.bin': 'two', '3.bin': 'three' }),
      test: await folderOf('test', { '1.bin': 'six', '2.bin': 'eleven', 'x.bin': 'two' }),
    };
    const names = (...list: string[]): Rows => list.map((name) => ['a', name]);
    const both = await pair(names('1', '2', '3', '2'), names('1', '2', 'x'), { task: filed, schema: [], columns: [] });
    const withFolder = (config: RunConfig, files: string) => ({
      ...config,
      source: { ...config.source, sidecars: { files } },
    });
    const { between } = await validateTrainTest({
      train: withFolder(both.train, folders.train),
      test: withFolder(both.test, folders.test),
    });
    expect(between.totals).toEqual([{ code: 'leaked-file', severity: 'error', total: 1 }]);
    const [finding] = between.findings;
    expect(finding).toMatchObject({ code: 'leaked-file', file: join(folders.test, 'x.bin') });
    const train = `row 3 of ${both.train.source.path}, ${join(folders.train, '2.bin')}`;
    expect(finding!.message).toBe(`The file of row 4 has the same bytes as the file of ${train}.`);
  });
});

describe('an ingest', () => {
  it('that was cut off after the train dataset is completed by the same call', async () => {
    const both = await pair(rowsOf(30), [...rowsOf(40)].slice(30), { backend: remote(backend) });
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

  it('writes nothing where the second could not begin', async () => {
    const both = await pair(rowsOf(30), [...rowsOf(40)].slice(30));
    await ingest(both.test);
    await writeFile(both.test.source.path, (await readFile(both.test.source.path, 'utf8')) + 'even,99\n');
    await expect(ingestTrainTest(both)).rejects.toMatchObject({ code: 'dataset-exists' });
    expect(await tables()).toEqual([['n_test', 10]]);
    expect(await ingestTrainTest(both, { overwrite: true })).toMatchObject({
      train: { inserted: 30 },
      test: { inserted: 11 },
    });
  });

  it('begins neither where one is registered with another backend', async () => {
    const both = await pair(rowsOf(30), [...rowsOf(40)].slice(30), { backend: remote(backend) });
    const other = await startFakeBackend();
    try {
      await ingest({ ...both.test, backend: remote(other) });
      await expect(ingestTrainTest(both)).rejects.toMatchObject({ code: 'registered-elsewhere', exitCode: 1 });
      expect(await tables()).toEqual([['n_test', 10]]);
    } finally {
      await other.stop();
    }
  });

  it('begins neither where one is not there any more, and begins one anew whose table was dropped', async () => {
    const both = await pair(rowsOf(30), [...rowsOf(40)].slice(30));
    await ingest(both.test);
    const database = new DatabaseSync(join(place.folder, 'db.sqlite'));
    database.exec('DELETE FROM n_test');
    await expect(ingestTrainTest(both)).rejects.toMatchObject({ code: 'rows-missing' });
    expect(await tables()).toEqual([['n_test', 10]]);
    database.exec('DROP TABLE n_test');
    database.close();
    expect(await ingestTrainTest(both)).toMatchObject({ train: { inserted: 30 }, test: { inserted: 10 } });
  });

  it('tells of which dataset its progress is', async () => {
    const seen = new Set<string>();
    const observer = {
      progress: ({ phase, table }: { phase: string; table?: string }) => void seen.add(`${phase} ${table}`),
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
    };
    await ingestTrainTest(await pair(rowsOf(30), [...rowsOf(40)].slice(30)), { observer });
    expect([...seen]).toEqual([
      ...['validate n_train', 'validate n_test', 'stage n_train', 'verify n_train', 'stage n_test', 'verify n_test'],
    ]);
  });
});

describe('a dataset that changes after it was compared with the other', () => {
  const LEAKED = 'even,0\n';

  /** Acts when so many readings of the table have begun in this phase. */
  function atStart(table: string, phase: Progress['phase'], act: () => void): RunObserver {
    return when((told) => told.table === table && told.phase === phase, act).observer;
  }

  it.each<[string, (path: string) => RunObserver]>([
    ['as train is ingested', (path) => atStart('n_train', 'stage', () => appendFileSync(path, LEAKED))],
    ['as it is ingested itself', (path) => atStart('n_test', 'stage', () => appendFileSync(path, LEAKED))],
    [
      'with equal size and time as train is ingested',
      (path) => atStart('n_train', 'stage', () => rewriteInPlace(path, 'even,40', 'even,30')),
    ],
  ])('%s is not published', async (_when, inject) => {
    const both = await pair(rowsOf(40), [['even', 40]]);
    const { path } = both.test.source;
    utimesSync(path, WRITTEN, WRITTEN);
    await expect(ingestTrainTest(both, { observer: inject(path) })).rejects.toMatchObject({
      code: 'source-changed-while-read',
      exitCode: 3,
      message: expect.stringContaining('Table n_train is ingested and registered; n_test is not yet.') as unknown,
    });
    expect(await tables()).toEqual([['n_train', 40]]);
    // Now it is compared as it is.
    expect(await ingestTrainTest(both)).toMatchObject({ outcome: 'invalid', validation: { between: { errors: 1 } } });
  });

  it('is not published where it is train either, and test neither', async () => {
    const both = await pair(rowsOf(40), [['even', 40]]);
    const observer = atStart('n_train', 'stage', () => appendFileSync(both.train.source.path, 'even,40\n'));
    await expect(ingestTrainTest(both, { observer })).rejects.toMatchObject({ code: 'source-changed-while-read' });
    expect(await tables()).toEqual([]);
  });

  it('has no verdict when train changes while test is read', async () => {
    const both = await pair(rowsOf(40), [['even', 40]]);
    const observer = atStart('n_test', 'validate', () => appendFileSync(both.train.source.path, 'even,40\n'));
    await expect(validateTrainTest(both, { observer })).rejects.toMatchObject({ code: 'source-changed-while-read' });
  });

  it('is not taken for what is registered already', async () => {
    const both = await pair(rowsOf(40), [['even', 40]]);
    await ingestTrainTest(both);
    const observer = atStart('n_test', 'validate', () => appendFileSync(both.train.source.path, 'even,40\n'));
    await expect(ingestTrainTest(both, { observer })).rejects.toMatchObject({ code: 'source-changed-while-read' });
  });
});
