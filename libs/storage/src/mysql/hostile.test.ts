import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { type MysqlConfig, Secret } from '@tracebloc/ingestor-core';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../database/open.js';

/** A packet of the protocol. */
function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

const text = (value: string) => Buffer.from(`${value}\0`);
const CAPABILITIES = 0x0008a200 | 0x0201;
const GREETING = packet(
  0,
  Buffer.concat([
    ...[Buffer.from([10]), text('5.5.5-10.11.8-MariaDB'), Buffer.from([1, 0, 0, 0]), Buffer.from('abcdefgh\0')],
    ...[Buffer.from([CAPABILITIES & 0xff, (CAPABILITIES >> 8) & 0xff, 45, 2, 0, (CAPABILITIES >> 16) & 0xff, 0, 21])],
    ...[Buffer.alloc(10), text('ijklmnopqrst'), text('mysql_native_password')],
  ]),
);
const OK = (sequence: number) => packet(sequence, Buffer.from([0, 0, 0, 2, 0, 0, 0]));
const error = (sequence: number, errno: number, message: string) =>
  packet(sequence, Buffer.concat([Buffer.from([0xff, errno & 0xff, errno >> 8]), Buffer.from(`#HY000${message}`)]));

const listeners: Server[] = [];
const sockets = new Set<Socket>();

/** Starts a server that calls `talk` for each client. The sockets stay open until the test ends, whatever the client does. */
async function serve(talk: (socket: Socket) => void): Promise<MysqlConfig> {
  const listener = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  }).listen(0, '127.0.0.1');
  listeners.push(listener);
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return { kind: 'mysql', host: '127.0.0.1', port, user: 'u', password: new Secret('p'), name: 'd' };
}
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const listener of listeners.splice(0)) listener.close();
});

/** Sends for as long as the client reads. */
function flood(socket: Socket, head: Buffer): void {
  const chunk = Buffer.alloc(1024 * 1024, 0xff);
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.write(head);
  socket.on('drain', more);
  more();
}

const logIn = (then: (socket: Socket, statement: Buffer) => void) => (socket: Socket) => {
  let packets = 0;
  socket.write(GREETING);
  socket.on('data', (data) => (packets++ === 0 ? socket.write(OK(2)) : then(socket, data)));
};

const opening = async (options: MysqlConfig) =>
  (await openDatabase(options).catch((e: unknown) => e)) as Error & { code: string };

describe('a server that sends without end', () => {
  /** The header of a packet of the greatest length, after which more follow. */
  const HUGE = Buffer.from([0xff, 0xff, 0xff, 0]);

  it.each([
    ['before the login', (socket: Socket) => flood(socket, HUGE), /64 KiB before the login was done/],
    [
      'after the greeting',
      (socket: Socket) => {
        socket.write(GREETING);
        socket.once('data', () => flood(socket, Buffer.from([0xff, 0xff, 0xff, 2])));
      },
      /64 KiB before the login was done/,
    ],
    [
      'in answer to a statement',
      logIn((socket) => flood(socket, Buffer.from([0xff, 0xff, 0xff, 1]))),
      /64 MiB in answer to one statement/,
    ],
  ])('%s, is disconnected', async (_, talk, message) => {
    const before = process.memoryUsage().rss;
    const failure = await opening(await serve(talk));
    expect(failure).toMatchObject({ code: 'database-answer-too-large', exitCode: 1 });
    expect(failure.message).toMatch(message);
    expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(400);
  });
});

describe('a server that keeps the socket', () => {
  /** Opens each database in one process. Returns its output when it has ended, for which nothing may be open any more. */
  async function outputFor(servers: readonly MysqlConfig[]): Promise<string> {
    const code = `
      import { openDatabase } from ${JSON.stringify(new URL('../../dist/database/open.js', import.meta.url).href)};
      import { Secret } from '@tracebloc/ingestor-core';
      for (const port of ${JSON.stringify(servers.map(({ port }) => port))}) {
        const options = { kind: 'mysql', host: '127.0.0.1', port, user: 'u', password: new Secret('p'), name: 'd' };
        await openDatabase(options).catch((error) => console.log(error.code));
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    const timer = setTimeout(() => child.kill('SIGKILL'), 45_000);
    const [status] = (await once(child, 'close')) as [number | null];
    clearTimeout(timer);
    expect([status, output]).toEqual([0, output]);
    return output;
  }

  it('and refuses the client at any step, or half closes its end, does not keep the process', async () => {
    const greetsWithError = await serve((socket) => socket.write(error(0, 1045, 'Access denied')));
    const refusesLogin = await serve((socket) => {
      socket.write(GREETING);
      socket.once('data', () => socket.write(error(2, 1045, 'Access denied')));
    });
    const refusesStatements = await serve(logIn((socket) => socket.write(error(1, 1317, 'Interrupted'))));
    const halfCloses = await serve((socket) => {
      socket.end();
    });
    const output = await outputFor([greetsWithError, refusesLogin, refusesStatements, halfCloses]);
    expect(output).toMatch(
      /^database-login-refused\ndatabase-login-refused\ndatabase-(?!login)\S+\ndatabase-unreachable\n$/,
    );
  });

  it('and does not answer with rows is reported not to be a database server', async () => {
    expect(await opening(await serve(logIn((socket) => socket.write(OK(1)))))).toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining('PROTOCOL_UNEXPECTED_ANSWER') as unknown,
    });
  });

  it('and is silent after the login is disconnected', async () => {
    const silent = await serve(logIn(() => undefined));
    const start = performance.now();
    expect(await opening({ ...silent, waits: { setUpMs: 100 } })).toMatchObject({ code: 'database-unreachable' });
    expect(performance.now() - start).toBeLessThan(9000);
  });
});

it('a server that requires a login method that the driver lacks is not reported as unreachable', async () => {
  const plugin = Buffer.concat([Buffer.from([0xfe]), text('client_ed25519'), text('12345678901234567890123456789012')]);
  const failure = await opening(
    await serve((socket) => {
      socket.write(GREETING);
      socket.once('data', () => socket.write(packet(2, plugin)));
    }),
  );
  expect(failure).toMatchObject({ code: 'database-login-refused' });
  expect(failure.message).toContain('client_ed25519');
});
