import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { readJpegHeader } from './jpeg-header.js';

/** A picture in which no row is like another. */
function picture(width: number, height: number, channels: 1 | 3 = 3): Sharp {
  let state = 1;
  const pixels = Uint8Array.from({ length: width * height * channels }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 16) & 0xff;
  });
  return sharp(pixels, { raw: { width, height, channels } });
}

/** Returns the same facts as the decoder tells them. */
async function decoded(content: Buffer) {
  const { width, height, channels, depth, space, orientation } = await sharp(content).metadata();
  return { width, height, channels, depth, space, orientation };
}

describe('the header of a JPEG', () => {
  it.each<[string, () => Sharp]>([
    ['in colour', () => picture(64, 48).jpeg()],
    ['in grey', () => picture(31, 97, 1).toColourspace('b-w').jpeg()],
    ['that is progressive', () => picture(300, 2).jpeg({ progressive: true })],
    ['without subsampling', () => picture(9, 9).jpeg({ chromaSubsampling: '4:4:4', optimizeCoding: false })],
    ['with a colour profile', () => picture(64, 48).withIccProfile('p3').jpeg()],
    ['by another encoder', () => picture(640, 480).jpeg({ mozjpeg: true })],
  ])('is read as the decoder reads it: one %s', async (_, make) => {
    const content = await make().toBuffer();
    expect(readJpegHeader(content)).toEqual(await decoded(content));
    expect(readJpegHeader(content.subarray(0, 4096))).toEqual(await decoded(content));
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['is turned', () => picture(64, 48).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    [
      'has EXIF data',
      () =>
        picture(64, 48)
          .withMetadata()
          .withExif({ IFD0: { Artist: 'A' } })
          .jpeg()
          .toBuffer(),
    ],
    ['is CMYK', () => picture(64, 48).toColourspace('cmyk').jpeg().toBuffer()],
    ['is cut off before its pixels', async () => (await picture(64, 48).jpeg().toBuffer()).subarray(0, 300)],
    ['is not a JPEG', () => picture(64, 48).png().toBuffer()],
  ])('is left to the decoder if the image %s', async (_, make) => {
    expect(readJpegHeader(await make())).toBeUndefined();
  });

  it('is never read otherwise than by the decoder, whatever byte of it is damaged', async () => {
    for (const progressive of [false, true]) {
      const whole = await picture(24, 16).jpeg({ progressive }).toBuffer();
      for (let at = 2; at < 650; at += 3) {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at]! + 1 + (at % 255)) & 0xff;
        const header = readJpegHeader(damaged);
        if (!header) continue;
        const told = await decoded(damaged).catch(() => undefined);
        // What the decoder does not open at all is reported when it is to be decoded.
        if (told) expect([at, header]).toEqual([at, told]);
      }
    }
  });
});
