import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { SourceFile, Survey } from '@tracebloc/ingestor-contract';
import { readBmpHeader } from './bmp.js';
import { conversionsOf } from './conversions.js';
import { STORED_FORMATS, type SourceFormat, signatureOf } from './formats.js';
import { uprightSize } from './geometry.js';
import type { Header } from './jpeg-header.js';
import { loadSharp } from './load-sharp.js';
import { CONVERTIBLE_EXTENSIONS, IMAGE_EXTENSIONS } from './options.js';
import { type ImageSize, showSize } from './size-check.js';
import { readStart } from './source.js';

/** The most headers that are read at the same time. */
const CONCURRENCY = 8;
/** The number of sizes that are counted; images of further sizes are not. */
const MAX_SIZES = 10_000;

/** A size, and the number of images that have it. */
export interface CountedSize extends ImageSize {
  count: number;
}

/** What images are, each list of sizes with the most common one first. */
export interface ImageMeasures {
  /** The sizes of the pixels as they are stored. */
  stored: readonly CountedSize[];
  /** The sizes of the images as they are shown, turned upright as EXIF says. */
  upright: readonly CountedSize[];
  /** What is an error unless `convert` is set, such as `CMYK`, with the numbers of images; the most common first. */
  conversions: readonly (readonly [kind: string, count: number])[];
  /** The number of images that are stored turned or mirrored. */
  turned: number;
  /** The numbers of images in grey and in colours. */
  grey: number;
  coloured: number;
}

/** The measures of the images of a folder that have an extension. */
export interface MeasuredImages extends ImageMeasures {
  /** Those of all images whose names no other has but for the extension: what `convert` would take. */
  all: ImageMeasures;
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
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  return measureFiles(
    names.map((name) => ({ name, path: join(folder, name) })),
    extension,
  );
}

const extensionOf = (name: string): string => extname(name).toLowerCase();

/** Returns the most frequent extension of files, in lower case with the dot; an empty text if there is no file. */
export function commonExtension(files: readonly { name: string }[]): string {
  const byExtension = Map.groupBy(files, ({ name }) => extensionOf(name));
  const [most] = [...byExtension].sort(([a, m], [b, n]) => n.length - m.length || (a < b ? -1 : 1));
  return most?.[0] ?? '';
}

/** An image on disk, or one that a data layout makes. */
export type ImageFile = Pick<SourceFile, 'name' | 'path' | 'make'>;

/** Reads the headers of images. Files of other extensions, and those without a readable header, are passed over. */
export async function measureFiles(files: readonly ImageFile[], extension: string): Promise<MeasuredImages> {
  const images = files.filter(({ name }) => [extension, ...CONVERTIBLE_EXTENSIONS].includes(extensionOf(name)));
  const stemOf = (name: string) => name.slice(0, -extname(name).length);
  const own = new Set(images.filter(({ name }) => extensionOf(name) === extension).map(({ name }) => stemOf(name)));
  const [ofExtension, ofAll] = [new Measures(), new Measures()];
  const next = images.values();
  const work = async (): Promise<void> => {
    for (const file of next) {
      const { name } = file;
      const isOwn = extensionOf(name) === extension;
      if (!isOwn && own.has(stemOf(name))) continue;
      const read = await readHeader(file);
      if (!read) continue;
      const storedAs = STORED_FORMATS[extension];
      const conversions = conversionsOf(read.header, read.format === storedAs ? undefined : read.is);
      // A palette and a turned photo are no errors without the option.
      const kinds = conversions.conversions.filter((kind) => kind !== 'palette');
      if (!isOwn && kinds.length === 0) kinds.push(`with the extension ${extensionOf(name)}`);
      if (isOwn) ofExtension.add(read.header, kinds);
      ofAll.add(read.header, kinds);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { ...ofExtension.result, all: ofAll.result };
}

interface ReadHeader {
  header: Header;
  format: SourceFormat;
  /** The format as messages name it. */
  is: string;
}

/** Returns what the header of a regular file says, or `undefined` if it is not the header of an image. */
async function readHeader({ path, make }: ImageFile): Promise<ReadHeader | undefined> {
  try {
    const made = make && Buffer.from(await make());
    // Opening a pipe would wait for ever.
    const { size } = await (made
      ? { size: made.length }
      : stat(path).then((found) => (found.isFile() ? found : { size: 0 })));
    if (size === 0) return undefined;
    const start = made ?? (await readStart(path));
    const signature = signatureOf(start);
    if (!signature?.format) return undefined;
    const { format, is } = signature;
    if (format === 'bmp') return { header: readBmpHeader(start), format, is };
    const sharp = await loadSharp();
    return { header: await sharp(made ?? path, { failOn: 'none', limitInputPixels: false }).metadata(), format, is };
  } catch {
    // The check of the task reports the file.
    return undefined;
  }
}

class Measures {
  readonly #stored = new SizeCounter();
  readonly #upright = new SizeCounter();
  readonly #kinds = new Map<string, number>();
  #turned = 0;
  #grey = 0;
  #coloured = 0;

  add(header: Header, kinds: readonly string[]): void {
    const { width, height, orientation = 1, channels } = header;
    this.#stored.add({ width, height });
    this.#upright.add(uprightSize({ width, height, orientation }));
    for (const kind of kinds) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (orientation !== 1) this.#turned++;
    if (channels <= 2) this.#grey++;
    else this.#coloured++;
  }

  get result(): ImageMeasures {
    return {
      stored: this.#stored.sizes,
      upright: this.#upright.sizes,
      conversions: [...this.#kinds].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
      turned: this.#turned,
      grey: this.#grey,
      coloured: this.#coloured,
    };
  }
}

class SizeCounter {
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

/** The most sizes that a comment lists. */
const MAX_LISTED = 5;

/** Returns the most common sizes with their numbers of images, for a comment: `3 sizes: 64x64 (4 images), 32x32 (1), 8x8 (1)`. */
export function listSizes(sizes: readonly CountedSize[]): string {
  const listed = sizes.slice(0, MAX_LISTED).map((size, index) => {
    const unit = index > 0 ? '' : size.count === 1 ? ' image' : ' images';
    return `${showSize(size)} (${size.count}${unit})`;
  });
  const rest = sizes.slice(MAX_LISTED);
  const images = rest.reduce((sum, { count }) => sum + count, 0);
  const others = rest.length > 0 ? [`${rest.length} other ${rest.length === 1 ? 'size' : 'sizes'} (${images})`] : [];
  return `${sizes.length} ${sizes.length === 1 ? 'size' : 'sizes'}: ${[...listed, ...others].join(', ')}`;
}

/** Returns the extension of the dataset for images of an extension: those that are only converted become JPEG or PNG. */
export function storedExtension(extension: string): string {
  if ((IMAGE_EXTENSIONS as readonly string[]).includes(extension)) return extension;
  // A photo in WebP may be as small as a JPEG; the other formats usually keep each pixel.
  return extension === '.webp' ? '.jpg' : '.png';
}

/** Returns what `init` says beside `convert`: what it does, to how many images. */
export function describeConversions(conversions: ImageMeasures['conversions'], extension: string): string {
  const kinds = conversions.map(([kind, count]) => `${count} ${kind}`).join(', ');
  return `converts to the format of ${extension}: ${kinds}`;
}
