import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { breakOff, startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** The server answers every chunk with the same chunk in brackets. */
let server: Server;
let heard: string[];
let proxy: TcpProxy;

beforeEach(async () => {
  heard = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard.push(chunk.toString());
      socket.write(`<${chunk.toString()}>`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startTcpProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
});

afterEach(async () => {
  await proxy.stop();
  server.close();
});

function open(): Socket {
  // At the end of a test the proxy breaks open connections.
  return connect(proxy.port, proxy.host).on('error', () => undefined);
}

async function ask(socket: Socket, question: string): Promise<string> {
  socket.write(question);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

async function broken(socket: Socket): Promise<string> {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error.code!;
}

describe('a proxy', () => {
  test('passes on the data of both ends, and the end of the client', async () => {
    const socket = open();
    expect(await ask(socket, 'one')).toBe('<one>');
    expect(await ask(socket, 'two')).toBe('<two>');
    socket.end();
    await once(socket, 'close');
    expect(proxy.connections).toBe(1);
  });

  test('breaks a connection at the answer, and accepts others', async () => {
    proxy.intercept(({ direction, connection }) => (direction === 'to-client' && connection === 1 ? 'reset' : 'pass'));
    const socket = open();
    socket.write('lost');
    expect(await broken(socket)).toBe('ECONNRESET');
    expect(await ask(open(), 'kept')).toBe('<kept>');
  });

  test('passes a part of a chunk before it breaks', async () => {
    proxy.intercept(({ direction }) => (direction === 'to-client' ? { cut: 3 } : 'pass'));
    const socket = open();
    const end = broken(socket);
    expect(await ask(socket, 'half')).toBe('<ha');
    expect(await end).toBe('ECONNRESET');
  });

  test('delays chunks', async () => {
    proxy.intercept(({ direction }) => (direction === 'to-server' ? { delay: 120 } : 'pass'));
    const started = performance.now();
    expect(await ask(open(), 'late')).toBe('<late>');
    expect(performance.now() - started).toBeGreaterThan(100);
  });

  test('holds a chunk while its verdict is pending', async () => {
    const gate = Promise.withResolvers<'pass'>();
    proxy.intercept(({ direction, connection }) =>
      direction === 'to-client' && connection === 1 ? gate.promise : 'pass',
    );
    const order: string[] = [];
    const socket = open();
    await once(socket, 'connect');
    const answer = ask(socket, 'held').then((text) => order.push(text));
    order.push(await ask(open(), 'other'));
    gate.resolve('pass');
    await answer;
    expect(order).toEqual(['<other>', '<held>']);
  });

  test('delivers late data of a broken client, even after it breaks all other connections', async () => {
    const gate = Promise.withResolvers<'pass'>();
    proxy.intercept(({ chunk }) => (chunk.includes('late') ? { late: gate.promise } : 'pass'));
    const socket = open();
    socket.write('late');
    expect(await broken(socket)).toBe('ECONNRESET');
    proxy.resetAll();
    expect(await ask(open(), 'sooner')).toBe('<sooner>');
    expect(heard).toEqual(['sooner']);
    gate.resolve('pass');
    while (heard.length < 2) await setImmediate();
    expect(heard).toEqual(['sooner', 'late']);
  });

  test('breaks all connections, and refuses new ones while that is set', async () => {
    const sockets = [open(), open()];
    for (const socket of sockets) await ask(socket, 'hello');
    const ends = Promise.all(sockets.map(broken));
    proxy.refuse(true);
    proxy.resetAll();
    expect(await ends).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(await broken(open())).toBe('ECONNRESET');
    proxy.refuse(false);
    expect(await ask(open(), 'back')).toBe('<back>');
  });

  test('breaks a connection that is shutting down, without an error', async () => {
    const errors: string[] = [];
    const socket = open().on('error', (error: NodeJS.ErrnoException) => errors.push(error.code!));
    await once(socket, 'connect');
    socket.end();
    await new Promise((resolve) => process.nextTick(resolve));
    expect([socket.writableEnded, socket.writableFinished]).toEqual([true, false]);
    breakOff(socket);
    await once(socket, 'close');
    expect(errors).toEqual([]);
  });
});
