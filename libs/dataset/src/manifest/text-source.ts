import type { Stats } from 'node:fs';
import { stat, type FileHandle } from 'node:fs/promises';
import { checkInput, InterruptedError, openInput, UnusableInput } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';
import { UnreadableError, makeFinding } from '../findings/findings.js';
import { Pause } from '../pause.js';
import { Utf8Decoder } from './utf8.js';

/** Bytes that are decoded and parsed at a time. Four times as many gain little, and a quarter costs a tenth of the speed. */
const PIECE = 32 * 1024;

/** The longest interval, in milliseconds, between two different timestamps of a file system. */
const CLOCK_TICK_MS = 20;

/** The first bytes of formats other than UTF-8 text. A signature comes before those that it begins with. */
const SIGNATURES: readonly { bytes: readonly number[]; is: string; fix: string }[] = [
  ...encoding('UTF-32', [0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]),
  ...encoding('UTF-16', [0xff, 0xfe], [0xfe, 0xff]),
  { bytes: [0x1f, 0x8b], is: 'a gzip archive', fix: 'Unpack it with `gunzip`.' },
  {
    bytes: [0x50, 0x4b, 3, 4],
    is: 'a ZIP archive or an Office document',
    fix: 'Unpack it, or save it as plain text in UTF-8 (a sheet: as "CSV UTF-8").',
  },
];

function encoding(name: string, ...marks: number[][]) {
  const fix = `Convert the file: \`iconv -f ${name} -t UTF-8 old > new\`.`;
  return marks.map((bytes) => ({ bytes, is: `${name} text`, fix }));
}

/** A file of UTF-8 text, which can be read several times, each time from the start. */
export class TextSource {
  readonly size: number;
  readonly #before: Stats;
  readonly #wasNew: boolean;
  /** The number of bytes that the latest reading has read. */
  read = 0;

  /** Throws an `IngestorError` when the path is not a regular file. */
  constructor(
    private readonly path: string,
    private readonly chunkSize: number,
  ) {
    try {
      this.#before = checkInput(path);
    } catch (error) {
      throw unusable(path, error);
    }
    this.size = this.#before.size;
    this.#wasNew = Date.now() - this.#before.ctimeMs < CLOCK_TICK_MS;
  }

  /** Opens the file, which the caller must close. Throws an `IngestorError` if it cannot be read. */
  async open(): Promise<FileHandle> {
    return openInput(this.path).catch((error: unknown) => {
      throw unusable(this.path, error);
    });
  }

  /**
   * Returns true if the metadata proves that the file was not written, replaced or removed since this object was created.
   * It proves nothing if the permissions or links changed, or if the file was so new that a later change may have the same
   * timestamp.
   */
  async isUntouched(): Promise<boolean> {
    if (this.#wasNew) return false;
    const now = await stat(this.path).catch(() => undefined);
    return (['dev', 'ino', 'size', 'mtimeMs', 'ctimeMs'] as const).every((key) => now?.[key] === this.#before[key]);
  }

  /**
   * Yields the text in pieces, without a byte order mark. No piece extends across one of the `cuts`, which are ascending
   * offsets in bytes. The file is closed at the end, on a failure, and when the caller stops early. `onChunk` receives the
   * bytes of each chunk before its text. Throws `UnreadableError` at the first byte that is not UTF-8, after all text before
   * it, and `InterruptedError` on abort.
   */
  async *pieces(
    signal: AbortSignal,
    cuts: readonly number[] = [],
    onChunk?: (chunk: Uint8Array) => void,
  ): AsyncGenerator<string, void> {
    const decoder = new Utf8Decoder();
    const pause = new Pause();
    const chunk = Buffer.allocUnsafe(this.chunkSize);
    this.read = 0;
    const file = await this.open();
    try {
      for (;;) {
        stopOn(signal);
        const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
        if (bytesRead === 0) break;
        onChunk?.(chunk.subarray(0, bytesRead));
        if (this.read === 0) refuseOtherFormats(chunk.subarray(0, bytesRead));
        for (let start = 0, end; start < bytesRead; start = end) {
          if (pause.isDue) await pause.take();
          stopOn(signal);
          end = Math.min(start + PIECE, bytesRead, start + toNextCut(this.read, cuts));
          const piece = chunk.subarray(start, end);
          const text = decoder.push(piece);
          this.read += piece.length;
          if (text !== '') yield text;
          refuseInvalid(decoder);
        }
      }
      decoder.end();
      refuseInvalid(decoder);
    } finally {
      await file.close();
    }
  }
}

/** Returns the number of bytes from an offset to the next cut. */
function toNextCut(offset: number, cuts: readonly number[]): number {
  return (cuts.find((cut) => cut > offset) ?? Infinity) - offset;
}

function stopOn(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError();
}

function unusable(path: string, cause: unknown): unknown {
  if (!(cause instanceof UnusableInput)) return cause;
  const message = `${path} ${cause.message}.`;
  switch (cause.why) {
    case 'missing':
      return DATASET_ERRORS.make('file-not-found', {
        message: `There is no file ${path}.`,
        fix: 'Correct the path.',
        cause,
      });
    case 'kind': {
      const fix = 'Use the path of a regular file; a pipe cannot be read more than once.';
      return DATASET_ERRORS.make('not-a-file', { message, fix, cause });
    }
    case 'system':
      return DATASET_ERRORS.make('system-file', { message, fix: 'Use the path of a file with data.', cause });
    default:
      return DATASET_ERRORS.make('file-unreadable', { message, fix: 'Check the permissions of the file.', cause });
  }
}

function refuseOtherFormats(bytes: Uint8Array): void {
  const known = SIGNATURES.find((signature) => signature.bytes.every((byte, index) => bytes[index] === byte));
  if (!known) return;
  const { is, fix } = known;
  throw new UnreadableError(
    makeFinding('not-utf8', { message: `The file is ${is}, not UTF-8 text, from byte offset 0 on.`, fix }),
  );
}

function refuseInvalid({ invalid }: Utf8Decoder): void {
  if (!invalid) return;
  const value = `0x${invalid.byte.toString(16).toUpperCase().padStart(2, '0')}`;
  const message = `The byte at offset ${invalid.offset} is not UTF-8; the rest of the file was not checked.`;
  throw new UnreadableError(makeFinding('not-utf8', { message, value, expected: 'UTF-8 text' }));
}
