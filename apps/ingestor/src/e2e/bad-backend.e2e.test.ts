import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeBackend, type Fault } from '@tracebloc/ingestor-testing';
import { documentOf, lastLine, type Env, yamlOf, World, type Traces } from '@tracebloc/ingestor-testing/command';

const HTML = { status: 200, body: '<html><title>Sign in</title></html>', contentType: 'text/html' };
const RESUME = 'What is already committed stays: run the same command again, and it continues with what is missing.';

let world: World;
let before: Traces;
/** The address of a server that has gone. */
let nowhere: string;

beforeAll(async () => {
  world = await World.start();
  const gone = await startFakeBackend();
  nowhere = gone.url;
  await gone.stop();
  await world.write('five.csv', 'a,b,y\n1,x,p\n2,z,q\n3,x,q\n4,x,q\n5,x,p\n');
  await world.write('kept.yaml', yamlOf({ table: 'kept', csv: 'five.csv' }));
  await world.write('ingest.yaml', yamlOf({ csv: 'five.csv' }));
  expect(await world.run(['ingest', '-c', 'kept.yaml'])).toMatchObject({ code: 0 });
  before = await world.traces();
});
afterEach(() => {
  world.backend.clearFaults();
  expect(world.backend.violations).toEqual([]);
});
afterAll(() => world.stop());

/** Two records a request, so that a dataset of five takes three. */
const inTwos = (env: Env): Env => ({ ...env, BATCH_SIZE: '2' });
const ingest = (env: Env, config = 'ingest.yaml') => world.run(['ingest', '-c', config], inTwos(env));

describe('a run that finds before it begins that it cannot register leaves no trace:', () => {
  const LOGIN = { BACKEND_TOKEN: '', CLIENT_ID: 'fake-client', CLIENT_PASSWORD: 'fake-password' };
  const CASES: { what: string; env: () => Env; fault?: Fault; code: number; tells: RegExp }[] = [
    {
      what: 'a wrong password',
      env: () => ({ ...LOGIN, CLIENT_PASSWORD: 'not-the-password' }),
      code: 1,
      tells:
        /The backend at http:\S+ does not accept CLIENT_ID with CLIENT_PASSWORD \(400 Bad Request\)\.\n\n {2}Check CLIENT_ID/,
    },
    {
      what: 'no credentials',
      env: () => ({ BACKEND_TOKEN: '' }),
      code: 2,
      tells: /neither BACKEND_TOKEN nor CLIENT_ID and CLIENT_PASSWORD are set/,
    },
    {
      what: 'a password without its id',
      env: () => ({ BACKEND_TOKEN: '', CLIENT_PASSWORD: 'fake-password' }),
      code: 2,
      tells: /CLIENT_ID: is not set, although CLIENT_PASSWORD is set/,
    },
    {
      what: 'a server that is down',
      env: () => ({ BACKEND_URL: nowhere }),
      code: 1,
      tells:
        /The backend at http:\S+ cannot be reached.*: nothing listens there \(ECONNREFUSED\)\.\n\n {2}Check the address \(CLIENT_ENV, or BACKEND_URL if it is set\)/,
    },
    {
      what: 'HTML instead of a token',
      env: () => LOGIN,
      fault: { match: 'POST /api-token-auth/', ...HTML },
      code: 1,
      tells:
        /answered POST \/api-token-auth\/ with 200 OK but not with JSON \(content type text\/html\)\. It looks like an HTML page/,
    },
    {
      what: '500 for a login',
      env: () => LOGIN,
      fault: { match: 'POST /api-token-auth/', status: 500, body: '{"detail": "out of order"}' },
      code: 1,
      tells: /answered POST \/api-token-auth\/ with 500 Internal Server Error: \{"detail": "out of order"\}/,
    },
  ];

  it.each(CASES)('$what', async ({ env, fault, code, tells }) => {
    if (fault) world.backend.fail(fault);
    const ended = await ingest({ ...world.remote, ...env() });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(tells);
    expect(await world.traces()).toEqual(before);
  });
});

describe('a run whose registration fails keeps the dataset, tells how far it came, and is completed by the same command:', () => {
  /** `sent` is how many of the five records the backend has by then. */
  const CASES: { what: string; faults: Fault[]; env?: Env; code: string; sent: number; tells: string }[] = [
    {
      what: 'a wrong token',
      faults: [],
      env: { BACKEND_TOKEN: 'not-the-token' },
      code: 'backend-unauthorized',
      sent: 0,
      tells: '401 Unauthorized, even after the token was renewed: {"detail":"Invalid token."}.',
    },
    {
      what: '401',
      faults: [{ match: 'POST /global_meta/t_401/', status: 401, times: 2 }],
      code: 'backend-unauthorized',
      sent: 0,
      tells: 'refused POST /global_meta/t_401/ with 401 Unauthorized, even after the token was renewed',
    },
    {
      what: '403',
      faults: [
        { match: 'POST /global_meta/t_403/' },
        { match: 'POST /global_meta/t_403/', status: 403, body: '{"detail": "Not yours."}' },
      ],
      code: 'backend-refused',
      sent: 2,
      tells: 'refused POST /global_meta/t_403/ with 403 Forbidden: {"detail": "Not yours."}.',
    },
    {
      what: '500',
      faults: [
        { match: 'POST /global_meta/t_500/', times: 2 },
        { match: 'POST /global_meta/t_500/', status: 500, body: 'out of order' },
      ],
      code: 'backend-unavailable',
      sent: 4,
      tells: 'answered POST /global_meta/t_500/ with 500 Internal Server Error: out of order.',
    },
    {
      what: 'HTML',
      faults: [{ match: 'POST /global_meta/t_HTML/', ...HTML }],
      code: 'backend-not-json',
      sent: 0,
      tells: 'answered POST /global_meta/t_HTML/ with 200 OK but not with JSON (content type text/html).',
    },
    {
      what: '400 for prepare',
      faults: [{ match: 'GET /global_meta/prepare/', status: 400, body: '{"detail": "Too few labels."}' }],
      code: 'backend-refused',
      sent: 5,
      tells: 'refused GET /global_meta/prepare/ with 400 Bad Request: {"detail": "Too few labels."}.',
    },
    {
      what: 'text for the dataset',
      faults: [{ match: 'POST /dataset/', status: 200, body: 'done' }],
      code: 'backend-not-json',
      sent: 5,
      tells: 'answered POST /dataset/ with 200 OK but not with JSON',
    },
  ];

  it.each(CASES)('$what', async ({ what, faults, env, code, sent, tells }) => {
    const table = `t_${what.replaceAll(' ', '_')}`;
    const config = await world.write(`${table}.yaml`, yamlOf({ table, csv: 'five.csv' }));
    for (const fault of faults) world.backend.fail(fault);
    const ended = await ingest({ ...world.remote, ...env }, config);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(tells);
    expect(ended.stderr).toContain(
      `Table ${table} is complete in the database with 5 records, but not registered yet. ` +
        `${world.backend.url} has acknowledged ${sent} of them.`,
    );
    expect(ended.stderr).toContain(RESUME);

    const listed = await world.run(['datasets', 'show', table, '--json']);
    expect(documentOf(listed)).toMatchObject({ records: 5, registeredWith: '' });

    const sofar = world.backend.calls.length;
    const completed = await world.run(['ingest', '-c', config, '--json'], inTwos(world.remote));
    expect(completed).toMatchObject({ code: 0 });
    expect(lastLine(completed)).toBe('All records processed successfully');
    expect(documentOf(completed)).toMatchObject({ outcome: 'resumed', inserted: 5, sent: 5, failed: 0 });
    const records = world.backend.calls.slice(sofar).filter(({ name }) => name === 'records');
    expect(records).toHaveLength(Math.ceil((5 - sent) / 2));
    const run = world.backend.tables[table]!;
    expect([run.labels.size, run.repeated.size, run.dataset?.title]).toEqual([5, 0, documentOf(completed).title]);
    expect(code).toMatch(/^backend-/);
  });
});

it('a backend that fails for a while is waited for, and that is told', async () => {
  world.backend.fail({ match: 'POST /global_meta/patient/', status: 500, times: 2 });
  world.backend.fail({ match: 'POST /global_meta/patient/', hangup: 'before' });
  await world.write('patient.yaml', yamlOf({ table: 'patient', csv: 'five.csv' }));
  const ended = await ingest({ ...world.remote, BACKEND_RETRY_SECONDS: '30' }, 'patient.yaml');
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stderr).toMatch(
    /WARNING The backend failed \(HTTP 500\); trying again in \d\.\d s\.\n[^]*\(HTTP 500\)[^]*\(ECONNRESET\)/,
  );
  expect(lastLine(ended)).toBe('All records processed successfully');
  expect(world.backend.tables.patient!.labels.size).toBe(5);
});

it('a backend that fails for longer than it is waited for ends the run, with attempts and time', async () => {
  // With the backend's own waits no attempt falls near the end of the budget, where a slow machine would decide.
  const headers = { 'Retry-After': '1' };
  world.backend.fail({ match: 'POST /global_meta/impatient/', status: 503, headers, times: Infinity });
  await world.write('impatient.yaml', yamlOf({ table: 'impatient', csv: 'five.csv' }));
  const ended = await ingest({ ...world.remote, BACKEND_RETRY_SECONDS: '2' }, 'impatient.yaml');
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.stderr).toMatch(/with 503 Service Unavailable, 2 times within 2 s/);
});
