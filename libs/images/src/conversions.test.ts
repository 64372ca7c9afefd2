import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { createReport } from '@tracebloc/ingestor-dataset';
import { encodeBmp } from './bmp.test-support.js';
import { ConversionTally } from './conversions.js';
import { fitImage } from './fit.js';
import { probeImage } from './image.js';
import { noise, picture, pixelsOf, writeSidecar } from './picture.test-support.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convert-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const [WIDTH, HEIGHT] = [24, 18];
const SAMPLES = noise(WIDTH * HEIGHT * 3);
const rgb = () => sharp(Uint8Array.from(SAMPLES), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

/** Converts a file to a PNG of the same size, so that pixels can be compared exactly. */
async function convert(name: string, content: Uint8Array, background = '#ffffff') {
  const report = createReport();
  const file = writeSidecar(join(folder, name), content, '.png');
  const image = await probeImage(file, { minSize: [1, 1], convert: true }, report);
  const rules = {
    targetSize: [image?.width ?? 1, image?.height ?? 1],
    fit: 'exact',
    quality: 95,
    chroma: '4:4:4',
  } as const;
  const fitted = image && (await fitImage(image, { ...rules, background }, report));
  const findings = report.findings().map(({ code }) => code);
  return { content: fitted?.content, conversions: image?.conversions, findings };
}

async function expectPixels(content: Uint8Array | undefined, channels: number, samples: readonly number[]) {
  const found = await pixelsOf(content!);
  expect(found.channels).toBe(channels);
  expect([...found.data]).toEqual([...samples]);
}

describe('an image of another format is stored with the same pixels:', () => {
  const deepTiff = () => rgb().tiff({ compression: 'lzw' }).toBuffer();
  it.each<[string, () => Promise<Buffer>, string]>([
    ['a.webp', () => rgb().webp({ lossless: true }).toBuffer(), 'WebP'],
    ['a.tif', deepTiff, 'TIFF'],
    ['b.tif', () => rgb().tiff({ compression: 'none', tile: true }).toBuffer(), 'TIFF'],
    ['a.bmp', async () => encodeBmp(SAMPLES, WIDTH, HEIGHT, 24), 'BMP'],
    ['b.bmp', async () => encodeBmp(SAMPLES, WIDTH, HEIGHT, 32), 'BMP'],
    ['c.bmp', async () => encodeBmp(SAMPLES, WIDTH, HEIGHT, 24, { isTopDown: true }), 'BMP'],
  ])('%s', async (name, make, format) => {
    const { content, conversions, findings } = await convert(name, await make());
    expect([conversions, findings]).toEqual([[format], []]);
    await expectPixels(content, 3, SAMPLES);
  });

  it.each([1, 4, 8] as const)('a BMP with a palette of %d bits', async (bits) => {
    const indices = noise(13 * 7, 2 ** bits);
    const palette = Array.from({ length: 2 ** bits }, (_, at) => [at, 255 - at, (at * 7) % 256]);
    const samples = indices.flatMap((index) => palette[index]!);
    const { content, conversions } = await convert('a.bmp', encodeBmp(samples, 13, 7, bits, { palette }));
    expect(conversions).toEqual(['BMP']);
    await expectPixels(content, 3, samples);
  });

  it('a JPEG that is to be a PNG', async () => {
    const jpeg = await rgb().jpeg().toBuffer();
    const { content, conversions } = await convert('a.jpg', jpeg);
    expect(conversions).toEqual(['JPEG']);
    await expectPixels(content, 3, [...(await sharp(jpeg).raw().toBuffer())]);
  });

  it('the first picture of a GIF and of a TIFF', async () => {
    const frames = [0, 1].map((index) => Uint8Array.from({ length: 8 * 6 * 3 }, () => index * 255));
    const raw = { width: 8, height: 12, channels: 3, pageHeight: 6 } as const;
    const all = () => sharp(Buffer.concat(frames), { raw });
    for (const [name, content] of [
      ['a.gif', await all().gif({ loop: 0 }).toBuffer()],
      [
        'a.tif',
        await sharp(await all().gif().toBuffer(), { animated: true })
          .tiff({ compression: 'none' })
          .toBuffer(),
      ],
    ] as const) {
      const converted = await convert(name, content);
      expect(converted.conversions![0]).toMatch(/^(GIF|TIFF) of several pictures, of which the first is taken$/);
      const { data, height } = await pixelsOf(converted.content!);
      expect([height, Math.max(...data)]).toEqual([6, 0]);
    }
  });
});

describe('other colours and depths', () => {
  it('of 16 bits keep the higher 8', async () => {
    const samples = noise(WIDTH * HEIGHT * 3, 65_536);
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
    const deep = await sharp(Uint16Array.from(samples), { raw }).toColourspace('rgb16').png().toBuffer();
    const { content, conversions, findings } = await convert('a.png', deep);
    expect([conversions, findings]).toEqual([['16 bit'], []]);
    await expectPixels(
      content,
      3,
      samples.map((sample) => sample >> 8),
    );
  });

  it('of 16 bits in grey stay grey, and are told if they become dark', async () => {
    const samples = noise(WIDTH * HEIGHT, 4096);
    const raw = { width: WIDTH, height: HEIGHT, channels: 1 } as const;
    const deep = await sharp(Uint16Array.from(samples), { raw }).toColourspace('grey16').png().toBuffer();
    const { content, findings } = await convert('a.png', deep);
    expect(findings).toEqual(['dark-image']);
    await expectPixels(
      content,
      1,
      samples.map((sample) => sample >> 8),
    );
  });

  it.each([
    ['#ffffff', 255],
    ['#204060', 0],
  ])('with alpha are laid over %s', async (background) => {
    const samples = Array.from({ length: WIDTH * HEIGHT }, (_, at) => [10, 200, 90, at % 2 === 0 ? 255 : 0]);
    const raw = { width: WIDTH, height: HEIGHT, channels: 4 } as const;
    const { content, conversions } = await convert(
      'a.png',
      await sharp(Uint8Array.from(samples.flat()), { raw }).png().toBuffer(),
      background,
    );
    expect(conversions).toEqual(['RGB with alpha']);
    const behind = [1, 3, 5].map((at) => parseInt(background.slice(at, at + 2), 16));
    await expectPixels(
      content,
      3,
      samples.flatMap(([r, g, b, alpha]) => (alpha === 255 ? [r!, g!, b!] : behind)),
    );
  });

  it.each([
    ['RGB', 'rgb16', [1000, 40_000, 60_000], [0x20, 0x40, 0x60]],
    ['grey', 'grey16', [50_000], [0xff]],
  ] as const)('of 16 bits and %s with alpha are both', async (kind, space, colour, behind) => {
    const channels = (colour.length + 1) as 2 | 4;
    const isShown = (at: number) => at % 2 === 0;
    const samples = Array.from({ length: WIDTH * HEIGHT }, (_, at) => [...colour, isShown(at) ? 65_535 : 0]);
    const raw = { width: WIDTH, height: HEIGHT, channels } as const;
    const png = await sharp(Uint16Array.from(samples.flat()), { raw }).toColourspace(space).png().toBuffer();
    const { content, conversions } = await convert('a.png', png, kind === 'RGB' ? '#204060' : '#ffffff');
    expect(conversions).toEqual(['16 bit', `${kind} with alpha`]);
    const shown = colour.map((sample) => sample >> 8);
    await expectPixels(
      content,
      colour.length,
      samples.flatMap((_, at) => (isShown(at) ? shown : behind)),
    );
  });

  it('in grey with alpha stay grey', async () => {
    const samples = Array.from({ length: WIDTH * HEIGHT }, (_, at) => [100, at % 2 === 0 ? 255 : 0]);
    const raw = { width: WIDTH, height: HEIGHT, channels: 2 } as const;
    const png = await sharp(Uint8Array.from(samples.flat()), { raw }).toColourspace('b-w').png().toBuffer();
    const { content, conversions } = await convert('a.png', png);
    expect(conversions).toEqual(['grey with alpha']);
    await expectPixels(
      content,
      1,
      samples.map(([grey, alpha]) => (alpha === 255 ? grey! : 255)),
    );
  });

  it('of a palette are the colours of the palette', async () => {
    const png = await picture(WIDTH, HEIGHT).png({ palette: true, colours: 16 }).toBuffer();
    const { content, conversions } = await convert('a.png', png);
    expect(conversions).toEqual(['palette']);
    expect(await sharp(content).metadata()).toMatchObject({ isPalette: false });
    await expectPixels(content, 3, [...(await sharp(png).raw().toBuffer())]);
  });

  it('in CMYK become RGB', async () => {
    const red = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#c02020' } });
    const cmyk = await red.toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const { content, conversions } = await convert('a.jpg', cmyk);
    expect(conversions).toEqual(['JPEG', 'CMYK']);
    const { data, channels } = await pixelsOf(content!);
    expect(channels).toBe(3);
    for (const [at, expected] of [0xc0, 0x20, 0x20].entries()) expect(Math.abs(data[at]! - expected)).toBeLessThan(24);
  });

  it('are the same bytes each time', async () => {
    const webp = await picture(WIDTH, HEIGHT, 4).webp().toBuffer();
    const [first, second] = [await convert('a.webp', webp), await convert('b.webp', webp)];
    expect(first.content).toEqual(second.content);
  });
});

describe('a file that is cut off is reported', () => {
  it.each<[string, () => Promise<Buffer>]>([
    ['a.webp', () => picture(64, 64).webp({ lossless: true }).toBuffer()],
    ['a.tif', () => picture(64, 64).tiff({ compression: 'none' }).toBuffer()],
    ['a.bmp', async () => encodeBmp(noise(64 * 64 * 3), 64, 64, 24)],
    ['a.gif', () => picture(64, 64).gif().toBuffer()],
  ])('%s', async (name, make) => {
    const whole = await make();
    for (const share of [0.05, 0.5, 0.9]) {
      const { content, findings } = await convert(name, whole.subarray(0, whole.length * share));
      expect([share, content, findings]).toEqual([share, undefined, ['broken-image']]);
    }
  });

  it('a BMP that is compressed too', async () => {
    const rle = encodeBmp(noise(64 * 64 * 3), 64, 64, 24);
    rle.writeUInt32LE(1, 30);
    expect((await convert('a.bmp', rle)).findings).toEqual(['broken-image']);
  });
});

it('one warning tells what was converted with numbers, and the same if it was counted in parts', () => {
  const kinds = [['WebP', 'RGB with alpha'], ['WebP'], [], ['16 bit'], ['TIFF', '16 bit'], ['palette'], ['WebP']];
  const tellOf = (...tallies: ConversionTally[]) => {
    const report = createReport();
    const all = new ConversionTally();
    for (const tally of tallies) all.merge(JSON.parse(JSON.stringify(tally.partial())) as object as never);
    all.finish(report, { file: 'images/', background: '#ffffff' });
    return report.findings().map(({ code, severity, message, file }) => [code, severity, message, file]);
  };
  const [whole, one, other] = [new ConversionTally(), new ConversionTally(), new ConversionTally()];
  for (const [index, conversions] of kinds.entries()) {
    whole.add({ conversions });
    (index % 2 ? one : other).add({ conversions });
  }
  const message =
    '6 images were converted: 3 WebP; 2 of 16 bit, of which the higher 8 are kept; 1 RGB with alpha, over #ffffff; 1 TIFF; 1 with a palette.';
  expect(tellOf(whole)).toEqual([['converted-image', 'warning', message, 'images/']]);
  expect(tellOf(one, other)).toEqual(tellOf(whole));
  expect(tellOf(new ConversionTally())).toEqual([]);
});
