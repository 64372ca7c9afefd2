import { constants, crc32, deflate } from 'node:zlib';
import { promisify } from 'node:util';
import { type Placement, isTurned, mirrorsX, mirrorsY } from './geometry.js';
import type { Indices } from './indices.js';
import { PNG_SIGNATURE } from './png.js';
import type { ImageSize } from './size-check.js';

const compress = promisify(deflate);

export interface MaskOptions {
  /** The EXIF orientation of the image, if the mask has the size of its stored pixels. Default: 1, the mask is upright. */
  orientation?: number;
  /** The index of the pixels beside the image, with `contain`. Default: 0, the background. */
  padding?: number;
}

/**
 * Moves a mask as `fitImage` moves its image, and returns it as PNG in grey of 8 bits, or of 16 if the mask has them: the value of
 * a pixel is its index. Each pixel of the target takes the index of the pixel that its middle lies on, so that no index appears
 * that was not there. Returns undefined when the mask is damaged, which the reading of its rows has reported.
 */
export async function fitMask(
  mask: Omit<Indices, 'isPalette'>,
  placement: Placement,
  { orientation = 1, padding = 0 }: MaskOptions = {},
): Promise<Buffer | undefined> {
  const { source, target, inner, left, top } = placement;
  const columns = pickPixels(source.width, inner.width, left, target.width, mirrorsX(orientation));
  const lines = pickPixels(source.height, inner.height, top, target.height, mirrorsY(orientation));
  // A stored row is a row of the upright image, or a column if it is turned.
  const [across, along] = isTurned(orientation) ? [columns, lines] : [lines, columns];
  const [stepAcross, stepAlong] = isTurned(orientation) ? [1, target.width] : [target.width, 1];
  const first = along.findIndex((from) => from !== OUTSIDE);
  const end = along.findLastIndex((from) => from !== OUTSIDE) + 1;
  const targetsOf = Map.groupBy(across.keys(), (at) => across[at]!);
  const pixels = makePixels(target, mask.bits, padding);
  let y = 0;
  for await (const row of mask.rows) {
    for (const at of targetsOf.get(y) ?? []) {
      let to = at * stepAcross + first * stepAlong;
      for (let index = first; index < end; index++, to += stepAlong) pixels[to] = row[along[index]!]!;
    }
    y++;
  }
  return y === mask.height ? encodeGrey(target, pixels) : undefined;
}

/** Stands for a pixel beside the image. */
const OUTSIDE = -1;

/** Returns the stored pixel of each pixel of the target along one side. */
function pickPixels(from: number, inner: number, offset: number, length: number, isMirrored: boolean): Int32Array {
  return Int32Array.from({ length }, (_, at) => {
    const within = at - offset;
    if (within < 0 || within >= inner) return OUTSIDE;
    const pixel = Math.min(from - 1, Math.floor(((within + 0.5) * from) / inner));
    return isMirrored ? from - 1 - pixel : pixel;
  });
}

function makePixels({ width, height }: ImageSize, bits: number, padding: number): Uint8Array | Uint16Array {
  const pixels = bits === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  return padding === 0 ? pixels : pixels.fill(padding);
}

/** Encodes samples as a PNG in grey, exactly: an encoder for photos may apply gamma or choose a palette. */
async function encodeGrey({ width, height }: ImageSize, pixels: Uint8Array | Uint16Array): Promise<Buffer> {
  const bytes = pixels.BYTES_PER_ELEMENT;
  const data = Buffer.alloc(height * (1 + width * bytes));
  for (let y = 0; y < height; y++) {
    // The first byte of each row is its filter: 0, none.
    const start = y * (1 + width * bytes) + 1;
    if (bytes === 1) data.set(pixels.subarray(y * width, (y + 1) * width), start);
    else for (let x = 0; x < width; x++) data.writeUInt16BE(pixels[y * width + x]!, start + 2 * x);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8 * bytes;
  // Runs are what masks have: the result is as small as that of other strategies, in a tenth of the time.
  const deflated = await compress(data, { strategy: constants.Z_RLE });
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflated), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from(PNG_SIGNATURE, 'latin1'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const framed = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
  framed.writeUInt32BE(data.length, 0);
  framed.writeUInt32BE(crc32(framed.subarray(4, -4)), framed.length - 4);
  return framed;
}
