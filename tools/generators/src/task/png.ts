import { crc32, deflateSync } from 'node:zlib';

/** The colour types of PNG, by the number of samples of a pixel: grey and RGB. */
const COLOUR_TYPES: Readonly<Record<number, number>> = { 1: 0, 3: 2 };

/** Returns a square PNG of 8-bit samples: one for each pixel in grey, or three in RGB, as `sample` returns them. */
export function drawPng(side: number, sample: (x: number, y: number) => readonly number[]): Buffer {
  const rows = Array.from({ length: side }, (_row, y) => {
    const pixels = Array.from({ length: side }, (_pixel, x) => sample(x, y));
    return Buffer.from([0, ...pixels.flat()]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, COLOUR_TYPES[sample(0, 0).length]!], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A chunk is its length, its type, its data and the checksum of type and data (PNG specification, section 5.3). */
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
