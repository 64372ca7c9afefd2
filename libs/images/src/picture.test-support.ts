import { writeFileSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { SidecarFile } from '@tracebloc/ingestor-dataset';

/** Returns numbers from 0 up to a limit, always the same ones, in which no row is like another. */
export function noise(length: number, limit = 256, seed = 1): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % limit;
  });
}

/** A picture of noise. */
export function picture(width = 64, height = 48, channels: 1 | 2 | 3 | 4 = 3): Sharp {
  return sharp(Uint8Array.from(noise(width * height * channels)), { raw: { width, height, channels } });
}

/** Writes a file, and returns it as that of a dataset whose images have an extension. */
export function writeSidecar(path: string, content: Uint8Array, extension = extname(path)): SidecarFile {
  writeFileSync(path, content);
  const name = basename(path);
  const stem = name.slice(0, name.length - extname(name).length);
  const shown = `${basename(dirname(path))}/${name}`;
  return { stem, extension, shown, path, within: dirname(path), size: content.length, repeated: false };
}

/** Returns the pixels of an image file, `channels` numbers each. */
export async function pixelsOf(
  content: Uint8Array,
): Promise<{ data: Buffer; width: number; height: number; channels: number }> {
  const image = sharp(content);
  // The decoder makes RGB of grey unless another colour space is wanted.
  if ((await image.metadata()).channels === 1) image.toColourspace('b-w');
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}
