import type { Sharp } from 'sharp';
import type { Report } from '@tracebloc/ingestor-contract';
import type { SidecarFile } from '@tracebloc/ingestor-dataset';
import { reportImage } from './findings.js';
import { type Header, readJpegHeader } from './jpeg-header.js';
import { isPngWhole } from './png.js';
import { loadSharp } from './load-sharp.js';
import { type ImageSize, showSize } from './size-check.js';
import { type ImageSource, SourceFile, readEnd } from './source.js';

/** An image with more pixels is not decoded. These are 300 MB of RGB: more than a camera makes, less than a bomb claims. */
export const MAX_PIXELS = 100_000_000;
/** Seconds that decoding one file may take. */
export const MAX_SECONDS = 30;

/** The marker of the end of a JPEG, and the bytes at the end of a file in which it is looked for. */
const JPEG_END = Buffer.from([0xff, 0xd9]);
const JPEG_TAIL = 64 << 10;
/** The bytes at the end of a file that are compared with zero. */
const ZEROS = 16;
/** The bytes at the start of a file that have its signature and, in most JPEGs, its header. */
const START = 4096;
const CUT_OFF = 'The file is cut off: its end is missing.';

export interface Image extends ImageSize {
  /** The file's name as findings show it. */
  shown: string;
  source: ImageSource;
  format: 'jpeg' | 'png';
  channels: 1 | 3;
  /** The EXIF orientation, 1 to 8; 1 is upright. `width` and `height` are those of the stored pixels. */
  orientation: number;
}

export interface ImageRules {
  /** The least width and height, in pixels. */
  minSize: readonly [number, number];
  /** The width and height that the image must have, in pixels. */
  exactSize?: readonly [number, number];
}

const FORMATS: Readonly<Record<string, Image['format']>> = { '.jpg': 'jpeg', '.jpeg': 'jpeg', '.png': 'png' };

/** The first bytes of files that often have an image's name. Only JPEG and PNG are decoded. */
const SIGNATURES: readonly { text: string; at?: number; is: string; format?: Image['format'] }[] = [
  { text: '\xff\xd8\xff', is: 'JPEG', format: 'jpeg' },
  { text: '\x89PNG\r\n\x1a\n', is: 'PNG', format: 'png' },
  { text: 'GIF8', is: 'GIF' },
  { text: 'BM', is: 'BMP' },
  { text: 'WEBP', at: 8, is: 'WebP' },
  { text: 'ftyp', at: 4, is: 'HEIF or AVIF' },
  { text: 'II*\0', is: 'TIFF' },
  { text: 'MM\0*', is: 'TIFF' },
  { text: '%PDF', is: 'PDF' },
  { text: '<', is: 'markup, as SVG or HTML' },
];

/**
 * Checks what the header of an image says: format, size, channels, depth. Reports everything that is wrong. Returns
 * undefined when the image cannot be decoded, or should not be.
 */
export async function probeImage(
  file: SidecarFile,
  { minSize, exactSize }: ImageRules,
  report: Report,
): Promise<Image | undefined> {
  const { shown } = file;
  const bytes = await SourceFile.open(file);
  const start = await bytes.read(0, START);
  const signature = signatureOf(start);
  if (signature?.format === undefined) {
    const message = `The content is ${signature ? signature.is : 'not an image'}.`;
    reportImage(report, 'not-an-image', { message, file: shown, expected: 'JPEG or PNG' });
    return undefined;
  }
  if (signature.format !== FORMATS[file.extension]) {
    const message = `The content is ${signature.is}, but the extension is ${file.extension}.`;
    reportImage(report, 'format-mismatch', { message, file: shown, expected: FORMATS[file.extension] ?? 'an image' });
  }
  const plain = signature.format === 'jpeg' ? readJpegHeader(start) : undefined;
  const header =
    plain ??
    (await readHeader(bytes.source).catch(async (error: unknown) => {
      const isCut = await isCutOff({ source: bytes.source, format: signature.format! });
      const message = isCut ? CUT_OFF : `The header cannot be read: ${reasonOf(error)}.`;
      reportImage(report, 'broken-image', { message, file: shown });
    }));
  if (!header) return undefined;

  const size = { width: header.width, height: header.height };
  const value = showSize(size);
  if (size.width * size.height > MAX_PIXELS) {
    const message = 'The header claims more pixels than this program decodes.';
    reportImage(report, 'too-many-pixels', { message, file: shown, value, expected: `at most ${MAX_PIXELS} pixels` });
    return undefined;
  }
  if (size.width < minSize[0] || size.height < minSize[1]) {
    const message = 'The image is smaller than min_size.';
    reportImage(report, 'too-small', { message, file: shown, value, expected: `at least ${minSize[0]}x${minSize[1]}` });
  } else if (exactSize && (size.width !== exactSize[0] || size.height !== exactSize[1])) {
    const message = 'The image does not have the size that target_size states.';
    reportImage(report, 'wrong-size', { message, file: shown, value, expected: `${exactSize[0]}x${exactSize[1]}` });
  }
  if (header.depth !== 'uchar') {
    const bits = { ushort: '16 bit', char: '8 bit, signed', short: '16 bit, signed' }[header.depth as string];
    const message = 'The image does not have 8 bits a channel.';
    reportImage(report, 'bit-depth', { message, file: shown, value: bits ?? header.depth, expected: '8 bit' });
  }
  const { channels } = header;
  if ((channels !== 1 && channels !== 3) || header.space === 'cmyk') {
    const kind = header.space === 'cmyk' ? 'CMYK' : channels === 2 ? 'grey with alpha' : 'RGB with alpha';
    const message = 'The image is neither grey nor RGB.';
    reportImage(report, 'color-channels', { message, file: shown, value: kind, expected: 'grey or RGB' });
  }
  if (signature.format === 'png' && !(await isPngWhole(bytes))) {
    reportImage(report, 'broken-image', { message: 'The file is cut off: its last chunk is missing.', file: shown });
    return undefined;
  }
  // The decoder takes zeros for pixels. A download that broke off may leave them.
  const end = signature.format === 'jpeg' ? await bytes.read(bytes.size - ZEROS, ZEROS) : undefined;
  if (end?.every((byte) => byte === 0) && (await isCutOff({ source: bytes.source, format: 'jpeg' }))) {
    reportImage(report, 'broken-image', { message: CUT_OFF, file: shown });
    return undefined;
  }
  return {
    ...size,
    shown,
    source: bytes.source,
    format: signature.format,
    channels: channels === 1 ? 1 : 3,
    orientation: header.orientation ?? 1,
  };
}

/**
 * Decodes a probed image to its end, which proves that the file is whole. Returns whether it is, and reports one that is not.
 */
export async function proveWhole(image: Image, report: Report): Promise<boolean> {
  // A decoder reads all rows to return the last one, and then keeps none of the others.
  const lastPixel = { left: 0, top: image.height - 1, width: 1, height: 1 };
  const decoded = await runImage(image, report, (pixels) => pixels.extract(lastPixel).raw().toBuffer());
  return decoded !== undefined;
}

/**
 * Runs sharp on a probed image, bounded in time and pixels. Returns undefined when the file cannot be decoded, and
 * reports why.
 */
export async function runImage<T>(
  { source, shown, format }: Pick<Image, 'source' | 'shown' | 'format'>,
  report: Report,
  work: (image: Sharp) => Promise<T>,
): Promise<T | undefined> {
  const sharp = await loadSharp();
  try {
    return await work(
      sharp(source, { failOn: 'warning', limitInputPixels: MAX_PIXELS }).timeout({ seconds: MAX_SECONDS }),
    );
  } catch (error) {
    const reason = reasonOf(error);
    if (/timeout/i.test(reason)) {
      const message = `The image was not decoded within ${MAX_SECONDS} seconds.`;
      reportImage(report, 'slow-image', { message, file: shown, expected: `at most ${MAX_SECONDS} seconds` });
    } else if (await isCutOff({ source, format })) {
      reportImage(report, 'broken-image', { message: CUT_OFF, file: shown });
    } else {
      reportImage(report, 'broken-image', { message: `The image does not decode: ${reason}.`, file: shown });
    }
    return undefined;
  }
}

async function readHeader(source: ImageSource): Promise<Header> {
  const sharp = await loadSharp();
  return sharp(source, { failOn: 'none', limitInputPixels: false }).metadata();
}

function signatureOf(start: Buffer): (typeof SIGNATURES)[number] | undefined {
  const text = start.toString('latin1', 0, 16);
  return SIGNATURES.find(({ text: signature, at = 0 }) => text.startsWith(signature, at));
}

/** Whether a file is a JPEG without the marker of its end. Some programs write more bytes after it. */
async function isCutOff({ source, format }: Pick<Image, 'source' | 'format'>): Promise<boolean> {
  if (format !== 'jpeg') return false;
  const end = await readEnd(source, JPEG_TAIL).catch(() => undefined);
  return end !== undefined && !end.includes(JPEG_END);
}

/** Returns the message of libvips as one line without paths. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // sharp says this in place of the warning.
  if (/failOn/.test(text)) return 'its data is damaged';
  return text
    .split('\n')[0]!
    .replace(/^Input file (is |has )?/i, '')
    .replace(/[\s.]+$/, '');
}
