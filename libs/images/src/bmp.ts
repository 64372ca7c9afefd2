import type { Header } from './jpeg-header.js';

/** The bytes of a BMP up to the end of the header that is read: that of the file and 40 bytes of that of the image. */
const HEADER = 54;
/** The ways in which the pixels may be stored: plainly, or with masks that say where the colours are. */
const [PLAIN, MASKED] = [0, 3];

interface Bmp {
  width: number;
  height: number;
  /** Whether the first row is the top one. Usually it is the lowest. */
  isTopDown: boolean;
  bits: number;
  /** The offset of the pixels, and that of the palette. */
  pixels: number;
  palette: number;
  colours: number;
}

/** Returns the header of a BMP. Throws for one that is cut off or stored in a way that only few programs write. */
export function readBmpHeader(file: Buffer): Header {
  const { width, height } = parse(file);
  return { width, height, channels: 3, depth: 'uchar', space: 'srgb' };
}

/** Decodes a BMP of 1, 4 or 8 bits with a palette, or of 24 or 32 bits, to RGB. Throws for any other, and for one cut off. */
export function decodeBmp(file: Buffer): { data: Buffer; width: number; height: number } {
  const { width, height, isTopDown, bits, pixels, palette, colours } = parse(file);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (pixels + stride * height > file.length) throw new Error('the file is cut off');
  const data = Buffer.allocUnsafe(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    const row = pixels + stride * (isTopDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++, to += 3) {
      let from = row + (x * bits) / 8;
      if (bits <= 8) {
        // Of pixels of less than a byte, the leftmost has the highest bits.
        const bit = (x * bits) & 7;
        const index = (file[row + ((x * bits) >> 3)]! >> (8 - bits - bit)) & ((1 << bits) - 1);
        if (index >= colours) throw new Error('a pixel has a colour that the palette lacks');
        from = palette + index * 4;
      }
      data[to] = file[from + 2]!;
      data[to + 1] = file[from + 1]!;
      data[to + 2] = file[from]!;
    }
  }
  return { data, width, height };
}

function parse(file: Buffer): Bmp {
  if (file.length < HEADER) throw new Error('the header is cut off');
  const [size, width, height] = [file.readUInt32LE(14), file.readInt32LE(18), file.readInt32LE(22)];
  const [bits, compression, used] = [file.readUInt16LE(28), file.readUInt32LE(30), file.readUInt32LE(46)];
  const isMasked = compression === MASKED && bits === 32 && hasUsualMasks(file);
  if (size < 40 || ![1, 4, 8, 24, 32].includes(bits) || (compression !== PLAIN && !isMasked)) {
    throw new Error('this way of storing a BMP is not read: save it with 24 bits, without compression');
  }
  if (width <= 0 || height === 0) throw new Error('the header has no size');
  const palette = 14 + size;
  const colours = bits <= 8 ? Math.min(used || 1 << bits, 1 << bits) : 0;
  const pixels = file.readUInt32LE(10);
  if (palette + colours * 4 > pixels) throw new Error('the palette reaches into the pixels');
  return { width, height: Math.abs(height), isTopDown: height < 0, bits, pixels, palette, colours };
}

/** Returns whether red, green and blue have the bytes that they have without masks. */
function hasUsualMasks(file: Buffer): boolean {
  return (
    file.length >= 66 && [0xff0000, 0xff00, 0xff].every((mask, index) => file.readUInt32LE(54 + index * 4) === mask)
  );
}
