import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Metadata } from 'sharp';
import type { Survey } from '@tracebloc/ingestor-contract';
import { loadSharp } from './load-sharp.js';
import { type ImageSize, showSize } from './size-check.js';

/** The most headers that are read at the same time. */
const CONCURRENCY = 8;
/** The number of sizes that are counted; images of further sizes are not. */
const MAX_SIZES = 10_000;

/** A size, and the number of images that have it. */
export interface CountedSize extends ImageSize {
  count: number;
}

/** The sizes of the images of a folder, each list with the most common size first. */
export interface MeasuredImages {
  /** The sizes of the pixels as they are stored. */
  stored: readonly CountedSize[];
  /** The sizes of the images as they are shown, turned upright as EXIF says. */
  upright: readonly CountedSize[];
}

const measured = new WeakMap<Survey, Map<string, Promise<MeasuredImages>>>();

/**
 * Reads the headers of all images of a folder that have an extension. Hidden files, and files without a readable header, are
 * passed over. Several tasks that look at one survey measure a folder once.
 */
export function measureImages(survey: Survey, folder: string, extension: string): Promise<MeasuredImages> {
  const known = measured.get(survey) ?? new Map<string, Promise<MeasuredImages>>();
  measured.set(survey, known);
  const key = join(folder, `*${extension}`);
  const found = known.get(key) ?? measureFolder(folder, extension);
  known.set(key, found);
  return found;
}

async function measureFolder(folder: string, extension: string): Promise<MeasuredImages> {
  const names = (await readdir(folder)).filter(
    (name) => !name.startsWith('.') && extname(name).toLowerCase() === extension,
  );
  const [stored, upright] = [new SizeCounter(), new SizeCounter()];
  const next = names.sort().values();
  const work = async (): Promise<void> => {
    for (const name of next) {
      const header = await readHeader(join(folder, name));
      if (!header) continue;
      const { width, height, orientation = 1 } = header;
      stored.add({ width, height });
      // From 5 on, the orientation exchanges width and height.
      upright.add(orientation >= 5 ? { width: height, height: width } : { width, height });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { stored: stored.sizes, upright: upright.sizes };
}

/** Returns what the header of a regular file says, or `undefined` if it is not the header of an image. */
async function readHeader(path: string): Promise<Metadata | undefined> {
  try {
    // Opening a pipe would wait for ever.
    if (!(await stat(path)).isFile()) return undefined;
    const sharp = await loadSharp();
    return await sharp(path, { failOn: 'none', limitInputPixels: false }).metadata();
  } catch {
    // The check of the task reports the file.
    return undefined;
  }
}

export class SizeCounter {
  readonly #sizes = new Map<string, CountedSize>();

  add(size: ImageSize): void {
    const known = this.#sizes.get(showSize(size));
    if (known) known.count++;
    else if (this.#sizes.size < MAX_SIZES) this.#sizes.set(showSize(size), { ...size, count: 1 });
  }

  get sizes(): CountedSize[] {
    return [...this.#sizes.values()].sort(
      (a, b) => b.count - a.count || b.width * b.height - a.width * a.height || b.width - a.width,
    );
  }
}

/** Returns the least width and height, which `min_size` must allow, if one is less than that of the default. */
export function neededMinSize(sizes: readonly ImageSize[], usual: readonly [number, number]): number[] | undefined {
  const width = Math.min(...sizes.map((size) => size.width));
  const height = Math.min(...sizes.map((size) => size.height));
  if (sizes.length === 0 || (width >= usual[0] && height >= usual[1])) return undefined;
  return [Math.min(width, usual[0]), Math.min(height, usual[1])];
}
