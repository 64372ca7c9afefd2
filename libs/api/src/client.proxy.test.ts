import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { withoutSecrets } from '@tracebloc/ingestor-core';
import { createAuthority, startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import * as kit from './client.test-support.js';
import { clientOf, dataset, errorOf, loginCredentials, records } from './client.test-support.js';

const { signal } = new AbortController();
/** Only the proxy knows this name. */
const HOST = 'backend.example.test';

let ca: string;
let secure: FakeBackend;
let plain: FakeBackend;
let proxy: Server;
/** The requests that the proxy received, with their credentials. */
let asked: string[] = [];
let answersConnect = true;
const sockets = new Set<Socket>();

beforeAll(async () => {
  const authority = await createAuthority();
  ({ ca } = authority);
  const options = { token: kit.TOKEN, username: kit.USERNAME, password: kit.PASSWORD };
  secure = await startFakeBackend({ ...options, tls: await authority.issue(`DNS:${HOST},IP:127.0.0.1`) });
  plain = await startFakeBackend(options);
  proxy = createServer().listen(0, '127.0.0.1');
  proxy.on('connection', (socket) => sockets.add(socket));
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url!} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    if (!answersConnect) return;
    const { port } = new URL(secure.url);
    const onward = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on('error', () => undefined);
  });
  proxy.on('request', (request, response) => {
    asked.push(`${request.method!} ${request.url!}`);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise((resolve) => proxy.once('listening', resolve));
});
afterEach(() => {
  asked = [];
  answersConnect = true;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  proxy.close();
  await Promise.all([secure.stop(), plain.stop()]);
});

const address = (login = '') => `http://${login}127.0.0.1:${(proxy.address() as AddressInfo).port}`;
const portOf = (backend: FakeBackend) => new URL(backend.url).port;

test.each([
  ['a token', undefined],
  ['a login', loginCredentials()],
])('every call goes through the proxy in HTTPS_PROXY, with %s', async (_how, credentials) => {
  const url = `https://${HOST}:${portOf(secure)}`;
  const proxyEnv = { HTTPS_PROXY: address('me:pass@'), HTTP_PROXY: 'http://127.0.0.1:1' };
  const client = clientOf({ url }, { ca, proxyEnv, ...(credentials && { credentials }) });
  await client.signIn(signal);
  expect(asked.length).toBe(1);
  await client.sendRecords(dataset, records, signal);
  expect(new Set(asked)).toEqual(new Set([`CONNECT ${HOST}:${portOf(secure)} Basic ${btoa('me:pass')}`]));
});

test('the certificate is checked through the proxy too', async () => {
  const client = clientOf({ url: `https://${HOST}:${portOf(secure)}` }, { proxyEnv: { https_proxy: address() } });
  expect(await errorOf(client.signIn(signal))).toMatchObject({ code: 'backend-tls' });
  expect(await errorOf(client.sendRecords(dataset, records, signal))).toMatchObject({ code: 'backend-tls' });
});

test('calls to an http address go through the proxy in HTTP_PROXY', async () => {
  const client = clientOf({ url: `http://${HOST}:8000` }, { proxyEnv: { HTTP_PROXY: address() } });
  await client.signIn(signal);
  await client.sendRecords(dataset, records, signal);
  expect(asked).toEqual([`POST http://${HOST}:8000/global_meta/churn_train/`]);
});

test.each([
  ['a loopback address', {}],
  ['an address in NO_PROXY', { NO_PROXY: '.example.test' }],
])('calls to %s use no proxy', async (_what, more) => {
  const [name, backend] = 'NO_PROXY' in more ? [HOST, secure] : ['127.0.0.1', plain];
  const scheme = backend === secure ? 'https' : 'http';
  const proxyEnv = { HTTP_PROXY: address(), HTTPS_PROXY: address(), ...more };
  const client = clientOf({ url: `${scheme}://${name}:${portOf(backend)}` }, { ca, proxyEnv });
  const signIn = client.signIn(signal);
  if (backend === plain) await signIn;
  else expect(await errorOf(signIn)).toMatchObject({ code: 'backend-unreachable' });
  expect(asked).toEqual([]);
});

test.each([(text: string) => text.slice('http://'.length), (text: string) => text.slice('http:'.length)])(
  'the address of a proxy without a scheme is an http address: %s',
  async (cut) => {
    const proxyEnv = { https_proxy: cut(address()) };
    const client = clientOf({ url: `https://${HOST}:${portOf(secure)}` }, { ca, proxyEnv });
    await client.signIn(signal);
    expect(asked.length).toBe(1);
  },
);

test.each(['socks5://127.0.0.1:1080', 'ftp://127.0.0.1', 'http://'])(
  'the proxy %s, which Node would silently ignore, is refused',
  async (proxyAddress) => {
    const made = Promise.resolve().then(() =>
      clientOf({ url: `https://${HOST}` }, { proxyEnv: { HTTPS_PROXY: proxyAddress } }),
    );
    expect(await errorOf(made)).toMatchObject({ code: 'proxy-address' });
  },
);

test('the password of a proxy is masked', () => {
  const proxyEnv = { HTTPS_PROXY: 'http://me:pr0xy%2FS3cret@127.0.0.1:1' };
  clientOf({ url: `https://${HOST}` }, { proxyEnv });
  expect(withoutSecrets('told pr0xy/S3cret')).toBe('told ********');
});

test('the wait for a proxy that does not answer is limited', async () => {
  answersConnect = false;
  const url = `https://${HOST}`;
  const timeouts = { connectMs: 100, responseMs: 100 };
  const client = clientOf({ url }, { ca, proxyEnv: { HTTPS_PROXY: address() }, timeouts, retry: { attempts: 1 } });
  expect(await errorOf(client.signIn(signal))).toMatchObject({ code: 'backend-unreachable' });
  const error = await errorOf(client.sendRecords(dataset, records, signal));
  expect(error.message).toContain('the proxy in HTTPS_PROXY does not connect to it (ERR_PROXY_TUNNEL)');
});

test('the error about an unreachable proxy or a malformed address contains no password', async () => {
  const url = `https://${HOST}`;
  const away = clientOf({ url }, { proxyEnv: { HTTPS_PROXY: 'http://127.0.0.1:1' }, retry: { attempts: 1 } });
  expect(await errorOf(away.signIn(signal))).toMatchObject({ code: 'backend-unreachable' });
  const broken = Promise.resolve().then(() => clientOf({ url }, { proxyEnv: { HTTPS_PROXY: 'http://me:hidden@[x' } }));
  const error = await errorOf(broken);
  expect(error).toMatchObject({ code: 'proxy-address', exitCode: 2 });
  expect(JSON.stringify(error) + error.message + error.fix.join()).not.toContain('hidden');
});

test('an answer may take longer than the limit for a connection', async () => {
  plain.fail({ match: 'POST /global_meta/churn_train/', delayMs: 2000 });
  const client = clientOf({ url: plain.url }, { timeouts: { connectMs: 1000, responseMs: 20_000 } });
  const before = plain.requests.length;
  await client.sendRecords(dataset, records, signal);
  expect(plain.requests.length).toBe(before + 1);
});
