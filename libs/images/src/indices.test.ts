import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { createReport } from '@tracebloc/ingestor-dataset';
import { readIndices } from './indices.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'masks-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads a mask as a task does. `indices` are all of its pixels. */
async function read(content: Uint8Array) {
  const path = join(folder, 'mask.png');
  writeFileSync(path, content);
  const { size } = statSync(path);
  const file = {
    stem: 'mask',
    extension: '.png',
    shown: 'masks/mask.png',
    path,
    within: folder,
    size,
    repeated: false,
  };
  const report = createReport();
  const mask = await readIndices(file, report);
  const indices: number[] = [];
  for await (const row of mask?.rows ?? []) indices.push(...row);
  return { mask, indices, findings: report.findings().map(({ code, message }) => [code, message]) };
}

/** Class indices up to a limit, in which no row is like another. */
function classes(width: number, height: number, count: number): number[] {
  let state = 7;
  return Array.from({ length: width * height }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % count;
  });
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** Encodes a PNG of grey samples or of palette indices, which no encoder here writes with less than 8 bits of grey. */
function encode(indices: number[], width: number, height: number, bits: number, colour: 0 | 3 = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colour], 8);
  const rows = Array.from({ length: height }, (_, y) => {
    const text = indices
      .slice(y * width, (y + 1) * width)
      .map((index) => index.toString(2).padStart(bits, '0'))
      .join('');
    const bytes = text.match(/.{1,8}/g)!.map((byte) => parseInt(byte.padEnd(8, '0'), 2));
    return Buffer.from([0, ...bytes]);
  });
  const palette = Buffer.from(Array.from({ length: 3 * 2 ** Math.min(bits, 8) }, (_, at) => (at * 53) & 0xff));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(colour === 3 ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The colours of a PNG's palette. */
function paletteOf(content: Buffer): Buffer {
  const at = content.indexOf('PLTE', 0, 'latin1');
  return content.subarray(at + 4, at + 4 + content.readUInt32BE(at - 4));
}

const [WIDTH, HEIGHT] = [67, 45];

describe('readIndices returns the samples as the file stores them', () => {
  it.each([1, 2, 4, 8, 16])('in grey of %i bits', async (bits) => {
    const expected = classes(WIDTH, HEIGHT, 2 ** bits);
    const content = encode(expected, WIDTH, HEIGHT, bits);
    const { mask, indices, findings } = await read(content);
    expect(findings).toEqual([]);
    expect(mask).toMatchObject({ width: WIDTH, height: HEIGHT, bits });
    expect(indices).toEqual(expected);
    // Another decoder reads the file too, and scales its samples to the whole range.
    const scaled = await sharp(content).toColourspace('b-w').raw().toBuffer();
    const most = 2 ** bits - 1;
    if (bits < 16) expect([...scaled]).toEqual(expected.map((index) => (index * 255) / most));
  });

  it.each([1, 2, 4, 8])('in a palette of %i bits', async (bits) => {
    const expected = classes(WIDTH, HEIGHT, 2 ** bits);
    const { indices, findings } = await read(encode(expected, WIDTH, HEIGHT, bits, 3));
    expect(findings).toEqual([]);
    expect(indices).toEqual(expected);
  });

  it.each([
    [2, 1, false],
    [4, 2, false],
    [16, 4, false],
    [200, 8, false],
    [4, 2, true],
    [200, 8, true],
  ])(
    'in a palette of %i colours that libpng wrote with %i bits, interlaced: %p',
    async (colours, bits, progressive) => {
      const pixels = Buffer.from(classes(WIDTH, HEIGHT, colours).flatMap((index) => [index, (index * 3) & 0xff, 9]));
      const source = sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
      const content = await source.png({ palette: true, colours, dither: 0, progressive }).toBuffer();
      const { mask, indices, findings } = await read(content);
      expect(findings).toEqual([]);
      expect(mask!.bits).toBe(bits);
      const palette = paletteOf(content);
      const decoded = await sharp(content).removeAlpha().raw().toBuffer();
      expect(indices.flatMap((index) => [...palette.subarray(3 * index, 3 * index + 3)])).toEqual([...decoded]);
    },
  );

  it.each([
    ['grey', false],
    ['grey', true],
    ['grey16', false],
    ['grey16', true],
  ] as const)('in %s with the filters that libpng chooses, interlaced: %p', async (kind, progressive) => {
    const isDeep = kind === 'grey16';
    const expected = classes(WIDTH, HEIGHT, 100).map((index, at) => (isDeep ? 300 * index : index) + (at % WIDTH));
    const raw = isDeep ? Uint16Array.from(expected) : Uint8Array.from(expected);
    const content = await sharp(raw, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
      .toColourspace(isDeep ? 'grey16' : 'b-w')
      .png({ adaptiveFiltering: true, progressive })
      .toBuffer();
    const { mask, indices, findings } = await read(content);
    expect(findings).toEqual([]);
    expect(mask!.bits).toBe(isDeep ? 16 : 8);
    expect(indices).toEqual(expected);
  });

  it('in an image of one pixel, of which most passes are empty', async () => {
    const source = sharp(Buffer.of(5), { raw: { width: 1, height: 1, channels: 1 } }).toColourspace('b-w');
    expect((await read(await source.png({ progressive: true }).toBuffer())).indices).toEqual([5]);
  });
});

describe('readIndices reports', () => {
  const rgb = () => sharp({ create: { width: 9, height: 9, channels: 3, background: '#123' } });
  it.each<[string, () => Promise<Buffer>, string]>([
    ['a JPEG', () => rgb().jpeg().toBuffer(), 'not-a-mask'],
    ['a PNG of colours', () => rgb().png().toBuffer(), 'not-a-mask'],
    ['a PNG with alpha', () => rgb().ensureAlpha().png().toBuffer(), 'not-a-mask'],
    ['a PNG that ends in its header', async () => encode([1], 1, 1, 8).subarray(0, 20), 'broken-image'],
    ['a PNG of 3 bits', async () => encode([1], 1, 1, 3), 'broken-image'],
    ['a palette of 16 bits', async () => encode([1], 1, 1, 16, 3), 'broken-image'],
    ['too many pixels', async () => withSize(encode([1], 1, 1, 8), 20_000, 20_000), 'too-many-pixels'],
    ['more pixels than the header says', async () => withSize(encode([1, 2, 3, 4], 2, 2, 8), 2, 1), 'broken-image'],
    ['fewer pixels than the header says', async () => withSize(encode([1, 2], 2, 1, 8), 2, 2), 'broken-image'],
  ])('%s', async (_what, make, code) => {
    const { findings } = await read(await make());
    expect(findings.map(([found]) => found)).toEqual([code]);
  });

  it('a file that is cut off anywhere, and damage in its middle', async () => {
    const whole = encode(classes(300, 300, 256), 300, 300, 8);
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const { findings } = await read(whole.subarray(0, whole.length * share));
      expect(findings.map(([code]) => code)).toEqual(['broken-image']);
    }
    const damaged = Buffer.from(whole);
    damaged.fill(0, 40_000, 40_100);
    expect((await read(damaged)).findings.map(([code]) => code)).toEqual(['broken-image']);
  });
});

it('lets a caller stop after the first row of a large mask', async () => {
  const path = join(folder, 'large.png');
  const content = encode(new Array<number>(400_000).fill(3), 4000, 100, 8);
  writeFileSync(path, content);
  const file = { stem: 'large', extension: '.png', shown: 'large.png', path, within: folder, repeated: false };
  const report = createReport();
  const mask = await readIndices({ ...file, size: content.length }, report);
  for await (const row of mask!.rows) {
    expect(row).toHaveLength(4000);
    break;
  }
  expect(report.errors).toBe(0);
});

/** The PNG with another width and height in its header. */
function withSize(content: Buffer, width: number, height: number): Buffer {
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  content.writeUInt32BE(crc32(content.subarray(12, 29)), 29);
  return content;
}
