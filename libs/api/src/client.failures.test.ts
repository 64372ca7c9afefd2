import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as kit from './client.test-support.js';
import {
  clientOf,
  dataset,
  errorOf,
  loginCredentials,
  metadata,
  records,
  schema,
  tokenCredentials,
} from './client.test-support.js';
import type { RetryNotice } from './retry.js';

const { signal } = new AbortController();
const RECORDS = 'POST /global_meta/churn_train/';
let backend: FakeBackend;

beforeEach(async () => {
  backend = await startFakeBackend({ token: kit.TOKEN, username: kit.USERNAME, password: kit.PASSWORD });
});
afterEach(() => backend.stop());

const statuses = () => backend.requests.map(({ status }) => status);

describe('a transient failure is repeated', () => {
  test.each([500, 502, 503, 504, 429])('%d, then accepted', async (status) => {
    const notices: RetryNotice[] = [];
    backend.fail({ match: RECORDS, status, times: 2 });
    await clientOf(backend, { onRetry: (notice) => notices.push(notice) }).sendRecords(dataset, records, signal);
    expect(statuses()).toEqual([status, status, 201]);
    expect(notices.map(({ reason, attempts }) => ({ reason, attempts }))).toEqual([
      { reason: `HTTP ${status}`, attempts: 1 },
      { reason: `HTTP ${status}`, attempts: 2 },
    ]);
  });

  test('for every call, GET and POST', async () => {
    backend.fail({ match: /./, status: 500 });
    const client = clientOf(backend, { credentials: loginCredentials() });
    await client.signIn(signal);
    const calls = [
      () => client.sendRecords(dataset, records, signal),
      () => client.generateEdgeLabels(dataset, signal),
      () => client.sendMetadata(dataset, schema, metadata, signal),
      () => client.prepare(dataset, 'tabular_classification', 'tabular', signal),
      () => client.createDataset(dataset, 'Churn', true, signal),
    ];
    for (const call of calls) {
      backend.fail({ match: /./, status: 503 });
      await call();
    }
    expect(statuses()).toEqual([500, 200, 503, 201, 503, 200, 503, 201, 503, 200, 503, 201]);
    expect(backend.violations).toEqual([]);
  });

  test('after the wait that Retry-After asks for in seconds', async () => {
    backend.fail({ match: RECORDS, status: 429, headers: { 'retry-after': '1' } });
    const start = performance.now();
    await clientOf(backend).sendRecords(dataset, records, signal);
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
    expect(statuses()).toEqual([429, 201]);
  });

  test('after the wait that Retry-After asks for as a date', async () => {
    // A date has whole seconds only, and this one is more than one second away.
    const date = new Date(Math.floor(Date.now() / 1000 + 2) * 1000);
    backend.fail({ match: RECORDS, status: 503, headers: { 'retry-after': date.toUTCString() } });
    await clientOf(backend).sendRecords(dataset, records, signal);
    expect(Date.now()).toBeGreaterThanOrEqual(date.getTime() - 10);
  });

  test('unless Retry-After asks for a wait beyond the budget, and the error says so', async () => {
    backend.fail({ match: RECORDS, status: 429, headers: { 'retry-after': '3600' } });
    const error = await errorOf(clientOf(backend).sendRecords(dataset, records, signal));
    expect(error.code).toBe('backend-unavailable');
    expect(error.message).toContain('429 Too Many Requests; it asks to wait 3600 s');
    expect(statuses()).toEqual([429]);
  });

  test('if the connection closes before the request was processed', async () => {
    backend.fail({ match: RECORDS, hangup: 'before' });
    await clientOf(backend).sendRecords(dataset, records, signal);
    expect(statuses()).toEqual([0, 201]);
    expect(backend.tables['churn_train']!.repeated.size).toBe(0);
  });

  test('if it closes afterwards: the backend has the records twice, with the same data_id', async () => {
    backend.fail({ match: RECORDS, hangup: 'after' });
    await clientOf(backend).sendRecords(dataset, records, signal);
    expect(statuses()).toEqual([0, 201]);
    expect([...backend.tables['churn_train']!.repeated]).toEqual([['run-1-0', 2]]);
  });

  test('if the answer switches to another protocol', async () => {
    const upgrading = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(upgrading, 'listening');
    const url = `http://127.0.0.1:${(upgrading.address() as AddressInfo).port}`;
    const notices: RetryNotice[] = [];
    const client = clientOf({ url }, { onRetry: (notice) => notices.push(notice), retry: { attempts: 2 } });
    const error = await errorOf(client.sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-unreachable', exitCode: 1 });
    expect(error.message).toContain('it answers in another protocol than HTTP (ERR_UPGRADE), 2 times');
    expect(notices).toHaveLength(1);
    // The server closes only when no connection is left open.
    await new Promise((resolve) => upgrading.close(resolve));
  });

  test('if no answer comes in time', async () => {
    backend.fail({ match: RECORDS, until: new Promise(() => undefined) });
    // A busy machine may need many milliseconds for the second answer.
    await clientOf(backend, { timeouts: { responseMs: 1500 } }).sendRecords(dataset, records, signal);
    expect(backend.requests).toHaveLength(2);
  });
});

describe('a transient failure that lasts ends the call', () => {
  test('with the last status 5xx', async () => {
    backend.fail({ match: RECORDS, status: 500, body: `Trace: ${kit.TOKEN}`, times: Infinity });
    const error = await errorOf(clientOf(backend).sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-unavailable', exitCode: 1 });
    expect(error.message).toMatch(/POST \/global_meta\/churn_train\/ with 500 Internal Server Error, 4 times .*\*{8}/);
    expect(error.fix.join()).toContain('run the same command again');
    expect(statuses()).toEqual([500, 500, 500, 500]);
  });

  test('without an answer in time', async () => {
    backend.fail({ match: RECORDS, delayMs: 2000, times: Infinity });
    const client = clientOf(backend, { timeouts: { responseMs: 50 }, retry: { attempts: 2 } });
    const error = await errorOf(client.sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-timeout' });
    expect(error.message).toContain('did not answer POST /global_meta/churn_train/ in time, 2 times');
  });

  test.each([
    ['token', tokenCredentials()],
    ['login', loginCredentials()],
  ])('when no server listens, with a %s', async (_kind, credentials) => {
    const { url } = backend;
    await backend.stop();
    const error = await errorOf(clientOf({ url }, { credentials }).signIn(signal));
    expect(error).toMatchObject({ code: 'backend-unreachable' });
    expect(error.message).toContain(`${url} cannot be reached`);
    expect(error.message).toContain('nothing listens there (ECONNREFUSED), 4 times');
    expect(error.fix[0]).toContain('BACKEND_URL');
    backend = await startFakeBackend();
  });

  test('when the host name does not exist', async () => {
    const client = clientOf({ url: 'http://backend.invalid' }, { retry: { attempts: 1 } });
    const error = await errorOf(client.sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-unreachable' });
    expect(error.message).toContain('http://backend.invalid');
  });

  test('when every connection closes without an answer', async () => {
    backend.fail({ match: RECORDS, hangup: 'before', times: Infinity });
    const error = await errorOf(clientOf(backend).sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-unreachable' });
    expect(error.message).toContain('ECONNRESET');
  });
});

describe('a permanent failure is not repeated', () => {
  test.each([400, 403, 404, 409, 413])('%d, and its text is cut and contains no secrets', async (status) => {
    const body = `Forbidden for TOKEN ${kit.TOKEN}. ${'long '.repeat(1000)}`;
    backend.fail({ match: RECORDS, status, body, contentType: 'text/plain' });
    const error = await errorOf(clientOf(backend).sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-refused', exitCode: 1 });
    expect(error.message).toContain(`POST /global_meta/churn_train/ with ${status} `);
    expect(error.message).toContain('Forbidden for TOKEN ********. long');
    expect(error.message.length).toBeLessThan(620);
    expect(error.fix.join()).toContain('What is already committed stays: run the same command again');
    expect(statuses()).toEqual([status]);
  });

  test('a redirect, which would send the credentials to another host', async () => {
    const other = await startFakeBackend({ token: kit.TOKEN });
    try {
      for (const status of [301, 302, 307, 308]) {
        const headers = { location: `${other.url}/x/?token=${kit.TOKEN}` };
        backend.fail({ match: /./, status, headers, times: 2 });
        const error = await errorOf(clientOf(backend).sendRecords(dataset, records, signal));
        expect(error).toMatchObject({ code: 'backend-redirected' });
        expect(error.message).toContain(`a redirect to ${other.url}.`);
        const login = clientOf(backend, { credentials: loginCredentials() }).signIn(signal);
        expect(await errorOf(login)).toMatchObject({ code: 'backend-redirected' });
      }
      expect(other.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});
