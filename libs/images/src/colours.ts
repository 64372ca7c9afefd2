import { MAX_PIXELS } from './image.js';
import { loadSharp } from './load-sharp.js';
import type { ImageSize } from './size-check.js';

/** Returns the pixels of an image, three bytes each: red, green and blue. Returns `undefined` if it does not decode. */
export async function readColours(path: string): Promise<(ImageSize & { pixels: Uint8Array }) | undefined> {
  const sharp = await loadSharp();
  try {
    const image = sharp(path, { failOn: 'warning', limitInputPixels: MAX_PIXELS });
    const { data, info } = await image.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    return info.channels === 3 ? { width: info.width, height: info.height, pixels: data } : undefined;
  } catch {
    return undefined;
  }
}
