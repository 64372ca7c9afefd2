/** Returns a BMP of RGB samples. With a palette each pixel must have one of its colours. */
export function encodeBmp(
  samples: readonly number[],
  width: number,
  height: number,
  bits: 1 | 4 | 8 | 24 | 32,
  { palette = [], isTopDown = false }: { palette?: readonly (readonly number[])[]; isTopDown?: boolean } = {},
): Buffer {
  const stride = Math.ceil((width * bits) / 32) * 4;
  const start = 54 + palette.length * 4;
  const file = Buffer.alloc(start + stride * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(start, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(isTopDown ? -height : height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  file.writeUInt32LE(palette.length, 46);
  for (const [index, [red = 0, green = 0, blue = 0]] of palette.entries()) file.set([blue, green, red], 54 + index * 4);
  for (let y = 0; y < height; y++) {
    const row = start + stride * (isTopDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = samples.slice((y * width + x) * 3, (y * width + x) * 3 + 3) as [
        number,
        number,
        number,
      ];
      if (bits >= 24) file.set([blue, green, red], row + (x * bits) / 8);
      else {
        const index = palette.findIndex(([r, g, b]) => r === red && g === green && b === blue);
        const bit = (x * bits) & 7;
        const at = row + ((x * bits) >> 3);
        file[at] = file[at]! | (index << (8 - bits - bit));
      }
    }
  }
  return file;
}
