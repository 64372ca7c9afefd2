import type { Socket } from 'node:net';
import type { Connection } from 'mysql2';

/** The driver's connection behind its promises. */
export function coreOf(connection: object): Connection {
  const { connection: core = connection } = connection as { connection?: object };
  return core as Connection;
}

/** The driver's types do not declare the stream. */
export function socketOf(connection: object): Socket {
  return (coreOf(connection) as unknown as { stream: Socket }).stream;
}

/** Closes the socket with an error, as if the network had failed, so that every waiting statement fails. */
export function breakSocket(socket: Socket): void {
  socket.destroy(Object.assign(new Error('The connection was closed.'), { code: 'ETIMEDOUT' }));
}

/** Breaks the socket after `ms` milliseconds without traffic, until `setTimeout(0)` is called. */
export function breakIfSilent(socket: Socket, ms: number): void {
  socket.setTimeout(ms, () => breakSocket(socket));
}
