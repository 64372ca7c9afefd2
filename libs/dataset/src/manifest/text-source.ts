import type { Stats } from 'node:fs';
import { stat, type FileHandle } from 'node:fs/promises';
import { checkInput, InterruptedError, openInput } from '@tracebloc/ingestor-core';
import { UnreadableError, makeFinding } from '../findings/findings.js';
import type { ByteFile } from '../gzip/byte-file.js';
import { Gunzip, isGzip } from '../gzip/gunzip.js';
import { GunzippedFile, openText } from '../gzip/gunzipped-file.js';
import { Pause } from '../pause.js';
import { adviceDespite, adviceFor, convertFix, fixByOption, type FixFor } from '../encoding/advice.js';
import { createDecoder, type Decoder } from '../encoding/decoder.js';
import { doubtOf, type Doubt } from '../encoding/doubt.js';
import { lineNumberAt } from '../encoding/later-lines.js';
import { encodingOfMark, isWide, readBeginning, wideWithoutMark } from '../encoding/mark.js';
import { contradictionOf, isIso2022Jp, type StatedEncoding } from '../encoding/stated.js';
import { refuse, refuseOtherFormats, unusable } from './unusable-text.js';

/** Bytes that are decoded and parsed at a time. Four times as many gain little, and a quarter costs a tenth of the speed. */
const PIECE = 32 * 1024;

/** The longest interval, in milliseconds, between two different timestamps of a file system. */
const CLOCK_TICK_MS = 20;

/** Bytes at the beginning of a file that are compared with an encoding that is stated. */
const EXAMINED = 64 * 1024;

interface Decoding {
  decoder: Decoder;
  /** Throws `UnreadableError` once the decoder has found an invalid byte. */
  refuseInvalid: () => Promise<void>;
}

type ChunkListener = (chunk: Uint8Array) => void;

/** A gzip archive that is read from its start, and its content for looks at other places. */
class OpenArchive {
  readonly gunzip = new Gunzip();
  readonly content: GunzippedFile;

  constructor(file: FileHandle) {
    this.content = new GunzippedFile(file);
  }

  close(): void {
    this.gunzip.close();
    this.content.stop();
  }
}

/** A file of text, which can be read several times, each time from the start. */
export class TextSource {
  readonly size: number;
  readonly #before: Stats;
  readonly #wasNew: boolean;
  /** The number of bytes that the latest reading has read. */
  read = 0;

  /**
   * A byte order mark has priority over the stated encoding. Without one that is stated, the text must be UTF-8. With
   * `advises: false` no encoding is looked for that the fix could name, which takes milliseconds. With `unpacks: true` the
   * file may be a gzip archive of the text. Throws an `IngestorError` when the path is not a regular file.
   */
  constructor(
    private readonly path: string,
    private readonly chunkSize: number,
    private readonly stated?: StatedEncoding,
    private readonly advises = true,
    private readonly unpacks = false,
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

  /** Whether the file is a gzip archive, and is unpacked. */
  async isArchive(): Promise<boolean> {
    if (!this.unpacks) return false;
    const file = await this.open();
    try {
      return isGzip(await readBeginning(file, 3));
    } finally {
      await file.close();
    }
  }

  /** Returns a doubt about the stated encoding, by the beginning of the file; see `doubtOf`. */
  async doubt(): Promise<Doubt | undefined> {
    const encoding = this.stated?.encoding ?? 'utf-8';
    if (encoding === 'utf-8') return undefined;
    const file = this.unpacks ? await openText(this.path) : await this.open();
    try {
      return encodingOfMark(await readBeginning(file)) ? undefined : await doubtOf(file, encoding);
    } finally {
      await file.close();
    }
  }

  /** Returns the number of the line that has a byte of the text. */
  async lineAt(offset: number): Promise<number> {
    const file = this.unpacks ? await openText(this.path) : await this.open();
    try {
      return await lineNumberAt(file, offset);
    } finally {
      await file.close();
    }
  }

  /**
   * Yields the text in pieces, without a byte order mark. No piece extends across one of the `cuts`, which are ascending
   * offsets in bytes of the file. The file is closed at the end, on a failure, and when the caller stops early. `onBytes`
   * receives the bytes of the file, and `onText` those of the text, each before the text itself. Throws `UnreadableError` at
   * the first byte that the encoding does not have, after all text before it, and `InterruptedError` on abort.
   */
  async *pieces(
    signal: AbortSignal,
    cuts: readonly number[] = [],
    { onBytes, onText }: { onBytes?: ChunkListener; onText?: ChunkListener } = {},
  ): AsyncGenerator<string, void> {
    const pause = new Pause();
    const chunk = Buffer.allocUnsafe(this.chunkSize);
    this.read = 0;
    const file = await this.open();
    let archive: OpenArchive | undefined;
    try {
      let decoding: Decoding | undefined;
      const unpack = async function* (this: TextSource, content: ByteFile, outputs: readonly Buffer[]) {
        for (const output of outputs) {
          onText?.(output);
          decoding ??= await this.#startDecoding(content, output);
          const text = decoding.decoder.push(output);
          if (text !== '') yield text;
          await decoding.refuseInvalid();
        }
      }.bind(this);
      for (let isFirst = true; ; isFirst = false) {
        stopOn(signal);
        const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
        if (bytesRead === 0) break;
        const bytes = chunk.subarray(0, bytesRead);
        onBytes?.(bytes);
        if (isFirst && this.unpacks && isGzip(await readBeginning(file, 3))) archive = new OpenArchive(file);
        if (!archive) {
          onText?.(bytes);
          decoding ??= await this.#startDecoding(file, bytes);
        }
        for (let start = 0, end; start < bytesRead; start = end) {
          if (pause.isDue) await pause.take();
          stopOn(signal);
          end = Math.min(start + PIECE, bytesRead, start + toNextCut(this.read, cuts));
          const piece = chunk.subarray(start, end);
          if (!archive) {
            const text = decoding!.decoder.push(piece);
            this.read += piece.length;
            if (text !== '') yield text;
            await decoding!.refuseInvalid();
            continue;
          }
          const outputs = await archive.gunzip.push(piece);
          this.read += piece.length;
          yield* unpack(archive.content, outputs);
        }
      }
      if (archive) yield* unpack(archive.content, await archive.gunzip.end());
      decoding?.decoder.end();
      await decoding?.refuseInvalid();
    } finally {
      archive?.close();
      await file.close();
    }
  }

  /** Throws `UnreadableError` if the first bytes show that the file is not text in the stated encoding. */
  async #startDecoding(file: ByteFile, firstChunk: Uint8Array): Promise<Decoding> {
    const beginning = await readBeginning(file);
    refuseOtherFormats(beginning);
    const mark = encodingOfMark(beginning);
    if (mark && isWide(mark) && this.stated?.encoding === undefined)
      refuse(`${unicodeName(mark)} text`, `${this.#fixFor(unicodeName(mark).toLowerCase())}.`);
    const encoding = mark ?? (await this.#confirmStated(file, beginning));
    if (encoding === 'utf-8' && isIso2022Jp(firstChunk)) refuse('ISO-2022-JP text', `${this.#fixFor('iso-2022-jp')}.`);
    const decoder = await createDecoder(encoding);
    const refuseInvalid = async () => {
      if (decoder.invalid) await this.#refuseByte(file, decoder.invalid, encoding, mark !== undefined);
    };
    return { decoder, refuseInvalid };
  }

  /** Returns the encoding of a file without a byte order mark. Throws `UnreadableError` if it is not the one that is stated. */
  async #confirmStated(file: ByteFile, beginning: Uint8Array): Promise<string> {
    const { encoding = 'utf-8', option, isShared } = this.stated ?? {};
    const examined = encoding === 'utf-8' ? beginning : await readBeginning(file, EXAMINED);
    const actual = await contradictionOf(examined, encoding);
    // Which of its bytes come first is known now, if only "utf-16" is stated.
    if (actual === undefined) return wideWithoutMark(beginning) ?? encoding;
    if (encoding === 'utf-8')
      refuse(`${unicodeName(actual)} text without a byte order mark`, `${this.#fixFor(actual)}.`);
    const message = `The file is in ${actual}, although \`${option}\` states ${encoding}.`;
    const remove = isShared ? `Convert all files to UTF-8 and remove \`${option}\`.` : `Remove \`${option}\`.`;
    const fix = actual === 'utf-8' ? remove : `${this.#fixFor(actual)}.`;
    throw new UnreadableError(makeFinding('encoding-contradicted', { message, expected: `${encoding} text`, fix }));
  }

  get #fixFor(): FixFor {
    return this.stated ? fixByOption(this.stated) : convertFix;
  }

  async #refuseByte(
    file: ByteFile,
    { offset, byte }: NonNullable<Decoder['invalid']>,
    encoding: string,
    isMarked: boolean,
  ): Promise<never> {
    const isUtf8 = encoding === 'utf-8';
    const is = isUtf8 ? 'not UTF-8' : `not valid in ${encoding}`;
    const details = {
      message: `The byte at offset ${offset} is ${is}; the rest of the file was not checked.`,
      value: `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`,
      expected: `${isUtf8 ? 'UTF-8' : encoding} text`,
    };
    let fix = isMarked ? damaged(encoding) : undefined;
    if (!isMarked && this.advises) {
      fix =
        !isUtf8 && this.stated
          ? await adviceDespite(file, offset, { ...this.stated, encoding })
          : await adviceFor(file, offset, this.#fixFor);
    }
    throw new UnreadableError(makeFinding(isUtf8 ? 'not-utf8' : 'invalid-byte', { ...details, ...(fix && { fix }) }));
  }
}

/** Returns the name of UTF-8, UTF-16 or UTF-32 without its order of bytes. */
const unicodeName = (encoding: string): string => encoding.slice(0, 6).toUpperCase();

const damaged = (encoding: string): string =>
  `The file begins with the byte order mark of ${unicodeName(encoding)}, so it is damaged: export it again as UTF-8.`;

/** Returns the number of bytes from an offset to the next cut. */
function toNextCut(offset: number, cuts: readonly number[]): number {
  return (cuts.find((cut) => cut > offset) ?? Infinity) - offset;
}

function stopOn(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError();
}
