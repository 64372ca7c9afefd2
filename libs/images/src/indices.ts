import { crc32, createInflate } from 'node:zlib';
import { Readable } from 'node:stream';
import type { Report } from '@tracebloc/ingestor-contract';
import type { SidecarFile } from '@tracebloc/ingestor-dataset';
import { reportImage, reportMask } from './findings.js';
import { reportColours } from './colour-mask.js';
import { MAX_PIXELS, MAX_SECONDS } from './image.js';
import { PNG_SIGNATURE, type PngChunk, chunksOf } from './png.js';
import { ADAM7, type Pass, RowDecoder, WHOLE } from './png-rows.js';
import { type ImageSize, showSize } from './size-check.js';
import { SourceFile } from './source.js';

/** The colour types of PNG whose samples are class indices: grey, and a palette. */
const INDEXED: readonly number[] = [0, 3];
const BITS: readonly number[] = [1, 2, 4, 8, 16];
/** Bytes of compressed data that are read and decoded at a time. */
const PIECE = 64 << 10;
const MIN_PIECE = 1 << 10;

/** The class indices of a mask, exactly as its PNG stores them: no palette, scaling or colour profile is applied. */
export interface Indices extends ImageSize {
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  bits: number;
  /** Whether the samples are indices of a palette. Most programs scale grey of less than 8 bits, but not these. */
  isPalette: boolean;
  /**
   * The rows from top to bottom, `width` indices each; the array is used again for the next row. They can be read once.
   * They end early at the first damage, which is then reported. An interlaced image is held in memory as a whole.
   */
  rows: AsyncIterable<Uint8Array | Uint16Array>;
}

/**
 * Opens a PNG whose samples are class indices: grey of 1, 2, 4, 8 or 16 bits, or with a palette. Returns undefined, and
 * reports why, when the file is not such a PNG or claims more pixels than `MAX_PIXELS`.
 */
export async function readIndices(file: SidecarFile, report: Report): Promise<Indices | undefined> {
  const { shown } = file;
  const source = await SourceFile.open(file);
  if ((await source.read(0, 8)).toString('latin1') !== PNG_SIGNATURE) {
    const message = 'The mask is not a PNG file, so its pixels may not be exact.';
    reportMask(report, 'not-a-mask', { message, file: shown, expected: 'a PNG file' });
    return undefined;
  }
  const header = await source.read(16, 13);
  const [width, height] = header.length === 13 ? [header.readUInt32BE(0), header.readUInt32BE(4)] : [0, 0];
  if (width === 0 || height === 0) {
    reportImage(report, 'broken-image', { message: 'The header cannot be read.', file: shown });
    return undefined;
  }
  const [bits, colour, interlace] = [header[8]!, header[9]!, header[12]!];
  if (width * height > MAX_PIXELS) {
    const details = { file: shown, value: showSize({ width, height }), expected: `at most ${MAX_PIXELS} pixels` };
    reportImage(report, 'too-many-pixels', {
      message: 'The header claims more pixels than this program decodes.',
      ...details,
    });
    return undefined;
  }
  if (!INDEXED.includes(colour)) {
    await reportColours(source.source, shown, report);
    return undefined;
  }
  if (!BITS.includes(bits) || (colour === 3 && bits === 16) || interlace > 1) {
    reportImage(report, 'broken-image', { message: 'The header is not that of a PNG file.', file: shown });
    return undefined;
  }
  const image = { width, height, bits };
  const passes = interlace === 1 ? ADAM7 : [WHOLE];
  return { ...image, isPalette: colour === 3, rows: readRows(source, shown, image, passes, report) };
}

/** A file is damaged. The message is part of its finding. */
class DamageError extends Error {}

/** Decoding takes longer than `MAX_SECONDS`. */
class SlowError extends Error {}

async function* readRows(
  source: SourceFile,
  shown: string,
  image: ImageSize & { bits: number },
  passes: readonly Pass[],
  report: Report,
): AsyncGenerator<Uint8Array | Uint16Array, void> {
  try {
    const decoder = new RowDecoder(image, passes);
    // A small mask needs no large buffer.
    const length = image.height * (1 + Math.ceil((image.width * image.bits) / 8));
    for await (const data of inflate(source, Math.min(PIECE, Math.max(MIN_PIECE, length)))) {
      yield* decoder.add(data);
      if (decoder.hasFailed) throw new DamageError('A row has an unknown filter.');
      if (decoder.hasTooMuch) throw new DamageError('The file holds more pixels than its header says.');
    }
    if (!decoder.isComplete) throw new DamageError('The file is cut off.');
    yield* decoder.interlaced();
  } catch (error) {
    if (error instanceof SlowError) {
      const message = `The image was not decoded within ${MAX_SECONDS} seconds.`;
      reportImage(report, 'slow-image', { message, file: shown, expected: `at most ${MAX_SECONDS} seconds` });
    } else if (error instanceof DamageError || isZlibError(error)) {
      const reason = error instanceof DamageError ? error.message : 'The compressed data is damaged.';
      reportImage(report, 'broken-image', { message: `The image does not decode: ${reason}`, file: shown });
    } else {
      throw error;
    }
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && /^(Z_|ERR_ZLIB)/.test(String((error as NodeJS.ErrnoException).code));
}

/** Decompresses the data of all IDAT chunks in pieces. Stops when the caller stops reading. */
async function* inflate(source: SourceFile, chunkSize: number): AsyncGenerator<Buffer, void> {
  const inflater = createInflate({ chunkSize });
  const compressed = Readable.from(compressedData(source), { objectMode: false, highWaterMark: PIECE });
  compressed.on('error', (error) => inflater.destroy(error));
  try {
    for await (const data of compressed.pipe(inflater)) yield data as Buffer;
  } finally {
    compressed.destroy();
  }
}

async function* compressedData(source: SourceFile): AsyncGenerator<Buffer, void> {
  const started = performance.now();
  for await (const chunk of chunksOf(source)) {
    if (chunk.type === 'IDAT') yield* dataOf(source, chunk, started);
    if (chunk.type === 'IEND') return;
  }
  throw new DamageError('The last chunk is missing.');
}

/** Reads a chunk in pieces and compares its checksum. */
async function* dataOf(source: SourceFile, { at, length }: PngChunk, started: number): AsyncGenerator<Buffer, void> {
  let checksum = crc32('IDAT');
  for (let done = 0; done < length;) {
    if (performance.now() - started > MAX_SECONDS * 1000) throw new SlowError();
    const piece = await source.read(at + done, Math.min(PIECE, length - done));
    if (piece.length === 0) throw new DamageError('The file is cut off.');
    checksum = crc32(piece, checksum);
    done += piece.length;
    yield piece;
  }
  const stored = await source.read(at + length, 4);
  if (stored.length < 4 || stored.readUInt32BE(0) !== checksum) {
    throw new DamageError('The checksum of a part does not match.');
  }
}
