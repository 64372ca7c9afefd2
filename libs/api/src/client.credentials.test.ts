import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as kit from './client.test-support.js';
import { clientOf, dataset, errorOf, loginCredentials, records, tokenCredentials } from './client.test-support.js';

const { signal } = new AbortController();
const RECORDS = 'POST /global_meta/churn_train/';
const LOGIN = 'POST /api-token-auth/';
let backend: FakeBackend;

beforeEach(async () => {
  backend = await startFakeBackend({ token: kit.TOKEN, username: kit.USERNAME, password: kit.PASSWORD });
});
afterEach(() => backend.stop());

const statuses = () => backend.requests.map(({ status }) => status);

describe('after a status 401', () => {
  test('a rotated token is read again and the request is repeated', async () => {
    const client = clientOf(backend, { credentials: tokenCredentials(kit.TOKEN, () => 'tok-new') });
    backend.rotateToken('tok-new');
    await client.sendRecords(dataset, records, signal);
    await client.sendRecords(dataset, [{ dataId: 'run-1-1', label: 'no' }], signal);
    expect(statuses()).toEqual([401, 201, 201]);
  });

  test('a token may be rotated more than once in a run', async () => {
    const client = clientOf(backend, { credentials: tokenCredentials(kit.TOKEN, () => backend.token) });
    for (const token of ['tok-2', 'tok-3', 'tok-4']) {
      backend.rotateToken(token);
      await client.sendRecords(dataset, records, signal);
    }
    expect(statuses()).toEqual([401, 201, 401, 201, 401, 201]);
  });

  test('an expired login is renewed and the request is repeated', async () => {
    const client = clientOf(backend, { credentials: loginCredentials() });
    await client.signIn(signal);
    backend.expireToken();
    await client.sendRecords(dataset, records, signal);
    expect(backend.requests.map(({ url, status }) => `${url} ${status}`)).toEqual([
      '/api-token-auth/ 200',
      '/global_meta/churn_train/ 401',
      '/api-token-auth/ 200',
      '/global_meta/churn_train/ 201',
    ]);
  });

  test.each([
    ['token', tokenCredentials(), 2],
    ['login', loginCredentials(), 4],
  ])('a second status 401 ends the call, with a %s', async (_kind, credentials, requests) => {
    backend.fail({ match: RECORDS, status: 401, body: `{"detail": "no: ${kit.TOKEN}"}`, times: Infinity });
    const error = await errorOf(clientOf(backend, { credentials }).sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-unauthorized' });
    expect(error.message).toContain('401 Unauthorized');
    expect(error.message).toContain('no: ********');
    expect(error.fix.join()).toMatch(/BACKEND_TOKEN.*run the same command again/s);
    expect(backend.requests).toHaveLength(requests);
  });

  test('a login that is refused meanwhile ends the call, since the password was changed', async () => {
    const client = clientOf(backend, { credentials: loginCredentials() });
    await client.signIn(signal);
    backend.expireToken();
    backend.fail({ match: LOGIN, status: 400 });
    const error = await errorOf(client.sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-login-refused' });
    expect(error.message).toContain('does not accept CLIENT_ID with CLIENT_PASSWORD (400 Bad Request)');
    expect(backend.calls.filter(({ name }) => name === 'records')).toEqual([]);
  });

  test('concurrent requests share the new login', async () => {
    const client = clientOf(backend, { credentials: loginCredentials() });
    await client.signIn(signal);
    backend.expireToken();
    backend.fail({ match: RECORDS, delayMs: 100 });
    const slow = client.sendRecords(dataset, records, signal);
    await client.sendRecords(dataset, records, signal);
    await slow;
    expect(backend.requests.filter(({ url }) => url === '/api-token-auth/').length).toBe(2);
    expect(backend.calls.filter(({ name }) => name === 'records')).toHaveLength(2);
  });
});

describe('wrong credentials', () => {
  test('are named and never shown', async () => {
    const error = await errorOf(clientOf(backend, { credentials: loginCredentials('wr0ng-pass') }).signIn(signal));
    expect(error).toMatchObject({ code: 'backend-login-refused' });
    expect(error.message).toMatch(/CLIENT_ID with CLIENT_PASSWORD \(400 Bad Request\)/);
    expect([error.message, ...error.fix].join()).not.toMatch(/client-77|wr0ng-pass/);
  });

  test.each([400, 401, 403])('are not shown when a status %d echoes them', async (status) => {
    const body = JSON.stringify({ sent: { username: kit.USERNAME, password: kit.PASSWORD } });
    backend.fail({ match: LOGIN, status, body });
    const error = await errorOf(clientOf(backend, { credentials: loginCredentials() }).signIn(signal));
    expect(error).toMatchObject({ code: 'backend-login-refused' });
    expect(statuses()).toEqual([status]);
  });

  test('are not shown when another status echoes them', async () => {
    const body = JSON.stringify({ sent: { username: kit.USERNAME, password: kit.PASSWORD } });
    backend.fail({ match: LOGIN, status: 404, body });
    const error = await errorOf(clientOf(backend, { credentials: loginCredentials() }).signIn(signal));
    expect(error).toMatchObject({ code: 'backend-refused' });
    expect(error.message).toContain('"username":"********","password":"********"');
  });
});
