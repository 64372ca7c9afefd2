import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseSqlType, type DatasetRecord, type TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { column, lines, rowsOf } from '../run/ingest.test-support.js';
import { compareTrainTest, trainTestOf } from './compare-configs.js';
import { ingestTrainTest, validateTrainTest } from './ingest-train-test.js';
import { usePlace, type Rows } from './train-test.test-support.js';

const context = usePlace();

describe('two configurations', () => {
  it('are distinguished by their intents, in any order', async () => {
    const { train, test } = await context.configsOf(rowsOf(4), []);
    expect(trainTestOf([test, train])).toEqual({ train, test });
    for (const wrong of [[train], [train, train], [test, test], [train, test, train]]) {
      expect(() => trainTestOf(wrong)).toThrow(expect.objectContaining({ code: 'not-a-pair', exitCode: 2 }));
    }
  });

  it('that do not agree are refused with all differences, before anything is read', async () => {
    const { train, test } = await context.configsOf(rowsOf(4), rowsOf(4));
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
    const result = await ingestTrainTest(await context.configsOf(train, test));
    expect(result).toMatchObject({ outcome: 'invalid', validation: { valid: false, between: { errors: 2 } } });
    const path = join(context.place.folder, 'train.csv');
    expect(result.validation.between.findings).toMatchObject([
      { code: 'leaked-row', severity: 'error', row: 3, message: `The row is the same as row 3 of ${path}.` },
      { code: 'leaked-row', severity: 'error', row: 5, message: `The row is the same as row 4 of ${path}.` },
    ]);
    expect(await context.tables()).toEqual([]);
  });

  it('is a warning if leakage is allowed', async () => {
    const result = await ingestTrainTest(await context.configsOf(train, test), { allowLeakage: true });
    expect(result).toMatchObject({
      outcome: 'complete',
      validation: { valid: true, between: { errors: 0, warnings: 2, totals: [{ code: 'leaked-row', total: 2 }] } },
    });
    expect(await context.tables()).toEqual([
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
    const both = await context.configsOf(rowsOf(150), rowsOf(150), { task: wide, columns, schema: columns });
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
    const { valid, between } = await validateTrainTest(await context.configsOf(train, test));
    expect(valid).toBe(true);
    expect(between.findings).toMatchObject([
      { code: 'unseen-label', value: 'new', row: 3, column: 'label', message: expect.stringMatching(/^2 rows have/) },
      { code: 'unseen-label', value: 'newer', row: 5, message: expect.stringMatching(/^One row has/) },
    ]);
  });

  it('is sought among the classes of records that have several', async () => {
    const listed: TaskType = {
      ...lines,
      async *records(reading) {
        for await (const batch of lines.records(reading)) {
          yield batch.map((record) => ({ ...record, classes: record.label!.split(' ') }));
        }
      },
    };
    const pictures: Rows = [
      ['car sign', 1],
      ['sign', 2],
    ];
    const others: Rows = [
      ['car', 3],
      ['sign car bike bike', 4],
    ];
    const { between } = await validateTrainTest(await context.configsOf(pictures, others, { task: listed }));
    expect(between.findings).toMatchObject([
      { code: 'unseen-label', value: 'bike', row: 3, message: expect.stringMatching(/^One row has/) },
    ]);
  });

  it('is not reported if labels are measured values, or too many to be classes', async () => {
    const regression = { ...lines, label: { use: 'required', statePolicy: true } } as const;
    expect(
      (await validateTrainTest(await context.configsOf(train, test, { task: regression }))).between.findings,
    ).toEqual([]);
    const events = { ...lines, label: { use: 'required', statePolicy: true, classes: true } } as const;
    expect(
      (await validateTrainTest(await context.configsOf(train, test, { task: events }))).between.findings,
    ).toHaveLength(2);
    const many = Array.from({ length: 10_001 }, (_, index) => [`l${index}`, index] as const);
    expect((await validateTrainTest(await context.configsOf(many, test))).between.findings).toEqual([]);
  });
});

it('errors of either dataset are reported too, and the rows well before them are compared', async () => {
  const bad: Rows = [['a', 1], ...rowsOf(3000).map(([label, n]) => [label, n + 1e6] as const), ['a', 'bad'], ['a', 2]];
  const good: Rows = [...rowsOf(5), ['a', 1], ['a', 2]];
  expect(await validateTrainTest(await context.configsOf(bad, good))).toMatchObject({
    ...{ valid: false, train: { errors: 1, found: 3003 }, test: { errors: 0, found: 7 }, between: { findings: [] } },
  });
  expect(await validateTrainTest(await context.configsOf(good, bad))).toMatchObject({
    ...{ valid: false, train: { errors: 0 }, test: { errors: 1, found: 3003 } },
    between: { totals: [{ code: 'leaked-row', total: 1 }], findings: [{ row: 2 }] },
  });
});

function recordOf(index: number, changes: Partial<DatasetRecord>): DatasetRecord {
  const nothing = { label: null, key: null, filename: null, extension: null, annotation: null, values: [], files: [] };
  return { row: index + 2, ...nothing, ...changes };
}

describe('datasets with files', () => {
  /** Rows name files in `files/`. Each row also brings a sidecar, which is the same for all rows. */
  const filed: TaskType = {
    ...lines,
    async *records({ dataset, report, signal, folders }) {
      for await (const { rows } of (await dataset.open(report, signal))!.batches) {
        yield rows.map(([label, name], index) => {
          const files = [`${name}.bin`, 'same.json'].map((file) => ({
            source: join(folders.files as string, file),
            target: file,
          }));
          return recordOf(index, { label: label!, filename: name!, extension: '.bin', files });
        });
      }
    },
  };

  async function folderOf(intent: string, files: Record<string, string>): Promise<string> {
    const folder = join(context.place.folder, intent);
    await mkdir(folder);
    for (const [name, content] of Object.entries({ ...files, 'same.json': '{}' })) {
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  it('are compared by the bytes of the files that rows name, whatever the names', async () => {
    const folders = {
      train: await folderOf('train', { '1.bin': 'one', '2.bin': 'two', '3.bin': 'three' }),
      test: await folderOf('test', { '1.bin': 'six', '2.bin': 'eleven', 'x.bin': 'two' }),
    };
    const names = (...list: string[]): Rows => list.map((name) => ['a', name]);
    const both = await context.configsOf(names('1', '2', '3', '2'), names('1', '2', 'x'), {
      task: filed,
      schema: [],
      columns: [],
    });
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
