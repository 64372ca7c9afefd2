import type { Stats } from 'node:fs';
import { stat, type FileHandle } from 'node:fs/promises';
import { checkInput, InterruptedError, openInput, UnusableInput } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';
import { UnreadableError, makeFinding } from '../findings/findings.js';
import { Pause } from '../pause.js';
import { adviceFor } from '../encoding/advice.js';
import { createDecoder, isSingleByte, type Decoder } from '../encoding/decoder.js';
import { encodingOfMark, isUtf8InTruth, looksLikeUtf16, readBeginning } from '../encoding/mark.js';

/** Bytes that are decoded and parsed at a time. Four times as many gain little, and a quarter costs a tenth of the speed. */
const PIECE = 32 * 1024;

/** The longest interval, in milliseconds, between two different timestamps of a file system. */
const CLOCK_TICK_MS = 20;

/** The first bytes of encodings that are not read. */
const SIGNATURES: readonly { bytes: readonly number[]; is: string; fix: string }[] = [
  ...unreadEncoding('UTF-32', [0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]),
];

function unreadEncoding(name: string, ...marks: number[][]) {
  const fix = `Convert the file: \`iconv -f ${name} -t UTF-8 old > new\`.`;
  return marks.map((bytes) => ({ bytes, is: `${name} text`, fix }));
}

/** A file of text, which can be read several times, each time from the start. */
export class TextSource {
  readonly size: number;
  readonly #before: Stats;
  readonly #wasNew: boolean;
  /** The number of bytes that the latest reading has read. */
  read = 0;

  /**
   * The encoding is one that `encodingNamed` returned; a byte order mark has priority over it. If it is absent, the text must
   * be UTF-8. With `advises: false` no encoding is looked for that the fix could name, which takes milliseconds. Throws an `IngestorError` when the path is not a regular file.
   */
  constructor(
    private readonly path: string,
    private readonly chunkSize: number,
    private readonly encoding?: string,
    private readonly advises = true,
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
   * bytes of each chunk before its text. Throws `UnreadableError` at the first byte that the encoding does not have, after all
   * text before it, and `InterruptedError` on abort.
   */
  async *pieces(
    signal: AbortSignal,
    cuts: readonly number[] = [],
    onChunk?: (chunk: Uint8Array) => void,
  ): AsyncGenerator<string, void> {
    const pause = new Pause();
    const chunk = Buffer.allocUnsafe(this.chunkSize);
    this.read = 0;
    const file = await this.open();
    try {
      const { decoder, refuseInvalid } = await this.#decoderOf(file);
      for (;;) {
        stopOn(signal);
        const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
        if (bytesRead === 0) break;
        onChunk?.(chunk.subarray(0, bytesRead));
        for (let start = 0, end; start < bytesRead; start = end) {
          if (pause.isDue) await pause.take();
          stopOn(signal);
          end = Math.min(start + PIECE, bytesRead, start + toNextCut(this.read, cuts));
          const piece = chunk.subarray(start, end);
          const text = decoder.push(piece);
          this.read += piece.length;
          if (text !== '') yield text;
          await refuseInvalid();
        }
      }
      decoder.end();
      await refuseInvalid();
    } finally {
      await file.close();
    }
  }

  /** Returns the decoder of an open file, and what throws `UnreadableError` once the decoder has found an invalid byte. */
  async #decoderOf(file: FileHandle): Promise<{ decoder: Decoder; refuseInvalid: () => Promise<void> }> {
    const beginning = await readBeginning(file);
    refuseOtherFormats(beginning);
    const mark = encodingOfMark(beginning);
    if (this.encoding === undefined && mark?.startsWith('utf-16')) refuse('UTF-16 text', CONVERT_UTF_16);
    const encoding = mark ?? this.encoding ?? 'utf-8';
    const guess = encoding === 'utf-8' ? looksLikeUtf16(beginning) : undefined;
    if (guess) {
      const fix = this.encoding === undefined ? CONVERT_UTF_16 : `Set \`spec.csv_options.encoding: ${guess}\`.`;
      refuse('UTF-16 text without a byte order mark', fix);
    }
    if (!mark && isSingleByte(encoding) && (await isUtf8InTruth(file))) {
      const message = `The file is UTF-8, although \`spec.csv_options.encoding\` states ${encoding}.`;
      throw new UnreadableError(makeFinding('utf8-despite-option', { message }));
    }
    const decoder = await createDecoder(encoding);
    const refuseInvalid = async () => {
      const { invalid } = decoder;
      if (!invalid) return;
      const value = `0x${invalid.byte.toString(16).toUpperCase().padStart(2, '0')}`;
      if (encoding === 'utf-8') {
        const message = `The byte at offset ${invalid.offset} is not UTF-8; the rest of the file was not checked.`;
        const isOption = this.encoding !== undefined;
        const advice = this.advises ? await adviceFor(file, invalid.offset, isOption) : undefined;
        const fix = mark ? DAMAGED : advice;
        const details = { message, value, expected: 'UTF-8 text', ...(fix !== undefined && { fix }) };
        throw new UnreadableError(makeFinding('not-utf8', details));
      }
      const message = `The byte at offset ${invalid.offset} is not valid in ${encoding}; the rest of the file was not checked.`;
      throw new UnreadableError(makeFinding('invalid-byte', { message, value, expected: `${encoding} text` }));
    };
    return { decoder, refuseInvalid };
  }
}

const DAMAGED = 'The file begins with the byte order mark of UTF-8, so it is damaged: export it again as UTF-8.';
const CONVERT_UTF_16 = 'Convert the file: `iconv -f UTF-16 -t UTF-8 old > new`.';

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
  if (known) refuse(known.is, known.fix);
}

function refuse(is: string, fix: string): never {
  throw new UnreadableError(
    makeFinding('not-utf8', { message: `The file is ${is}, not UTF-8 text, from byte offset 0 on.`, fix }),
  );
}
