import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { documentOf, lastLine, yamlOf, World, type Traces } from '@tracebloc/ingestor-testing/command';

const RESUME = 'What is already committed stays: run the same command again, and it continues with what is missing.';

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start();
  await world.write('five.csv', 'a,b,y\n1,x,p\n2,z,q\n3,x,q\n4,x,q\n5,x,p\n');
  await world.write('kept.yaml', yamlOf({ table: 'kept', csv: 'five.csv' }));
  await world.write('ingest.yaml', yamlOf({ csv: 'five.csv' }));
  expect(await world.run(['ingest', '-c', 'kept.yaml'])).toMatchObject({ code: 0 });
  before = await world.traces();
});
afterAll(async () => {
  expect(world.backend.violations).toEqual([]);
  await world.stop();
});

it('a run that cannot sign in leaves no trace', async () => {
  const login = { BACKEND_TOKEN: '', CLIENT_ID: 'fake-client', CLIENT_PASSWORD: 'not-the-password' };
  const ended = await world.run(['ingest', '-c', 'ingest.yaml'], { ...world.remote, ...login });
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(
    /The backend at http:\S+ does not accept CLIENT_ID with CLIENT_PASSWORD \(400 Bad Request\)\.\n\n {2}Check CLIENT_ID/,
  );
  expect(await world.traces()).toEqual(before);
});

it('a run whose registration fails keeps the dataset, says how far it came, and is completed by the same command', async () => {
  // Two records a request, so that a dataset of five takes three.
  const env = { ...world.remote, BATCH_SIZE: '2' };
  world.backend.fail({ match: 'POST /global_meta/fresh/' });
  world.backend.fail({ match: 'POST /global_meta/fresh/', status: 403, body: '{"detail": "Not yours."}' });
  const ended = await world.run(['ingest', '-c', 'ingest.yaml'], env);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain('refused POST /global_meta/fresh/ with 403 Forbidden: {"detail": "Not yours."}.');
  expect(ended.stderr).toContain(
    'Table fresh is complete in the database with 5 records, but not registered yet. ' +
      `${world.backend.url} has acknowledged 2 of them.`,
  );
  expect(ended.stderr).toContain(RESUME);
  const shown = await world.run(['datasets', 'show', 'fresh', '--json']);
  expect(documentOf(shown)).toMatchObject({ records: 5, registeredWith: '' });

  const completed = await world.run(['ingest', '-c', 'ingest.yaml', '--json'], env);
  expect(completed).toMatchObject({ code: 0 });
  expect(lastLine(completed)).toBe('All records processed successfully');
  expect(documentOf(completed)).toMatchObject({ outcome: 'resumed', inserted: 5, sent: 5, failed: 0 });
  const { labels, repeated, dataset } = world.backend.tables.fresh!;
  expect([labels.size, repeated.size, dataset?.title]).toEqual([5, 0, documentOf(completed).title]);
});
