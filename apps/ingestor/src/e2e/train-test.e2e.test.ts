import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExitCode } from '@tracebloc/ingestor-core';
import type { TrainTestResult, TrainTestValidation } from '@tracebloc/ingestor-pipeline';
import { ingestTrainTest, validateTrainTest } from '../index.js';
import { documentOf, lastLine, yamlOf, type ConfigFields, type Env, World } from '@tracebloc/ingestor-testing/command';
import { until } from './faults.test-support.js';
import { CommandSession } from './many-commands.test-support.js';

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  // This creates the ledger, before the tests compare what is in the database.
  await run(['runs', 'clean', '--yes']);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

const run = (args: readonly string[], env: Env = world.local) => session.run(args, env);

const TRAIN = 'a,b,y\n1,x,p\n2,z,q\n3,x,q\n';
const TEST = 'a,b,y\n4,x,p\n5,z,q\n';

/** Writes two datasets, and returns the arguments that name them. */
async function pairArgs(
  name: string,
  { train = TRAIN, test = TEST }: { train?: string; test?: string } = {},
  changes: ConfigFields = {},
  testChanges: ConfigFields = {},
): Promise<string[]> {
  const args: string[] = [];
  for (const [intent, csv, more] of [
    ['test', test, testChanges],
    ['train', train, {}],
  ] as const) {
    await world.write(`${name}_${intent}.csv`, csv);
    const fields = { table: `${name}_${intent}`, intent, csv: `${name}_${intent}.csv`, ...changes, ...more };
    args.push('--config', await world.write(`${name}_${intent}.yaml`, yamlOf(fields)));
  }
  return args;
}

describe('two configurations', () => {
  it('are ingested together, with two summaries and one last line, and not again the second time', async () => {
    const args = await pairArgs('both');
    const ended = await run(['ingest', ...args], world.remote);
    expect(ended.code).toBe(ExitCode.ok);
    expect(ended.stdout).toMatch(/both_train is ingested[^]*found +3\n[^]*both_test is ingested[^]*found +2\n/);
    expect(ended.stderr.match(/All records processed successfully/g)).toHaveLength(1);
    expect(lastLine(ended)).toBe('All records processed successfully');
    expect(await world.rows('both_train')).toHaveLength(3);
    expect(await world.rows('both_test')).toMatchObject([{ data_intent: 'test' }, { data_intent: 'test' }]);

    const again = documentOf<TrainTestResult>(await run(['ingest', ...args, '--json'], world.remote));
    expect(again).toMatchObject({
      outcome: 'complete',
      validation: { valid: true, between: { errors: 0, findings: [] } },
      train: { outcome: 'unchanged', inserted: 3 },
      test: { outcome: 'unchanged', inserted: 2 },
    });
    expect(world.backend.violations).toEqual([]);
  });

  it('are only read by validate', async () => {
    const args = await pairArgs('read');
    const before = await world.traces();
    const ended = await run(['validate', ...args], {});
    expect(ended.code).toBe(ExitCode.ok);
    expect(ended.stdout).toMatch(/✔ read_train and read_test go together\. 0 errors, 0 warnings\n$/);
    expect(await world.traces()).toEqual(before);
  });

  it('that do not agree are an error with every difference', async () => {
    const args = await pairArgs('apart', {}, {}, { schema: { a: 'FLOAT', c: 'VARCHAR(8)' }, table: 'Apart_Train' });
    const before = await world.traces();
    const { error } = documentOf<{ error: unknown }>(await run(['ingest', ...args, '--json']));
    expect(error).toEqual({
      code: 'pair-mismatch',
      exitCode: ExitCode.usage,
      message: `The train and the test dataset do not go together:
  columns only in the schema of train: b VARCHAR(8)
  columns only in the schema of test: c VARCHAR(8)
  column a: INT in train, FLOAT in test
  table: both are named apart_train, and each needs its own name`,
      fix: [expect.stringContaining('nothing has been read or written')],
    });
    expect(await world.traces()).toEqual(before);
  });

  it.each<[string, (args: string[]) => string[], string, string]>([
    [
      'one intent for both',
      ([flag, path]) => [flag!, path!, flag!, path!],
      'not-a-pair',
      'usage_test is for test, table',
    ],
    ['a third', (args) => [...args, '-c', 'x.yaml'], 'wrong-usage', '--config is given 3 times.'],
    [
      'flags that name one dataset',
      (args) => [...args, '--table', 't', '--title', 'T'],
      'wrong-usage',
      '--table, --title name one dataset, and two configurations are given.',
    ],
    [
      'a flag for two and one configuration',
      (args) => [...args.slice(2), '--allow-leakage'],
      'wrong-usage',
      '--allow-leakage is for two datasets.',
    ],
  ])('are wrong usage: %s', async (_name, change, code, message) => {
    const args = change(await pairArgs('usage'));
    const ended = await run(['ingest', ...args, '--json']);
    expect(ended.code).toBe(ExitCode.usage);
    expect(documentOf(ended)).toMatchObject({ error: { code, message: expect.stringContaining(message) as unknown } });
  });

  it('are named neither by TITLE, and the run says so', async () => {
    const args = await pairArgs('titled');
    const ended = await run(['ingest', ...args, '--json'], { ...world.local, TITLE: 'One name' });
    expect(ended.stderr).toContain('WARNING TITLE has no effect: it names one dataset, and two are given.');
    const { train, test } = documentOf<TrainTestResult>(ended);
    for (const result of [train, test]) expect(result!.title).toBe(`tabular_classification_${result!.runId}`);
  });

  it('can be given from code, as objects too', async () => {
    const [, test, , train] = await pairArgs('coded');
    const request = { configs: [test!, train!], cwd: world.folder, env: { ...world.local } } as const;
    expect(await validateTrainTest(request)).toMatchObject({ valid: true });
    const object = (intent: string) => ({
      ...{ category: 'tabular_classification', table: `coded_${intent}`, intent, csv: `coded_${intent}.csv` },
      ...{ label: 'y', schema: { a: 'INT', b: 'VARCHAR(8)' } },
    });
    const result = await ingestTrainTest({ ...request, configs: [object('train'), object('test')] });
    expect(result).toMatchObject({ outcome: 'complete', train: { inserted: 3 }, test: { inserted: 2 } });
  });
});

describe('what is in both', () => {
  const leaking = { test: `${TEST}2,z,q\n3,x,p\n3,x,q\n1,x,new\n` };

  it('is an error with the rows, and leaves nothing; with --allow-leakage it is a warning', async () => {
    const args = await pairArgs('leaked', leaking);
    const before = await world.traces();
    const ended = await run(['ingest', ...args]);
    expect(ended.code).toBe(ExitCode.invalidData);
    expect(ended.stdout).toContain(`✖ leaked-row  2 errors in leaked_test.csv
  :4  The row is the same as row 3 of ${world.folder}/leaked_train.csv.
    expected rows that are not in the train dataset
  :6  The row is the same as row 4 of ${world.folder}/leaked_train.csv.
    expected rows that are not in the train dataset
  fix: Remove the row from one of the two, split with \`--group-by\``);
    expect(ended.stdout).toContain(`⚠ unseen-label  1 warning
  leaked_test.csv:7 y  One row has a label that no row of the train dataset has.
    value "new", expected a label of the train dataset`);
    expect(ended.stdout).toMatch(/✖ leaked_train and leaked_test were not ingested: nothing was published\n$/);
    expect(await world.traces()).toEqual(before);

    const json = await run(['validate', ...args, '--json', '--report', 'leaked.json']);
    expect(json.code).toBe(ExitCode.invalidData);
    const { between } = documentOf<TrainTestValidation>(json);
    expect(between).toMatchObject({ errors: 2, warnings: 1 });

    const allowed = await run(['ingest', ...args, '--allow-leakage']);
    expect(allowed.code).toBe(ExitCode.ok);
    expect(allowed.stdout).toContain('⚠ leaked-row  2 warnings');
    expect(await world.rows('leaked_test')).toHaveLength(6);
  });

  it('is found in files by their bytes, whatever their names', async () => {
    const texts = {
      train: { a: 'good day', b: 'bad day', c: 'fine day' },
      test: { a: 'another day', d: 'bad day', e: 'bad day!' },
    };
    const args: string[] = [];
    for (const [intent, files] of Object.entries(texts)) {
      for (const [name, text] of Object.entries(files)) {
        const path = join(world.folder, 'reviews', intent, 'texts', `${name}.txt`);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      }
      const rows = Object.keys(files).map((name, index) => `${name},${index % 2 === 0 ? 'p' : 'q'}`);
      await world.write(`reviews/${intent}/labels.csv`, `filename,label\n${rows.join('\n')}\n`);
      const yaml = ['apiVersion: tracebloc.io/v1', 'kind: IngestConfig', 'category: text_classification'];
      yaml.push(`table: reviews_${intent}`, `intent: ${intent}`, 'csv: labels.csv', 'texts: texts', 'label: label');
      args.push('--config', await world.write(`reviews/${intent}/ingest.yaml`, `${yaml.join('\n')}\n`));
    }
    const ended = await run(['validate', ...args, '--json']);
    expect(ended.code).toBe(ExitCode.invalidData);
    const { between } = documentOf<TrainTestValidation>(ended);
    const root = join(world.folder, 'reviews');
    expect(between.totals).toEqual([{ code: 'leaked-file', severity: 'error', total: 1 }]);
    expect(between.findings).toMatchObject([
      {
        file: join(root, 'test/texts/d.txt'),
        message: `The file of row 3 has the same bytes as the file of row 3 of ${root}/train/labels.csv, ${root}/train/texts/b.txt.`,
      },
    ]);
  });
});

it('validation errors of one dataset keep both from being ingested', async () => {
  const args = await pairArgs('bad', { test: 'a,b,y\nx,x,p\n5,z,q\n' });
  const before = await world.traces();
  const ended = await run(['ingest', ...args, '--json']);
  expect(ended.code).toBe(ExitCode.invalidData);
  expect(documentOf(ended)).toMatchObject({
    ...{ outcome: 'invalid', validation: { train: { valid: true }, test: { findings: [{ code: 'not-an-integer' }] } } },
  });
  expect(documentOf(ended)).not.toHaveProperty('train');
  expect(await world.traces()).toEqual(before);
});

it.each(['SIGTERM', 'SIGKILL'] as const)(
  '%s while the second is registered leaves the first registered, and the same command completes both',
  async (signal) => {
    const name = signal.toLowerCase();
    const rows = Array.from({ length: 60 }, (_, index) => `${index + 10},x,${'pq'[index % 2]}\n`);
    const args = await pairArgs(name, { test: `a,b,y\n${rows.join('')}` });
    const env = { ...world.remote, BATCH_SIZE: '10' };
    world.backend.fail({ match: `POST /global_meta/${name}_test/`, delayMs: 200, times: Infinity });
    const running = world.start(['ingest', ...args], env);
    await until(running, () => `${name}_test` in world.backend.tables);
    running.kill(signal);
    const ended = await running.ended;
    expect(ended.code).toBe(signal === 'SIGTERM' ? ExitCode.interrupted : null);
    if (signal === 'SIGTERM') {
      expect(ended.stderr).toContain(`Table ${name}_train is ingested and registered; ${name}_test is not yet.`);
    }
    expect(world.backend.tables[`${name}_train`]!.dataset).toBeDefined();
    expect(world.backend.tables[`${name}_test`]!.dataset).toBeUndefined();

    world.backend.clearFaults();
    const completed = await run(['ingest', ...args, '--json'], env);
    expect(completed.code).toBe(ExitCode.ok);
    expect(lastLine(completed)).toBe('All records processed successfully');
    expect(documentOf<TrainTestResult>(completed)).toMatchObject({
      ...{ outcome: 'complete', train: { outcome: 'unchanged' }, test: { outcome: 'resumed', inserted: 60, sent: 60 } },
    });
    expect(world.backend.tables[`${name}_test`]!.labels.size).toBe(60);
    expect(world.backend.tables[`${name}_test`]!.dataset).toBeDefined();
    expect(world.backend.violations).toEqual([]);
  },
);

it('rows that get into test after it was compared with train are not ingested', async () => {
  const args = await pairArgs('late');
  const gate = Promise.withResolvers<undefined>();
  world.backend.fail({ match: 'POST /global_meta/late_train/', until: gate.promise });
  const running = world.start(['ingest', ...args, '--json'], world.remote);
  await until(running, () => world.backend.requests.some(({ url }) => url === '/global_meta/late_train/'));
  await appendFile(join(world.folder, 'late_test.csv'), '2,z,q\n');
  gate.resolve(undefined);
  const ended = await running.ended;
  expect(ended.code).toBe(ExitCode.invalidData);
  expect(documentOf(ended)).toMatchObject({
    error: {
      code: 'source-changed-while-read',
      message: expect.stringMatching(
        /late_test\.csv[^]* changed after it was checked[^]*late_test is not yet/,
      ) as unknown,
    },
  });
  expect(world.backend.tables.late_test).toBeUndefined();
  const again = documentOf<TrainTestResult>(await run(['ingest', ...args, '--json'], world.remote));
  expect(again).toMatchObject({ outcome: 'invalid', validation: { between: { errors: 1 } } });
});
