import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A chunk on its way through a proxy, as the network brought it: not a packet of any protocol. */
export interface Passage {
  direction: 'to-server' | 'to-client';
  chunk: Buffer;
  /** The connection's number: 1 for the first that the proxy took. */
  connection: number;
}

/**
 * What becomes of a chunk. `reset` loses it and breaks the connection at both ends (TCP RST); `cut` lets its first `bytes`
 * pass and then breaks it; `delay` lets it, and what follows it in its direction, wait for `ms`. `late` breaks the
 * connection at the sender's end, and brings what it had sent to the other once the promise resolves, as a network does
 * that comes back when the sender is gone.
 */
export type Verdict = 'pass' | 'reset' | { cut: number } | { delay: number } | { late: Promise<unknown> };

/**
 * Judges every chunk; may keep state, as to break a connection at the answer to a certain statement. What it promises is
 * waited for, with what follows in that direction.
 */
export type Interceptor = (passage: Passage) => Verdict | Promise<Verdict>;

/** A proxy of one test's own before a server, on a free loopback port. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Connections taken so far. */
  readonly connections: number;
  /** Replaces the interceptor; nothing lets everything pass. */
  intercept(interceptor?: Interceptor): void;
  /** Breaks every connection (RST). */
  resetAll(): void;
  /** While set, new connections are broken at once, as by a server that is gone. */
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
      client.resetAndDestroy();
      return;
    }
    const connection = ++connections;
    const upstream = connect(server.port, server.host);
    const reset = () => {
      pairs.delete(reset);
      for (const socket of [client, upstream]) socket.resetAndDestroy();
    };
    pairs.add(reset);
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      // Whoever breaks off, the other end is told the same way.
      socket.on('error', reset);
    }
    const ends: [Socket, Socket, Passage['direction']][] = [
      [client, upstream, 'to-server'],
      [upstream, client, 'to-client'],
    ];
    for (const [from, to, direction] of ends) {
      const leave = () => {
        pairs.delete(reset);
        from.resetAndDestroy();
      };
      void relay(from, to, (chunk) => judge({ direction, chunk, connection }), leave).catch(reset);
    }
    // The client may be gone while something of it is held.
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
 * Passes on what comes, in order and no faster than it is taken. Throws where the connection is to be broken; `leave`
 * breaks the sender's end alone.
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

/** Resolves when the system has taken the bytes. */
function send(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => to.write(bytes, (error) => (error ? reject(error) : resolve())));
}
