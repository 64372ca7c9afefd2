import type { Sharp } from 'sharp';
import type { Report } from '@tracebloc/ingestor-contract';
import type { SidecarFile } from '@tracebloc/ingestor-dataset';
import { decodeBmp, readBmpHeader } from './bmp.js';
import { type Refusal, conversionsOf } from './conversions.js';
import { reportImage } from './findings.js';
import { STORED_FORMATS, type SourceFormat, type StoredFormat, isStored, signatureOf } from './formats.js';
import { uprightSize } from './geometry.js';
import { type Header, readJpegHeader } from './jpeg-header.js';
import { isPngWhole } from './png.js';
import { loadSharp } from './load-sharp.js';
import { type ImageSize, showSize } from './size-check.js';
import { type ImageSource, SourceFile, readAll, readEnd } from './source.js';

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
/** The fixes of images that the option converts. */
const FIX = 'Set `spec.file_options.convert: true`, which converts such images, or convert the file yourself.';
const FIX_FORMAT =
  'Give the file the extension of its content, in the manifest too, or set `spec.file_options.convert: true`, which converts it.';
const FIX_SIZE =
  'Set `spec.file_options.fit` to `contain` (pads with black), `cover` (cuts off) or `stretch` (changes the shape), or set `target_size` to the size that all images have.';

export interface Image extends ImageSize {
  /** The file's name as findings show it. */
  shown: string;
  source: ImageSource;
  format: SourceFormat;
  /** The format that the extension of the dataset stands for. */
  storedAs: StoredFormat;
  /** 1 for grey, 3 for RGB, after the conversion. */
  channels: 1 | 3;
  /** The EXIF orientation, 1 to 8; 1 is upright. `width` and `height` are those of the stored pixels. */
  orientation: number;
  /** What must be converted before the image is as the dataset's images are, such as `CMYK`. Empty unless the rules allow it. */
  conversions: readonly string[];
  /** Whether the pixels of a PNG are indices of a palette. Decoders return them as colours. */
  isPalette?: boolean;
}

export interface ImageRules {
  /** The least width and height, in pixels. */
  minSize: readonly [number, number];
  /** The width and height that the image must have, in pixels. */
  exactSize?: readonly [number, number];
  /**
   * Whether images of other formats, colours and depths are converted. They are errors if it is false, whose fix is the option
   * `convert`, and if it is absent, since the task has no such option.
   */
  convert?: boolean;
  /** Whether the sizes are those of the upright image, since the task turns it. They are if `convert` is true. */
  upright?: boolean;
}

/**
 * Checks what the header of an image says: format, size, channels, depth. Reports everything that is wrong. Returns
 * undefined when the image cannot be decoded, or should not be.
 */
export async function probeImage(file: SidecarFile, rules: ImageRules, report: Report): Promise<Image | undefined> {
  const { shown } = file;
  const { convert } = rules;
  const bytes = await SourceFile.open(file);
  const start = await bytes.read(0, START);
  const signature = signatureOf(start);
  const format = signature?.format;
  if (format === undefined || (!isStored(format) && !convert)) {
    const message = `The content is ${signature ? signature.is : 'not an image'}.`;
    const fix = format !== undefined && convert === false ? FIX : undefined;
    reportImage(report, 'not-an-image', { message, file: shown, expected: 'JPEG or PNG', ...(fix && { fix }) });
    return undefined;
  }
  const storedAs = STORED_FORMATS[file.extension];
  if (format !== storedAs && !convert) {
    const message = `The content is ${signature!.is}, but the extension is ${file.extension}.`;
    const fix = convert === false ? FIX_FORMAT : undefined;
    const expected = storedAs ?? 'an image';
    reportImage(report, 'format-mismatch', { message, file: shown, expected, ...(fix && { fix }) });
  }
  const plain = format === 'jpeg' ? readJpegHeader(start) : undefined;
  const header =
    plain ??
    (await readHeader(bytes.source, format, start).catch(async (error: unknown) => {
      const isCut = await isCutOff({ source: bytes.source, format });
      const message = isCut ? CUT_OFF : `The header cannot be read: ${reasonOf(error)}.`;
      reportImage(report, 'broken-image', { message, file: shown });
    }));
  if (!header) return undefined;
  if (!checkSize(header, shown, rules, report)) return undefined;

  const { conversions, refusals } = plain
    ? { conversions: format === storedAs ? [] : [signature!.is], refusals: [] }
    : conversionsOf(header, format === storedAs ? undefined : signature!.is);
  for (const refusal of refusals) if (!convert || !refusal.convertible) reportRefusal(refusal, shown, convert, report);
  if (format === 'png' && !(await isPngWhole(bytes))) {
    reportImage(report, 'broken-image', { message: 'The file is cut off: its last chunk is missing.', file: shown });
    return undefined;
  }
  // The decoder takes zeros for pixels. A download that broke off may leave them.
  const end = format === 'jpeg' ? await bytes.read(bytes.size - ZEROS, ZEROS) : undefined;
  if (end?.every((byte) => byte === 0) && (await isCutOff({ source: bytes.source, format: 'jpeg' }))) {
    reportImage(report, 'broken-image', { message: CUT_OFF, file: shown });
    return undefined;
  }
  return {
    ...{ width: header.width, height: header.height },
    shown,
    source: bytes.source,
    format,
    storedAs: storedAs ?? 'jpeg',
    channels: header.channels <= 2 ? 1 : 3,
    orientation: header.orientation ?? 1,
    conversions: convert ? conversions : [],
    ...(header.isPalette && { isPalette: true }),
  };
}

/** Reports a size that is not as the rules want it. Returns false if the image must not be decoded. */
function checkSize(header: Header, shown: string, rules: ImageRules, report: Report): boolean {
  const { minSize, exactSize, convert, upright = convert } = rules;
  const { width, height } = upright ? uprightSize({ ...header, orientation: header.orientation ?? 1 }) : header;
  const value = showSize({ width, height });
  if (width * height > MAX_PIXELS) {
    const message = 'The header claims more pixels than this program decodes.';
    reportImage(report, 'too-many-pixels', { message, file: shown, value, expected: `at most ${MAX_PIXELS} pixels` });
    return false;
  }
  if (width < minSize[0] || height < minSize[1]) {
    const message = 'The image is smaller than min_size.';
    reportImage(report, 'too-small', { message, file: shown, value, expected: `at least ${minSize[0]}x${minSize[1]}` });
  } else if (exactSize && (width !== exactSize[0] || height !== exactSize[1])) {
    const message = 'The image does not have the size that target_size states.';
    const expected = `${exactSize[0]}x${exactSize[1]}`;
    const fix = convert === undefined ? undefined : FIX_SIZE;
    reportImage(report, 'wrong-size', { message, file: shown, value, expected, ...(fix && { fix }) });
  }
  return true;
}

function reportRefusal(
  { code, value, convertible }: Refusal,
  file: string,
  convert: boolean | undefined,
  report: Report,
): void {
  const fix = convertible && convert === false ? FIX : undefined;
  const [message, expected] =
    code === 'bit-depth'
      ? ['The image does not have 8 bits a channel.', '8 bit']
      : ['The image is neither grey nor RGB.', 'grey or RGB'];
  reportImage(report, code, { message, file, value, expected, ...(fix && { fix }) });
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
    const input = format === 'bmp' ? decodeBmp(await readAll(source)) : undefined;
    const raw = input && { raw: { width: input.width, height: input.height, channels: 3 as const } };
    const options = { failOn: 'warning', limitInputPixels: MAX_PIXELS, ...raw } as const;
    return await work(sharp(input?.data ?? source, options).timeout({ seconds: MAX_SECONDS }));
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

async function readHeader(source: ImageSource, format: SourceFormat, start: Buffer): Promise<Header> {
  if (format === 'bmp') return readBmpHeader(start);
  const sharp = await loadSharp();
  return sharp(source, { failOn: 'none', limitInputPixels: false }).metadata();
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
