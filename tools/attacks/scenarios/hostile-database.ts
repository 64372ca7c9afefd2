import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { World } from '../world.ts';

export const attack =
  'a database server that sends packets, rows or columns without end, at each stage, takes no more than 600 MB';

const MOST_MB = 600;

type Talk = (socket: Socket) => void;

function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

const GREETING = packet(
  0,
  Buffer.concat([
    ...[
      Buffer.from([10]),
      Buffer.from('5.5.5-10.11.8-MariaDB\0'),
      Buffer.from([1, 0, 0, 0]),
      Buffer.from('abcdefgh\0'),
    ],
    ...[Buffer.from([0x01, 0xa2, 45, 2, 0, 0x08, 0, 21]), Buffer.alloc(10)],
    ...[Buffer.from('ijklmnopqrst\0'), Buffer.from('mysql_native_password\0')],
  ]),
);
const OK = packet(2, Buffer.from([0, 0, 0, 2, 0, 0, 0]));
/** The head of an answer with one column, which is named `a`. */
const COLUMN = Buffer.concat([
  packet(1, Buffer.from([1])),
  packet(
    2,
    Buffer.from([3, ...Buffer.from('def'), 0, 0, 0, 1, 97, 1, 97, 12, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0]),
  ),
  packet(3, Buffer.from([0xfe, 0, 0, 2, 0])),
]);

/** Sends what `next` returns for as long as the client reads. */
function flood(socket: Socket, next: () => Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(next()));
  };
  socket.on('drain', more);
  more();
}

/** Returns a function that returns chunks of about 64 KiB: packets of the payload with numbers from `sequence` on. */
function packets(payload: Buffer, sequence: number): () => Buffer {
  return () => {
    const many: Buffer[] = [];
    for (let bytes = 0; bytes < 65_536; bytes += payload.length + 4) many.push(packet(sequence++ & 0xff, payload));
    return Buffer.concat(many);
  };
}

const huge = (sequence: number) => packets(Buffer.alloc(0xffffff, 0x61), sequence);

const STAGES: Readonly<Record<string, Talk>> = {
  'packets before the login': (socket) => flood(socket, huge(0)),
  'packets after the greeting': (socket) => {
    socket.write(GREETING);
    socket.once('data', () => flood(socket, huge(2)));
  },
  'one packet in answer to a statement': answering((socket) => flood(socket, huge(1))),
  'rows of one byte': answering((socket) => {
    socket.write(COLUMN);
    flood(socket, packets(Buffer.from([0xfb]), 4));
  }),
  'rows of a kilobyte': answering((socket) => {
    socket.write(COLUMN);
    flood(socket, packets(Buffer.concat([Buffer.from([0xfc, 0, 4]), Buffer.alloc(1024, 0x61)]), 4));
  }),
};

function answering(answer: Talk): Talk {
  return (socket) => {
    let heard = 0;
    socket.write(GREETING);
    socket.on('data', () => {
      heard++;
      if (heard === 1) socket.write(OK);
      if (heard === 2) answer(socket);
    });
  };
}

export async function run(world: World): Promise<object> {
  const figures: Record<string, string> = {};
  for (const [stage, talk] of Object.entries(STAGES)) {
    const listener = createServer((socket) => {
      socket.on('error', () => undefined);
      talk(socket);
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const env = {
      MYSQL_HOST: '127.0.0.1',
      MYSQL_PORT: `${(listener.address() as AddressInfo).port}`,
      DB_USER: 'u',
      DB_PASSWORD: 'p',
    };
    const { code, stderr, rssMb, seconds } = await world.run(['datasets', 'list'], { env, timeoutMs: 60_000 });
    listener.close();
    assert.equal(code, 1, `${stage}: ${stderr}`);
    assert.match(stderr, /sent more than \d+ [KM]iB/, stage);
    assert.ok(rssMb < MOST_MB, `${stage}: ${rssMb} MB`);
    figures[stage] = `${Math.round(rssMb)} MB, ${seconds.toFixed(1)} s`;
  }
  return figures;
}
