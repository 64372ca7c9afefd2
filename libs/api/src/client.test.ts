import { getEventListeners, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { startFakeBackend, type FakeBackend, type FakeBackendOptions } from '@tracebloc/ingestor-testing';
import { afterEach, describe, expect, test } from '@jest/globals';
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

const { signal } = new AbortController();
let backend: FakeBackend;

async function start(options: FakeBackendOptions = {}): Promise<FakeBackend> {
  backend = await startFakeBackend({
    token: kit.TOKEN,
    username: kit.USERNAME,
    password: kit.PASSWORD,
    ...options,
  });
  return backend;
}

afterEach(() => backend.stop());

describe('the HTTP requests', () => {
  test('of a whole run with a login', async () => {
    await start();
    const client = clientOf(backend, { credentials: loginCredentials(), userAgent: 'ingestor/9' });
    await client.signIn(signal);
    await client.sendRecords(
      dataset,
      [
        { dataId: 'run-1-0', label: 'yes' },
        { dataId: 'run-1-1', label: 33 },
        { dataId: 'run-1-2', label: null },
      ],
      signal,
    );
    await client.generateEdgeLabels(dataset, signal);
    await client.sendMetadata(dataset, schema, metadata, signal);
    await client.prepare(dataset, 'tabular_classification', 'tabular', signal);
    await client.createDataset(dataset, 'Churn, 1. quarter', true, signal);

    const record = { data_intent: 'train', is_sample: false, injestor_id: 'run-1' };
    expect(
      backend.requests.map(({ method, url, headers, body }) => ({
        call: `${method} ${url}`,
        authorization: headers.authorization,
        type: headers['content-type'],
        body: body === '' ? undefined : (JSON.parse(body) as unknown),
      })),
    ).toEqual([
      {
        call: 'POST /api-token-auth/',
        type: 'application/json',
        body: { username: kit.USERNAME, password: kit.PASSWORD },
      },
      {
        call: 'POST /global_meta/churn_train/',
        authorization: `TOKEN ${kit.TOKEN}`,
        type: 'application/json',
        body: [
          { data_id: 'run-1-0', label: 'yes', ...record },
          { data_id: 'run-1-1', label: 33, ...record },
          { data_id: 'run-1-2', label: null, ...record },
        ],
      },
      {
        call: 'GET /global_meta/generate-edge-labels-meta/?table_name=churn_train&injestor_id=run-1&data_intent=train',
        authorization: `TOKEN ${kit.TOKEN}`,
      },
      {
        call: 'POST /global_meta/global_metadata/',
        authorization: `TOKEN ${kit.TOKEN}`,
        type: 'application/json',
        body: { table_name: 'churn_train', schema, meta_data: metadata },
      },
      {
        call: 'GET /global_meta/prepare/?category=tabular_classification&injestor_id=run-1&data_format=tabular&data_intent=train',
        authorization: `TOKEN ${kit.TOKEN}`,
      },
      {
        call: 'POST /dataset/',
        authorization: `TOKEN ${kit.TOKEN}`,
        type: 'application/json',
        body: { title: 'Churn, 1. quarter', allow_feature_modification: true },
      },
    ]);
    expect(backend.requests.every(({ headers }) => headers['user-agent'] === 'ingestor/9')).toBe(true);
    expect(backend.violations).toEqual([]);
    expect(backend.tables['churn_train']).toMatchObject({
      edgeLabels: true,
      schema,
      metadata,
      prepared: { category: 'tabular_classification', dataFormat: 'tabular' },
      dataset: { title: 'Churn, 1. quarter', allowFeatureModification: true },
    });
    expect([...backend.tables['churn_train']!.labels]).toEqual([
      ['run-1-0', 'yes'],
      ['run-1-1', 33],
      ['run-1-2', null],
    ]);
  });

  test('to a backend with a path, with a table name that must be encoded', async () => {
    await start();
    backend.fail({ match: 'POST /mirror/v2/global_meta/a%2Fb/', body: '{}' });
    const client = clientOf({ url: `${backend.url}/mirror/v2` });
    expect(client.address).toBe(`${backend.url}/mirror/v2`);
    await client.sendRecords({ ...dataset, table: 'a/b' }, records, signal);
    expect(backend.requests).toHaveLength(1);
  });

  test('without records there is no request', async () => {
    await start();
    await clientOf(backend).sendRecords(dataset, [], signal);
    expect(backend.requests).toEqual([]);
  });

  test('signing in with a token only opens a connection', async () => {
    await start();
    await clientOf(backend).signIn(signal);
    expect(backend.requests).toEqual([]);
  });

  test('a long run leaves no listener on its signal', async () => {
    await start();
    const run = new AbortController();
    const client = clientOf(backend);
    await client.signIn(run.signal);
    backend.fail({ match: 'POST /global_meta/churn_train/', status: 500 });
    for (let batch = 0; batch < 20; batch += 1) await client.sendRecords(dataset, records, run.signal);
    expect(getEventListeners(run.signal, 'abort')).toEqual([]);
  });
});

describe('TLS', () => {
  test('trusts a configured private CA', async () => {
    await start({ tls: true });
    const client = clientOf(backend, { ca: backend.ca, credentials: loginCredentials() });
    await client.signIn(signal);
    await clientOf(backend, { ca: backend.ca }).signIn(signal);
    await client.sendRecords(dataset, records, signal);
    expect(backend.calls.map(({ name }) => name)).toEqual(['token', 'records']);
  });

  test.each([
    ['token', tokenCredentials()],
    ['login', loginCredentials()],
  ])('refuses another private CA without a further attempt, with a %s', async (_kind, credentials) => {
    await start({ tls: true });
    const notices: unknown[] = [];
    const client = clientOf(backend, { credentials, onRetry: (notice) => notices.push(notice) });
    const error = await errorOf(client.signIn(signal));
    expect(error).toMatchObject({ code: 'backend-tls', message: expect.stringContaining(backend.url) });
    expect(error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(error.fix[0]).toContain('private CA');
    expect(notices).toEqual([]);
  });

  test('the connection for the sign-in names the host, which a server with several hosts needs', async () => {
    await start();
    const named: string[] = [];
    const server = createServer({
      SNICallback: (name, done) => {
        named.push(name);
        done(new Error('no certificate'));
      },
    });
    server.on('tlsClientError', () => undefined);
    await once(server.listen(0, 'localhost'), 'listening');
    const { port } = server.address() as AddressInfo;
    await errorOf(clientOf({ url: `https://localhost:${port}` }, { retry: { attempts: 1 } }).signIn(signal));
    server.close();
    expect(named).toEqual(['localhost']);
  });

  test('fails for https to a server that speaks http', async () => {
    await start();
    const error = await errorOf(clientOf({ url: backend.url.replace('http:', 'https:') }).signIn(signal));
    expect(error).toMatchObject({ code: 'backend-tls' });
  });
});

describe('an address or token that is not valid is refused before anything is sent', () => {
  test.each(['api.tracebloc.io', 'ftp://x', '', 'http://me:secret@host', 'https://host/?a=1'])('%j', async (url) => {
    await start();
    expect(() => clientOf({ url })).toThrow(expect.objectContaining({ code: 'backend-address', exitCode: 2 }));
    expect(() => clientOf({ url })).not.toThrow(/secret/);
  });

  test.each(['', 'two words', 'line\nbreak', 'tökén'])('token %j', async (token) => {
    await start();
    const create = () => clientOf(backend, { credentials: tokenCredentials(token) });
    expect(create).toThrow(expect.objectContaining({ code: 'backend-token-malformed', exitCode: 2 }));
  });
});
