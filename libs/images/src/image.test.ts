import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { createReport, type SidecarFile } from '@tracebloc/ingestor-dataset';
import { type Image, probeImage, proveWhole, runImage } from './image.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A picture in which no row is like another. */
function picture(width = 64, height = 48, channels: 1 | 2 | 3 | 4 = 3): Sharp {
  let state = 1;
  const pixels = Uint8Array.from({ length: width * height * channels }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 16) & 0xff;
  });
  return sharp(pixels, { raw: { width, height, channels } });
}

function write(name: string, content: string | Uint8Array): SidecarFile {
  const path = join(folder, name);
  writeFileSync(path, content);
  const [stem, extension] = name.split('.') as [string, string];
  const { size } = statSync(path);
  return { stem, extension: `.${extension}`, shown: `images/${name}`, path, within: folder, size, repeated: false };
}

const RULES = { minSize: [32, 32] } as const;

/** Writes and probes a file. Returns the image and the findings. */
async function probe(name: string, content: string | Uint8Array, rules: Parameters<typeof probeImage>[1] = RULES) {
  const report = createReport();
  const image = await probeImage(write(name, content), rules, report);
  return { image, findings: report.findings().map(({ code, value, expected }) => [code, value, expected]) };
}

describe('probeImage returns what the header says of', () => {
  it.each<[string, () => Sharp, object]>([
    ['rgb.jpg', () => picture().jpeg(), { format: 'jpeg', width: 64, height: 48, channels: 3, orientation: 1 }],
    ['rgb.jpeg', () => picture().jpeg({ progressive: true }), { format: 'jpeg', channels: 3 }],
    ['rgb.png', () => picture().png(), { format: 'png', width: 64, height: 48, channels: 3 }],
    ['grey.jpg', () => picture(64, 48, 1).toColourspace('b-w').jpeg(), { channels: 1 }],
    ['grey.png', () => picture(64, 48, 1).toColourspace('b-w').png(), { channels: 1 }],
    ['palette.png', () => picture().png({ palette: true }), { channels: 3 }],
    ['turned.jpg', () => picture().withMetadata({ orientation: 6 }).jpeg(), { width: 64, height: 48, orientation: 6 }],
  ])('%s', async (name, make, expected) => {
    const { image, findings } = await probe(name, await make().toBuffer());
    expect(findings).toEqual([]);
    expect(image).toMatchObject(expected);
  });
});

describe('probeImage reports', () => {
  const cmyk = () => picture().toColourspace('cmyk').jpeg();
  it.each<[string, () => Sharp, unknown[]]>([
    ['png.jpg', () => picture().png(), ['format-mismatch', undefined, 'jpeg']],
    ['jpeg.png', () => picture().jpeg(), ['format-mismatch', undefined, 'png']],
    ['gif.png', () => picture().gif(), ['not-an-image', undefined, 'JPEG or PNG']],
    ['webp.jpg', () => picture().webp(), ['not-an-image', undefined, 'JPEG or PNG']],
    ['deep.png', () => picture().toColourspace('rgb16').png(), ['bit-depth', '16 bit', '8 bit']],
    ['alpha.png', () => picture(64, 48, 4).png(), ['color-channels', 'RGB with alpha', 'grey or RGB']],
    [
      'greyalpha.png',
      () => picture(64, 48, 2).toColourspace('b-w').png(),
      ['color-channels', 'grey with alpha', 'grey or RGB'],
    ],
    ['cmyk.jpg', cmyk, ['color-channels', 'CMYK', 'grey or RGB']],
    ['small.png', () => picture(64, 31).png(), ['too-small', '64x31', 'at least 32x32']],
  ])('%s', async (name, make, expected) => {
    expect((await probe(name, await make().toBuffer())).findings).toEqual([expected]);
  });

  it('a size that is not the required one', async () => {
    const exact = { ...RULES, exactSize: [48, 64] } as const;
    const { findings } = await probe('exact.png', await picture().png().toBuffer(), exact);
    expect(findings).toEqual([['wrong-size', '64x48', '48x64']]);
  });

  it('everything that is wrong with one image', async () => {
    const content = await picture(16, 16, 4).toColourspace('rgb16').png().toBuffer();
    const { findings } = await probe('many.jpg', content);
    expect(findings.map(([code]) => code)).toEqual(['format-mismatch', 'too-small', 'bit-depth', 'color-channels']);
  });

  it.each([
    ['text.jpg', 'not an image', 'not-an-image'],
    ['svg.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'not-an-image'],
    ['header.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'broken-image'],
    ['header.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'broken-image'],
  ])('%s, which is not an image', async (name, content, code) => {
    const { image, findings } = await probe(name, content);
    expect(image).toBeUndefined();
    expect(findings.map(([found]) => found)).toEqual([code]);
  });

  it('a decompression bomb by its header, before it decodes anything', async () => {
    // Bytes 16 to 23 of a PNG are its width and height; the checksum of its header begins at byte 29.
    const content = await picture().png().toBuffer();
    content.writeUInt32BE(20_000, 16);
    content.writeUInt32BE(20_000, 20);
    content.writeUInt32BE(crc32(content.subarray(12, 29)), 29);
    const before = process.cpuUsage();
    const { image, findings } = await probe('bomb.png', content);
    expect(image).toBeUndefined();
    expect(findings).toEqual([['too-many-pixels', '20000x20000', 'at most 100000000 pixels']]);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
  });
});

it.each([0.5, 0.9])(
  'a JPEG whose end is filled with zeros from %d on is reported, and one with bytes after its end is not',
  async (share) => {
    const whole = await picture(256, 256).jpeg().toBuffer();
    const filled = Buffer.alloc(whole.length);
    whole.copy(filled, 0, 0, whole.length * share);
    const { image, findings } = await probe('filled.jpg', filled);
    expect(image).toBeUndefined();
    expect(findings).toEqual([['broken-image', undefined, undefined]]);
    expect((await probe('longer.jpg', Buffer.concat([whole, Buffer.alloc(100)]))).findings).toEqual([]);
  },
);

describe('a PNG without its last chunk', () => {
  it('is reported as broken, although it has all its pixels', async () => {
    const whole = await picture().png().toBuffer();
    for (const missing of [1, 4, 8, 12]) {
      const { image, findings } = await probe('tail.png', whole.subarray(0, -missing));
      expect(image).toBeUndefined();
      expect(findings.map(([code]) => code)).toEqual(['broken-image']);
    }
  });

  it('is not confused with one that has other data after that chunk', async () => {
    const content = Buffer.concat([await picture().png().toBuffer(), Buffer.from('left by a camera')]);
    expect((await probe('more.png', content)).findings).toEqual([]);
  });
});

/** Returns an image as `probeImage` does, with the given size. */
function probed(name: string, source: Buffer, size: { width: number; height: number }): Image {
  const format = name.endsWith('.png') ? 'png' : 'jpeg';
  return {
    ...size,
    shown: `images/${name}`,
    source,
    format,
    storedAs: format,
    channels: 3,
    orientation: 1,
    conversions: [],
  };
}

it('reads a file that is too large for memory from its path, to its end', async () => {
  const whole = await picture(320, 200).png({ compressionLevel: 0 }).toBuffer();
  for (const [content, isWhole] of [
    [whole, true],
    [whole.subarray(0, -12), false],
  ] as const) {
    const report = createReport();
    const file = write('large.png', content);
    const image = await probeImage(file, RULES, report);
    expect(image?.source).toBe(isWhole ? file.path : undefined);
    expect(report.errors).toBe(isWhole ? 0 : 1);
    if (image) expect(await proveWhole(image, report)).toBe(true);
  }
});

describe('proveWhole', () => {
  const sources: [string, () => Sharp][] = [
    ['base.jpg', () => picture(256, 256).jpeg()],
    ['progressive.jpg', () => picture(256, 256).jpeg({ progressive: true })],
    ['flat.jpg', () => sharp({ create: { width: 256, height: 256, channels: 3, background: '#123456' } }).jpeg()],
    ['plain.png', () => picture(256, 256).png()],
    ['interlaced.png', () => picture(256, 256).png({ progressive: true })],
  ];

  const SIZE = { width: 256, height: 256 };

  it.each(sources)('accepts %s when it is whole, and reports it when it is cut off anywhere', async (name, make) => {
    const whole = await make().toBuffer();
    const report = createReport();
    expect(await proveWhole(probed(name, whole, SIZE), report)).toBe(true);
    expect(report.errors).toBe(0);
    for (const share of [0.1, 0.5, 0.9, 0.99, 0.999]) {
      const cut = createReport();
      expect(await proveWhole(probed(name, whole.subarray(0, whole.length * share), SIZE), cut)).toBe(false);
      expect(cut.findings()).toMatchObject([{ code: 'broken-image', file: `images/${name}` }]);
      if (name.endsWith('.jpg')) expect(cut.findings()[0]!.message).toBe('The file is cut off: its end is missing.');
    }
  });

  it('reports damage in the middle, in one line without a path', async () => {
    const content = await picture(256, 256).png().toBuffer();
    content.fill(0, 90_000, 90_200);
    const report = createReport();
    expect(await proveWhole(probed('damaged.png', content, SIZE), report)).toBe(false);
    const { message } = report.findings()[0]!;
    expect(message).toMatch(/^The image does not decode: .+\.$/);
    expect(message).not.toContain(folder);
  });
});

it('reports an image that takes too long to decode', async () => {
  const slow = probed('slow.png', await picture().png().toBuffer(), { width: 64, height: 48 });
  const report = createReport();
  // This limit replaces that of `runImage`. sharp has no unit below a second.
  const done = await runImage(slow, report, (image) =>
    image.resize(4000, 4000).median(30).timeout({ seconds: 1 }).raw().toBuffer(),
  );
  expect(done).toBeUndefined();
  expect(report.findings()).toMatchObject([{ code: 'slow-image', file: 'images/slow.png' }]);
});
