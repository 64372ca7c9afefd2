import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as kit from './client.test-support.js';
import { clientOf, dataset, errorOf, loginCredentials, metadata, records, schema } from './client.test-support.js';

const { signal } = new AbortController();
const LOGIN = 'POST /api-token-auth/';
const HTML = { contentType: 'text/html', body: '<!DOCTYPE html><title>Sign in</title>' };
let backend: FakeBackend;

beforeEach(async () => {
  backend = await startFakeBackend({ token: kit.TOKEN, username: kit.USERNAME, password: kit.PASSWORD });
});
afterEach(() => backend.stop());

const statuses = () => backend.requests.map(({ status }) => status);

describe('an unexpected answer', () => {
  test('HTML instead of a token fails', async () => {
    backend.fail({ match: LOGIN, ...HTML });
    const error = await errorOf(clientOf(backend, { credentials: loginCredentials() }).signIn(signal));
    expect(error).toMatchObject({ code: 'backend-not-json' });
    expect(error.message).toMatch(/POST \/api-token-auth\/ with 200 OK but not with JSON \(content type text\/html\)/);
    expect(error.message).toMatch(/HTML page.*proxy/);
  });

  test('HTML instead of the dataset fails', async () => {
    const client = clientOf(backend);
    backend.fail({ match: 'POST /dataset/', ...HTML });
    const error = await errorOf(client.createDataset(dataset, 'Churn', true, signal));
    expect(error).toMatchObject({ code: 'backend-not-json' });
    expect(error.message).toContain('POST /dataset/');
    expect(error.fix.join()).toContain('run the same command again');
  });

  test('an empty body instead of the dataset fails', async () => {
    backend.fail({ match: 'POST /dataset/', status: 200, body: '' });
    const error = await errorOf(clientOf(backend).createDataset(dataset, 'Churn', true, signal));
    expect(error).toMatchObject({ code: 'backend-not-json' });
    expect(error.message).not.toContain('HTML');
  });

  test.each(['null', '{}', '{"token": 7}', '[]', '"tok"'])('JSON without a token fails: %s', async (body) => {
    backend.fail({ match: LOGIN, body });
    const error = await errorOf(clientOf(backend, { credentials: loginCredentials() }).signIn(signal));
    expect(error).toMatchObject({ code: 'backend-no-token' });
  });

  test('a token as plain text fails and is not quoted', async () => {
    backend.fail({ match: LOGIN, body: kit.TOKEN, contentType: 'text/plain' });
    const error = await errorOf(clientOf(backend, { credentials: loginCredentials() }).signIn(signal));
    expect(error).toMatchObject({ code: 'backend-not-json' });
  });

  test('HTML for any other call fails, since the backend did not receive the call', async () => {
    backend.fail({ match: /global_meta/, ...HTML, times: 4 });
    const client = clientOf(backend);
    const calls = [
      client.sendRecords(dataset, records, signal),
      client.generateEdgeLabels(dataset, signal),
      client.sendMetadata(dataset, schema, metadata, signal),
      client.prepare(dataset, 'tabular_classification', 'tabular', signal),
    ];
    for (const call of calls) expect(await errorOf(call)).toMatchObject({ code: 'backend-not-json' });
  });

  test('only the status of the other calls counts', async () => {
    for (const body of ['', 'ok', '{"half":']) {
      backend.fail({ match: /global_meta/, status: 200, body, contentType: 'text/plain', times: 4 });
      const client = clientOf(backend);
      await client.sendRecords(dataset, records, signal);
      await client.generateEdgeLabels(dataset, signal);
      await client.sendMetadata(dataset, schema, metadata, signal);
      await client.prepare(dataset, 'tabular_classification', 'tabular', signal);
    }
    expect(statuses()).toEqual(Array(12).fill(200));
  });
});
