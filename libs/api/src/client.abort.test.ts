import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as kit from './client.test-support.js';
import { clientOf, dataset, errorOf, loginCredentials, records, tokenCredentials } from './client.test-support.js';

const RECORDS = 'POST /global_meta/churn_train/';
const LOGIN = 'POST /api-token-auth/';
let backend: FakeBackend;

beforeEach(async () => {
  backend = await startFakeBackend({ token: kit.TOKEN, username: kit.USERNAME, password: kit.PASSWORD });
});
afterEach(() => backend.stop());

const statuses = () => backend.requests.map(({ status }) => status);
const received = (match: string) => backend.requests.filter(({ method, url }) => `${method} ${url}` === match).length;
async function untilReceived(match: string, times = 1): Promise<void> {
  while (received(match) < times) await sleep(5);
}

describe('an abort rejects the call with an InterruptedError', () => {
  test('before the call, and nothing is sent', async () => {
    for (const credentials of [tokenCredentials(), loginCredentials()]) {
      const client = clientOf(backend, { credentials });
      expect(await errorOf(client.signIn(AbortSignal.abort()))).toBeInstanceOf(InterruptedError);
      const sending = client.sendRecords(dataset, records, AbortSignal.abort());
      expect(await errorOf(sending)).toBeInstanceOf(InterruptedError);
    }
    await clientOf(backend).sendRecords(dataset, records, new AbortController().signal);
    expect(statuses()).toEqual([201]);
  });

  test('while signing in with a token waits for the TLS handshake', async () => {
    const run = new AbortController();
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const connected = once(silent, 'connection');
    const signIn = clientOf({ url: `https://127.0.0.1:${port}` }).signIn(run.signal);
    await connected;
    run.abort();
    expect(await errorOf(signIn)).toBeInstanceOf(InterruptedError);
    // The server closes only when no connection is left open.
    await new Promise((resolve) => silent.close(resolve));
  });

  test('while signing in waits for a further attempt, with a token', async () => {
    const run = new AbortController();
    const retry = { baseDelayMs: 30_000, maxDelayMs: 30_000 };
    const client = clientOf({ url: 'http://127.0.0.1:1' }, { retry, onRetry: () => setImmediate(() => run.abort()) });
    expect(await errorOf(client.signIn(run.signal))).toBeInstanceOf(InterruptedError);
  });

  test('while signing in waits for a further attempt, with a login', async () => {
    const run = new AbortController();
    backend.fail({ match: LOGIN, status: 503, times: Infinity });
    const retry = { baseDelayMs: 30_000, maxDelayMs: 30_000 };
    const options = { credentials: loginCredentials(), retry, onRetry: () => setImmediate(() => run.abort()) };
    expect(await errorOf(clientOf(backend, options).signIn(run.signal))).toBeInstanceOf(InterruptedError);
    expect(statuses()).toEqual([503]);
  });

  test('while signing in waits for the answer to a login', async () => {
    const run = new AbortController();
    backend.fail({ match: LOGIN, delayMs: 30_000 });
    const signIn = clientOf(backend, { credentials: loginCredentials() }).signIn(run.signal);
    await untilReceived(LOGIN);
    run.abort();
    expect(await errorOf(signIn)).toBeInstanceOf(InterruptedError);
  });

  test('while a further login waits for its answer, after a status 401', async () => {
    const run = new AbortController();
    const client = clientOf(backend, { credentials: loginCredentials() });
    await client.signIn(run.signal);
    backend.expireToken();
    backend.fail({ match: LOGIN, delayMs: 30_000 });
    const sending = client.sendRecords(dataset, records, run.signal);
    await untilReceived(LOGIN, 2);
    run.abort();
    expect(await errorOf(sending)).toBeInstanceOf(InterruptedError);
  });

  test.each([
    ['the answer to a request is late', RECORDS, 20],
    ['a login, which changes nothing, waits for its answer', LOGIN, 30_000],
  ])('while %s', async (_what, match, finishMs) => {
    const run = new AbortController();
    backend.fail({ match, delayMs: 30_000 });
    const client = clientOf(backend, { credentials: loginCredentials(), timeouts: { finishMs } });
    const sending = client.sendRecords(dataset, records, run.signal);
    await untilReceived(match);
    run.abort();
    expect(await errorOf(sending)).toBeInstanceOf(InterruptedError);
  });

  test.each([
    ['and there could be a further attempt', 4],
    ['and it is the last attempt', 1],
  ])('while a request fails transiently %s', async (_which, attempts) => {
    const run = new AbortController();
    const gate = Promise.withResolvers<undefined>();
    backend.fail({ match: RECORDS, status: 503, until: gate.promise });
    const sending = clientOf(backend, { retry: { attempts } }).sendRecords(dataset, records, run.signal);
    await untilReceived(RECORDS);
    run.abort();
    gate.resolve(undefined);
    expect(await errorOf(sending)).toBeInstanceOf(InterruptedError);
    expect(statuses()).toEqual([503]);
  });

  test('between two attempts', async () => {
    const run = new AbortController();
    backend.fail({ match: RECORDS, status: 503, times: Infinity });
    const retry = { baseDelayMs: 30_000, maxDelayMs: 30_000 };
    const client = clientOf(backend, { retry, onRetry: () => setImmediate(() => run.abort()) });
    expect(await errorOf(client.sendRecords(dataset, records, run.signal))).toBeInstanceOf(InterruptedError);
    expect(statuses()).toEqual([503]);
  });
});

describe('after an abort an answer that arrives soon still counts', () => {
  const answerAfterAbort = async (fault: { status?: number } = {}) => {
    const run = new AbortController();
    const gate = Promise.withResolvers<undefined>();
    backend.fail({ match: RECORDS, until: gate.promise, ...fault });
    const sending = clientOf(backend).sendRecords(dataset, records, run.signal);
    await untilReceived(RECORDS);
    run.abort();
    gate.resolve(undefined);
    return sending;
  };

  test('and the call succeeds', async () => {
    await answerAfterAbort();
    expect(statuses()).toEqual([201]);
  });

  test('and a refusal is reported', async () => {
    expect(await errorOf(answerAfterAbort({ status: 404 }))).toMatchObject({ code: 'backend-refused' });
  });
});
