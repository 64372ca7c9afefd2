import type { Socket } from 'node:net';
import type { Connection } from 'mysql2';

/** The driver's connection behind its promises. */
export function coreOf(connection: object): Connection {
  const { connection: core = connection } = connection as { connection?: object };
  return core as Connection;
}

/** What the driver's types keep to themselves. */
export function socketOf(connection: object): Socket {
  return (coreOf(connection) as unknown as { stream: Socket }).stream;
}

/** As the network does it: whatever waits for an answer on the connection fails. */
export function breakSocket(socket: Socket): void {
  socket.destroy(Object.assign(new Error('The connection was given up.'), { code: 'ETIMEDOUT' }));
}

/** Breaks it where nothing comes or goes for so long, until `setTimeout(0)`. */
export function breakIfSilent(socket: Socket, ms: number): void {
  socket.setTimeout(ms, () => breakSocket(socket));
}
