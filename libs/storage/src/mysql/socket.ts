import type { Socket } from 'node:net';

/** What the driver's types keep to themselves. */
export function socketOf(connection: object): Socket {
  const { connection: core = connection } = connection as { connection?: object };
  return (core as { stream: Socket }).stream;
}

/** As the network does it: whatever waits for an answer on the connection fails. */
export function breakSocket(socket: Socket): void {
  socket.destroy(Object.assign(new Error('The connection was given up.'), { code: 'ETIMEDOUT' }));
}

/** Breaks it where nothing comes or goes for so long, until `setTimeout(0)`. */
export function breakIfSilent(socket: Socket, ms: number): void {
  socket.setTimeout(ms, () => breakSocket(socket));
}
