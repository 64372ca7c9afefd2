import type { Finding } from '@tracebloc/ingestor-contract';
import { sampleImages } from './sample-images.js';

/** Good and bad images of 64x64 pixels in one folder of PNG files, and what a task must report of them. */
export const mixedImages = {
  /** The stems of the good images, which no finding names. */
  goodStems: ['good 1', 'größe', 'photo.2024', 'LOUD'],
  /** The name of the file that no row must name. */
  unnamed: 'forgotten.png',
  /** Returns the content of each image by the name of its file. */
  files: async (): Promise<Record<string, Uint8Array>> => {
    const good = await sampleImages.png();
    return {
      'good 1.png': good,
      'größe.png': good,
      'photo.2024.png': good,
      'LOUD.PNG': good,
      'empty.png': Buffer.alloc(0),
      'cut.png': good.subarray(0, good.length / 2),
      'jpeg.png': await sampleImages.jpeg(),
      'deep.png': await sampleImages.png16(),
      'clear.png': await sampleImages.alpha(),
      'bomb.png': sampleImages.bomb(),
      'forgotten.png': good,
    };
  },
  findings: [
    { code: 'zero-byte-file', file: 'images/empty.png' },
    { code: 'broken-image', file: 'images/cut.png' },
    { code: 'format-mismatch', file: 'images/jpeg.png', expected: 'png' },
    { code: 'bit-depth', file: 'images/deep.png', value: '16 bit', expected: '8 bit' },
    { code: 'color-channels', file: 'images/clear.png', value: 'RGB with alpha', expected: 'grey or RGB' },
    { code: 'too-many-pixels', file: 'images/bomb.png', value: '20000x20000' },
    { code: 'unnamed-file', severity: 'warning', file: 'images/' },
  ] satisfies Partial<Finding>[],
};
