import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Returns a picture with details in every part, so that no encoder can simplify it. */
function picture(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const pixels = Buffer.alloc(width * height * channels);
  for (let index = 0; index < pixels.length; index++) pixels[index] = (index * 37 + (index >> 5) * 11) & 0xff;
  return sharp(pixels, { raw: { width, height, channels } });
}

/** Valid and damaged images like those of users. Each call returns new buffers with the same bytes. */
export const sampleImages = {
  jpeg: (width = 64, height = 64) => picture(width, height).jpeg({ quality: 80 }).toBuffer(),
  png: (width = 64, height = 64) => picture(width, height).png().toBuffer(),
  grey: (width = 64, height = 64) => picture(width, height).greyscale().jpeg().toBuffer(),
  /** A JPEG of one channel. */
  oneChannel: (width = 64, height = 64) => picture(width, height).toColourspace('b-w').jpeg().toBuffer(),
  webp: (width = 64, height = 64) => picture(width, height).webp().toBuffer(),
  progressive: (width = 64, height = 64) => picture(width, height).jpeg({ progressive: true }).toBuffer(),
  png16: (width = 64, height = 64) => picture(width, height).toColourspace('rgb16').png().toBuffer(),
  cmyk: (width = 64, height = 64) => picture(width, height).toColourspace('cmyk').jpeg().toBuffer(),
  alpha: (width = 64, height = 64) => picture(width, height, 4).png().toBuffer(),
  gif: (width = 64, height = 64) => picture(width, height).gif().toBuffer(),
  /** A JPEG whose EXIF data requires a rotation, as phones write it. */
  turned: (orientation: number, width = 64, height = 64) =>
    picture(width, height).withMetadata({ orientation }).jpeg().toBuffer(),
  /** The first part of a JPEG. */
  truncated: async (fraction = 0.6, width = 64, height = 64) => {
    const whole = await sampleImages.jpeg(width, height);
    return whole.subarray(0, Math.floor(whole.length * fraction));
  },
  /** A file of 2 KB whose header states 20000x20000 pixels. */
  bomb: () => bomb(20_000),
};

/** Returns the first 2 KB of a grey PNG with one bit a pixel, whose rows compress very well. */
function bomb(size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const body = deflateSync(Buffer.alloc(2_000_000), { level: 9 }).subarray(0, 1_900);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', body),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** PNG specification, section 5.3: length, type, data and the CRC of type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
