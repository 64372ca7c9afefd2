import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { Secret } from '@tracebloc/ingestor-core';
import { startFakeBackend, type FakeBackend, type Fault } from '@tracebloc/ingestor-testing';
import { ingest } from './ingest.js';
import { Place, remote, rowsOf } from './ingest.test-support.js';
import { silentObserver } from '../observer.js';

const HTML = { status: 200, body: '<html><title>Sign in</title></html>', contentType: 'text/html' };

let place: Place;
let backend: FakeBackend;

beforeAll(async () => {
  backend = await startFakeBackend();
});
afterAll(() => backend.stop());
beforeEach(async () => {
  place = await Place.make();
  await place.write(rowsOf(5));
});
afterEach(async () => {
  await place.remove();
  backend.clearFaults();
  expect(backend.violations).toEqual([]);
});

type Remote = Extract<RunConfig['backend'], { kind: 'remote' }>;

/** Five records need three requests. No failed call is repeated unless `retrySeconds` says so. */
function config(table: string, changes: Partial<Remote> = {}): RunConfig {
  return place.config({
    table,
    batchSize: 2,
    backend: { ...(remote(backend) as Remote), retrySeconds: 0, ...changes },
  });
}

describe('a run that cannot sign in leaves no trace:', () => {
  const login = (password: string): Remote['credentials'] => ({
    kind: 'login',
    username: 'fake-client',
    password: new Secret(password),
  });

  it.each<[string, string, Partial<Remote>, Fault | undefined, string]>([
    ['a wrong password', 'login', { credentials: login('not-the-password') }, undefined, 'backend-login-refused'],
    ['a server that is down', 'down', { url: 'http://127.0.0.1:1' }, undefined, 'backend-unreachable'],
    ['HTML instead of a token', 'html', {}, { match: 'POST /api-token-auth/', ...HTML }, 'backend-not-json'],
    ['500 for a login', 'failing', {}, { match: 'POST /api-token-auth/', status: 500 }, 'backend-unavailable'],
  ])('%s', async (_what, table, changes, fault, code) => {
    if (fault) backend.fail(fault);
    const run = ingest(config(table, { credentials: login('fake-password'), ...changes }));
    await expect(run).rejects.toMatchObject({ code, exitCode: 1 });
    const left = await place.inspect(async ({ ledger, catalog }) => [await ledger.list({}), await catalog.get(table)]);
    expect(left).toEqual([[], undefined]);
  });
});

describe('a run whose registration fails keeps the dataset, says how far it came, and is completed by the same call:', () => {
  /** `sent` is how many of the five records the backend has by then. */
  const CASES: {
    what: string;
    faults: Fault[];
    token?: string;
    timeoutSeconds?: number;
    code: string;
    sent: number;
    says: string;
  }[] = [
    {
      what: 'a wrong token',
      faults: [],
      token: 'not-the-token',
      code: 'backend-unauthorized',
      sent: 0,
      says: '401 Unauthorized, even after the token was renewed: {"detail":"Invalid token."}.',
    },
    {
      what: '401',
      faults: [{ match: 'POST /global_meta/t_401/', status: 401, times: 2 }],
      code: 'backend-unauthorized',
      sent: 0,
      says: 'refused POST /global_meta/t_401/ with 401 Unauthorized, even after the token was renewed',
    },
    {
      what: '403',
      faults: [
        { match: 'POST /global_meta/t_403/' },
        { match: 'POST /global_meta/t_403/', status: 403, body: '{"detail": "Not yours."}' },
      ],
      code: 'backend-refused',
      sent: 2,
      says: 'refused POST /global_meta/t_403/ with 403 Forbidden: {"detail": "Not yours."}.',
    },
    {
      what: '500',
      faults: [
        { match: 'POST /global_meta/t_500/', times: 2 },
        { match: 'POST /global_meta/t_500/', status: 500, body: 'out of order' },
      ],
      code: 'backend-unavailable',
      sent: 4,
      says: 'answered POST /global_meta/t_500/ with 500 Internal Server Error: out of order.',
    },
    {
      what: 'HTML',
      faults: [{ match: 'POST /global_meta/t_HTML/', ...HTML }],
      code: 'backend-not-json',
      sent: 0,
      says: 'answered POST /global_meta/t_HTML/ with 200 OK but not with JSON (content type text/html).',
    },
    {
      what: 'no answer',
      faults: [{ match: 'POST /global_meta/t_no_answer/', until: new Promise(() => undefined) }],
      timeoutSeconds: 1,
      code: 'backend-timeout',
      sent: 0,
      says: 'accepted the connection but did not answer POST /global_meta/t_no_answer/ in time.',
    },
    {
      what: '400 for prepare',
      faults: [{ match: 'GET /global_meta/prepare/', status: 400, body: '{"detail": "Too few labels."}' }],
      code: 'backend-refused',
      sent: 5,
      says: 'refused GET /global_meta/prepare/ with 400 Bad Request: {"detail": "Too few labels."}.',
    },
    {
      what: 'text for the dataset',
      faults: [{ match: 'POST /dataset/', status: 200, body: 'done' }],
      code: 'backend-not-json',
      sent: 5,
      says: 'answered POST /dataset/ with 200 OK but not with JSON',
    },
  ];

  it.each(CASES)('$what', async ({ what, faults, token, timeoutSeconds = 60, code, sent, says }) => {
    const table = `t_${what.replaceAll(' ', '_')}`;
    for (const fault of faults) backend.fail(fault);
    const secret = new Secret(token ?? backend.token);
    const credentials = { kind: 'token' as const, token: secret, reread: () => secret };
    const failed = ingest(config(table, { credentials, timeoutSeconds }));
    const error = await failed.catch((caught: unknown) => caught as { message: string });
    expect(error).toMatchObject({ code, exitCode: 1 });
    expect((error as Error).message).toContain(says);
    expect((error as Error).message).toContain(
      `Table ${table} is complete in the database with 5 records, but not registered yet. ` +
        `${backend.url} has acknowledged ${sent} of them.`,
    );
    const entry = await place.inspect(({ catalog }) => catalog.get(table));
    expect(entry).toMatchObject({ records: 5, registeredWith: '' });

    const before = backend.calls.length;
    const completed = await ingest(config(table));
    expect(completed).toMatchObject({ outcome: 'resumed', inserted: 5, sent: 5, failed: 0 });
    const records = backend.calls.slice(before).filter(({ name }) => name === 'records');
    expect(records).toHaveLength(Math.ceil((5 - sent) / 2));
    const registered = backend.tables[table]!;
    expect([registered.labels.size, registered.repeated.size]).toEqual([5, 0]);
    expect(registered.dataset?.title).toBe(completed.title);
  });
});

it('a backend that fails for a while is called again, with a warning for each wait', async () => {
  const warnings: string[] = [];
  const observer = { ...silentObserver, warn: (text: string) => void warnings.push(text) };
  backend.fail({ match: 'POST /global_meta/patient/', status: 500, times: 2 });
  backend.fail({ match: 'POST /global_meta/patient/', hangup: 'before' });
  await ingest(config('patient', { retrySeconds: 30 }), { observer });
  expect(warnings.map((text) => text.replace(/\d\.\d s/, '<time>'))).toEqual([
    'The backend failed (HTTP 500); trying again in <time>.',
    'The backend failed (HTTP 500); trying again in <time>.',
    'The backend failed (ECONNRESET); trying again in <time>.',
  ]);
  expect(backend.tables.patient!.labels.size).toBe(5);
});
