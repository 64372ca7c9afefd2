import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { GOOD_CSV, yamlOf, documentOf, World, type Traces } from '@tracebloc/ingestor-testing/command';

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start();
  await world.write('good.csv', GOOD_CSV);
  await world.write('kept.yaml', yamlOf({ table: 'kept' }));
  expect(await world.run(['ingest', '-c', 'kept.yaml'])).toMatchObject({ code: 0 });
  before = await world.traces();
});
afterAll(() => world.stop());

const columns = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i + 1}`, 'INT']));

it('all problems of configuration and environment are reported together, before anything is read or written', async () => {
  await world.write(
    'ingest.yaml',
    yamlOf({ table: 'my table', intent: 'trian', csv: 'gone.csv', schema: { a: 'INTEGR' } }),
  );
  const env = { ...world.local, BATCH_SIZE: 'lots' };
  const ended = await world.run(['ingest', '-c', 'ingest.yaml', '--json'], env);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('The configuration has 5 problems:');
  expect(ended.stderr).toContain(
    'ingest.yaml:4:8 table: "my table" is not a valid table name: it contains characters other than letters, digits, _ and - — Use only letters, digits, _ and -, for example my_table.',
  );
  expect(ended.stderr).toMatch(/ingest\.yaml:6:6 csv: the file ".*\/gone\.csv" does not exist/);
  expect(ended.stderr).toMatch(/:5:9 intent[^]*:9:8 schema[^]*BATCH_SIZE: "lots" is not a valid value/);
  expect(documentOf(ended)).toMatchObject({ error: { code: 'invalid-configuration', exitCode: 2 } });
  expect(await world.traces()).toEqual(before);
});

it('a table that holds another dataset is left alone without --overwrite', async () => {
  await world.write('other.csv', `${GOOD_CSV}4,x,p\n`);
  await world.write('ingest.yaml', yamlOf({ table: 'kept', csv: 'other.csv' }));
  const ended = await world.run(['ingest', '-c', 'ingest.yaml', '--json']);
  expect(ended).toMatchObject({ code: 1 });
  expect(documentOf(ended)).toMatchObject({
    error: {
      code: 'dataset-exists',
      message: expect.stringMatching(/^Table kept holds another dataset: .*, 3 records, ingested \d{4}-/) as unknown,
      fix: ['Choose another table name, or replace the dataset whole with --overwrite.'],
    },
  });
  expect(await world.traces()).toEqual(before);
});

it('more columns than the database allows are refused without a trace, and do not block a later run with fewer', async () => {
  const names = Array.from({ length: 1100 }, (_, i) => `c${i + 1}`);
  const rows = ['p', 'q'].map((label) => `${names.map(() => '1').join(',')},${label}`);
  await world.write('wide.csv', `${names.join(',')},y\n${rows.join('\n')}\n`);
  await world.write('ingest.yaml', yamlOf({ table: 'wide', csv: 'wide.csv', schema: columns(1100) }));
  const refused = await world.run(['ingest', '-c', 'ingest.yaml']);
  expect(refused).toMatchObject({ code: 3, stdout: '' });
  expect(refused.stderr).toContain('it has 1111 columns with the fixed ones; the server allows 1017 (InnoDB)');
  expect(await world.traces()).toEqual(before);

  await world.write('ingest.yaml', yamlOf({ table: 'wide', csv: 'wide.csv', schema: columns(900) }));
  expect(await world.run(['ingest', '-c', 'ingest.yaml'])).toMatchObject({ code: 0 });
});
