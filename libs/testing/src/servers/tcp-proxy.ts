import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A chunk of a TCP stream on its way through the proxy. Its borders are not those of any protocol. */
export interface Passage {
  direction: 'to-server' | 'to-client';
  chunk: Buffer;
  /** The number of the connection. The first one is 1. */
  connection: number;
}

/**
 * Decides about a chunk. `reset` drops it and breaks the connection at both ends (TCP RST). `cut` passes its first `bytes`
 * and then breaks the connection. `delay` holds it, and what follows in its direction, for `ms`. `late` breaks the
 * connection at the sender's end and delivers the chunk when the promise resolves, as a network does that recovers after
 * the sender is gone.
 */
export type Verdict = 'pass' | 'reset' | { cut: number } | { delay: number } | { late: Promise<unknown> };

/** Decides about every chunk and may keep state. What follows in the direction waits for a promised verdict. */
export type Interceptor = (passage: Passage) => Verdict | Promise<Verdict>;

/** A separate proxy in front of a server, on a free loopback port. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** The number of accepted connections. */
  readonly connections: number;
  /** Replaces the interceptor. Without an argument everything passes. */
  intercept(interceptor?: Interceptor): void;
  /** Breaks every connection with a TCP RST. */
  resetAll(): void;
  /** While this is set, new connections are broken, as by a server that is gone. */
  refuse(refused: boolean): void;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function startTcpProxy(server: { host: string; port: number }): Promise<TcpProxy> {
  let judge: Interceptor = () => 'pass';
  let refused = false;
  let connections = 0;
  const pairs = new Set<() => void>();

  const listener = createServer((client) => {
    if (refused) {
      breakOff(client);
      return;
    }
    const connection = ++connections;
    const upstream = connect(server.port, server.host);
    const reset = () => {
      pairs.delete(reset);
      for (const socket of [client, upstream]) breakOff(socket);
    };
    pairs.add(reset);
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      // A break at one end is passed on to the other end.
      socket.on('error', reset);
    }
    const ends: [Socket, Socket, Passage['direction']][] = [
      [client, upstream, 'to-server'],
      [upstream, client, 'to-client'],
    ];
    for (const [from, to, direction] of ends) {
      const leave = () => {
        pairs.delete(reset);
        breakOff(from);
      };
      void relay(from, to, (chunk) => judge({ direction, chunk, connection }), leave).catch(reset);
    }
    // The client may be gone while the proxy still holds a chunk of it.
    upstream.on('close', () => pairs.delete(reset));
  });
  listener.listen(0, HOST);
  await once(listener, 'listening');

  return {
    host: HOST,
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    intercept(interceptor = () => 'pass') {
      judge = interceptor;
    },
    resetAll() {
      for (const reset of pairs) reset();
    },
    refuse(now) {
      refused = now;
    },
    async stop() {
      listener.close();
      for (const reset of pairs) reset();
      await once(listener, 'close');
    },
  };
}

/**
 * Closes a connection with a TCP RST. While a socket is shutting down, Node 24 refuses to reset it and leaves its handle open,
 * which keeps the process in an endless loop when it exits. So such a socket is only destroyed.
 */
export function breakOff(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

/**
 * Passes chunks on in their order and with backpressure. Throws if the connection must be broken; `leave` breaks only the
 * sender's end.
 */
async function relay(
  from: Socket,
  to: Socket,
  judge: (chunk: Buffer) => Verdict | Promise<Verdict>,
  leave: () => void,
): Promise<void> {
  for await (const chunk of from as AsyncIterable<Buffer>) {
    const verdict = await judge(chunk);
    if (verdict === 'reset') throw new Error('reset');
    if (typeof verdict === 'object' && 'cut' in verdict) {
      await send(to, chunk.subarray(0, verdict.cut));
      throw new Error('cut');
    }
    if (typeof verdict === 'object' && 'late' in verdict) {
      leave();
      await verdict.late;
      await send(to, chunk);
      break;
    }
    if (typeof verdict === 'object') await sleep(verdict.delay);
    await send(to, chunk);
  }
  to.end();
}

/** Resolves when the system has accepted the bytes. */
function send(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => to.write(bytes, (error) => (error ? reject(error) : resolve())));
}
