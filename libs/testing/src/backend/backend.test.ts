import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startFakeBackend, type FakeBackend } from './backend.js';

const TOKEN = 'tok-1';
const record = { data_id: 'r-0', data_intent: 'train', label: 'yes', is_sample: false, injestor_id: 'r' };
const fixed = ['id', 'created_at', 'updated_at', 'status', 'label', 'data_intent', 'data_id', 'filename'];
const schema = Object.fromEntries(
  [...fixed, 'extension', 'annotation', 'ingestor_id', 'age'].map((name) => [name, 'INT']),
);
const metadata = { table_name: 't', schema, meta_data: { number_of_columns: 1, schema: { age: 'INT' } } };
const EDGE_LABELS = '/global_meta/generate-edge-labels-meta/?table_name=t&injestor_id=r&data_intent=train';
const PREPARE =
  '/global_meta/prepare/?category=tabular_classification&injestor_id=r&data_format=tabular&data_intent=train';
const made = { title: 'T', allow_feature_modification: true };

let backend: FakeBackend;
beforeEach(async () => {
  backend = await startFakeBackend({ token: TOKEN, username: 'me', password: 'pw' });
});
afterEach(() => backend.stop());

const authorization = `TOKEN ${TOKEN}`;
const get = async (path: string, headers: Record<string, string> = { authorization }) =>
  (await fetch(backend.url + path, { headers })).status;
const post = async (path: string, body: unknown, headers: Record<string, string> = { authorization }) =>
  (
    await fetch(backend.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  ).status;

describe('a run in the documented order', () => {
  test('is recorded, and repeated calls are counted', async () => {
    expect(await post('/global_meta/t/', [record, { ...record, data_id: 'r-1', label: 7 }])).toBe(201);
    expect(await post('/global_meta/t/', [{ ...record, data_id: 'r-1', label: null }])).toBe(201);
    expect(await get(EDGE_LABELS)).toBe(200);
    expect(await post('/global_meta/global_metadata/', metadata)).toBe(201);
    expect(await get(PREPARE)).toBe(200);
    expect(await post('/dataset/', made)).toBe(201);
    expect(await post('/dataset/', made)).toBe(201);
    expect(backend.violations).toEqual([]);
    expect(backend.calls.map(({ name }) => name)).toEqual([
      ...['records', 'records', 'edge-labels', 'global-metadata', 'prepare', 'dataset', 'dataset'],
    ]);
    expect(backend.tables).toEqual({
      t: {
        runId: 'r',
        table: 't',
        intent: 'train',
        labels: new Map<string, unknown>([
          ['r-0', 'yes'],
          ['r-1', null],
        ]),
        repeated: new Map([['r-1', 2]]),
        edgeLabels: true,
        schema,
        metadata: metadata.meta_data,
        prepared: { category: 'tabular_classification', dataFormat: 'tabular' },
        dataset: { id: 1, title: 'T', allowFeatureModification: true },
      },
    });
  });

  test('may omit the edge labels, and a second run of the table may follow', async () => {
    await post('/global_meta/t/', [record]);
    expect(await post('/global_meta/global_metadata/', metadata)).toBe(201);
    expect(await get(PREPARE)).toBe(200);
    expect(await post('/dataset/', made)).toBe(201);
    expect(await post('/global_meta/t/', [{ ...record, injestor_id: 'r2' }])).toBe(201);
    expect(await post('/global_meta/global_metadata/', metadata)).toBe(201);
    expect(backend.runs.map(({ runId }) => runId)).toEqual(['r', 'r2']);
    expect(backend.tables['t']!.runId).toBe('r2');
  });
});

test.each<[string, () => Promise<number>, RegExp]>([
  ['edge labels before any batch', () => get(EDGE_LABELS), /before any batch/],
  ['metadata before any batch', () => post('/global_meta/global_metadata/', metadata), /before any batch/],
  ['a dataset before any batch', () => post('/dataset/', made), /before any batch/],
])('out of order: %s', async (_what, send, problem) => {
  expect(await send()).toBe(400);
  expect(backend.violations).toEqual([{ request: expect.any(String), problems: [expect.stringMatching(problem)] }]);
  expect(backend.calls).toEqual([]);
});

test('a skipped step and a step back are violations', async () => {
  await post('/global_meta/t/', [record]);
  expect(await get(PREPARE)).toBe(400);
  expect(await post('/dataset/', made)).toBe(400);
  await post('/global_meta/global_metadata/', metadata);
  expect(await get(EDGE_LABELS)).toBe(400);
  expect(await post('/global_meta/t/', [record])).toBe(400);
  expect(backend.violations.map(({ problems }) => problems.join().split(';')[0])).toEqual([
    'prepare came after records',
    'dataset came after records',
    'edge-labels came after global-metadata',
    'records came after global-metadata',
  ]);
});

describe('a request with a wrong form is answered with 400 and recorded', () => {
  const without = (key: string, value: object) =>
    Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const one = (change: object) => [{ ...record, ...change }];

  test.each<[string, string, unknown, RegExp]>([
    ['unknown path', '/global_meta/t', [record], /there is no POST \/global_meta\/t/],
    ['not an array', '/global_meta/t/', record, /not an array/],
    ['no records', '/global_meta/t/', [], /not an array of 1 to/],
    ['too many', '/global_meta/t/', Array(10_001).fill(record), /1 to 10000/],
    ['another spelling', '/global_meta/t/', [{ ...record, ingestor_id: 'r' }], /has ingestor_id/],
    ['a missing field', '/global_meta/t/', [without('is_sample', record)], /lacks is_sample/],
    ['a sample', '/global_meta/t/', one({ is_sample: true }), /is_sample of record 0 is not one of false/],
    ['a numeric data_id', '/global_meta/t/', one({ data_id: 1 }), /data_id of record 0 is not a text/],
    ['an unknown intent', '/global_meta/t/', one({ data_intent: 'validate' }), /"train", "test"/],
    ['a boolean label', '/global_meta/t/', one({ label: true }), /a text, a number or null/],
    ['two runs', '/global_meta/t/', [record, { ...record, injestor_id: 'q' }], /more than one injestor_id/],
    ['not JSON', '/global_meta/t/', '[', /not JSON/],
    ['a query', '/global_meta/t/?a=1', [record], /takes no query/],
    [
      'a schema without the fixed columns',
      '/global_meta/global_metadata/',
      { ...metadata, schema: { age: 'INT' } },
      /schema of/,
    ],
    ['no meta_data', '/global_meta/global_metadata/', without('meta_data', metadata), /lacks meta_data/],
    ['a flag as text', '/dataset/', { ...made, allow_feature_modification: 'true' }, /true or false/],
    ['an empty title', '/dataset/', { ...made, title: '' }, /title of the body/],
  ])('POST: %s', async (_what, path, body, problem) => {
    expect(await post(path, body)).toBe(400);
    expect(backend.violations).toHaveLength(1);
    expect(backend.violations[0]!.problems.join()).toMatch(problem);
    expect(backend.calls).toEqual([]);
  });

  test.each([
    [EDGE_LABELS.replace('injestor_id', 'ingestor_id'), /has ingestor_id.*lacks injestor_id/],
    [EDGE_LABELS.replace('=train', '='), /data_intent of the query/],
    [`${EDGE_LABELS}&injestor_id=q`, /twice/],
    [PREPARE.replace('tabular&', 'csv&'), /data_format of the query is not one of "image"/],
    [PREPARE.replace('category', 'task'), /has task.*lacks category/],
  ])('GET %s', async (path, problem) => {
    expect(await get(path)).toBe(400);
    expect(backend.violations[0]!.problems.join()).toMatch(problem);
  });

  test('with a wrong header or content type', async () => {
    expect(await get(EDGE_LABELS, {})).toBe(400);
    expect(await get(EDGE_LABELS, { authorization: `Bearer ${TOKEN}` })).toBe(400);
    expect(await post('/dataset/', made, { authorization, 'content-type': 'text/plain' })).toBe(400);
    expect(await post('/api-token-auth/', { username: 'me', password: 'pw' }, { authorization })).toBe(400);
    expect(backend.violations).toHaveLength(4);
  });

  test('with a contradiction to the run', async () => {
    await post('/global_meta/t/', [record]);
    expect(await get(EDGE_LABELS.replace('=train', '=test'))).toBe(400);
    expect(await get(EDGE_LABELS.replace('=t&', '=other&'))).toBe(400);
    await post('/global_meta/global_metadata/', { ...metadata, meta_data: {} });
    expect(await get(PREPARE)).toBe(400);
    await post('/global_meta/global_metadata/', metadata);
    expect(await get(PREPARE)).toBe(200);
    expect(await post('/dataset/', { ...made, allow_feature_modification: false })).toBe(400);
    expect(backend.violations.map(({ problems }) => problems.join())).toEqual([
      'run r is for train',
      'run r is of table t',
      'the meta_data of a tabular task lacks number_of_columns or schema',
      'allow_feature_modification is true for tabular_classification and for nothing else',
    ]);
  });
});

describe('tokens', () => {
  test('rotate and expire, and a login returns a new one', async () => {
    backend.rotateToken('tok-2');
    expect(await post('/global_meta/t/', [record])).toBe(401);
    expect(await post('/global_meta/t/', [record], { authorization: 'TOKEN tok-2' })).toBe(201);
    backend.expireToken();
    expect(await post('/global_meta/t/', [record], { authorization: 'TOKEN tok-2' })).toBe(401);
    expect(await post('/api-token-auth/', { username: 'me', password: 'no' }, {})).toBe(400);
    expect(await post('/api-token-auth/', { username: 'me', password: 'pw' }, {})).toBe(200);
    expect(backend.token).not.toBe('tok-2');
    expect(await get(EDGE_LABELS, { authorization: `TOKEN ${backend.token}` })).toBe(200);
    expect(backend.violations).toEqual([]);
  });
});

describe('faults', () => {
  test('apply to matching requests only, in their order and number', async () => {
    backend.fail({ match: 'POST /global_meta/t/', status: 500, times: 2 });
    backend.fail({ match: /injestor_id=r/, status: 503 });
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push(await post('/global_meta/t/', [record]));
    for (let n = 0; n < 2; n += 1) answers.push(await get(EDGE_LABELS));
    expect(answers).toEqual([500, 500, 201, 503, 200]);
  });

  test('apply until they are cleared', async () => {
    backend.fail({ match: /./, status: 500, times: Infinity });
    expect(await post('/global_meta/t/', [record])).toBe(500);
    backend.clearFaults();
    expect(await post('/global_meta/t/', [record])).toBe(201);
  });

  test('answer with a body, a content type and headers', async () => {
    backend.fail({ match: /./, body: '<html>', contentType: 'text/html', headers: { 'x-proxy': 'yes' } });
    const answer = await fetch(backend.url);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-proxy')]).toEqual([
      ...[200, 'text/html', 'yes'],
    ]);
    expect(await answer.text()).toBe('<html>');
  });

  test('close the connection before or after the request is processed', async () => {
    backend.fail({ match: /./, hangup: 'before' });
    await expect(post('/global_meta/t/', [record])).rejects.toThrow('fetch failed');
    expect(backend.calls).toEqual([]);
    backend.fail({ match: /./, hangup: 'after' });
    await expect(post('/global_meta/t/', [record])).rejects.toThrow('fetch failed');
    expect(backend.calls).toHaveLength(1);
  });

  test('delay an answer', async () => {
    backend.fail({ match: /./, delayMs: 60 });
    const start = performance.now();
    expect(await post('/global_meta/t/', [record])).toBe(201);
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  });
});

test('a fault holds an answer until its promise resolves', async () => {
  const gate = Promise.withResolvers<undefined>();
  backend.fail({ match: /./, until: gate.promise });
  const held = post('/global_meta/t/', [record]);
  while (backend.requests.length === 0) await sleep(5);
  await post('/global_meta/t/', [{ ...record, data_id: 'r-1' }]);
  expect([...backend.tables['t']!.labels.keys()]).toEqual(['r-1']);
  gate.resolve(undefined);
  expect(await held).toBe(201);
  expect([...backend.tables['t']!.labels.keys()]).toEqual(['r-1', 'r-0']);
});

test('uses https with a certificate of its CA', async () => {
  const secure = await startFakeBackend({ tls: true });
  try {
    const request = httpsRequest(`${secure.url}/`, { ca: secure.ca, agent: false }).end();
    const [response] = (await once(request, 'response')) as [{ statusCode: number; resume: () => void }];
    response.resume();
    expect(response.statusCode).toBe(400);
    await expect(fetch(secure.url)).rejects.toThrow('fetch failed');
  } finally {
    await secure.stop();
  }
});
