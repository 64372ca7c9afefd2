import { isAscii, isUtf8 } from 'node:buffer';
import type { ByteFile } from '../gzip/byte-file.js';
import { quoteWord } from './advice.js';
import { firstDifference } from './detect.js';
import { type Doubt, doubtOfSample } from './doubt.js';
import { encodingOfMark, isWide } from './mark.js';
import { decode, makesBetterWords } from './sample.js';

/** Matches the first two bytes of a character beyond ASCII in UTF-8, of bytes that are read as Latin-1. */
const UTF8_START = /[\xc2-\xf4][\x80-\xbf]/g;
const BEYOND_ASCII = /[\x80-\xff]/g;
/** The most bytes of lines that are kept, of either kind, and of one line. */
const MAX_KEPT = 16 * 1024;
const MAX_LINE = 2048;
/** The most lines of a chunk whose encoding is judged. */
const LINES_PER_CHUNK = 2;
const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

/** A doubt about lines of a file, and the offset in bytes of the first of them if it is known. */
export interface LaterDoubt extends Doubt {
  offset?: number;
  /** Whether all lines beyond ASCII are UTF-8, as far as they were seen. */
  isUtf8?: boolean;
}

/**
 * Looks at all chunks of a file for lines that are in another encoding than the stated one, which the beginning of the file
 * does not show.
 */
export class LaterLines {
  readonly #utf8: Buffer[] = [];
  #offset = -1;
  #utf8Length = 0;
  readonly #sample: Buffer[] = [];
  #sampleLength = 0;
  #read = 0;
  /** The beginning of a line that the next chunk ends. */
  #tail: Buffer = NOTHING;
  #isOff: boolean;
  #hasOthers = false;

  constructor(private readonly encoding: string) {
    this.#isOff = encoding === 'utf-8' || encoding === 'iso-2022-jp' || isWide(encoding);
  }

  add(chunk: Uint8Array): void {
    // A byte order mark has priority over the stated encoding.
    if (this.#read === 0 && encodingOfMark(chunk)) this.#isOff = true;
    if (this.#isOff) return;
    const begun = this.#tail;
    this.#read += chunk.length;
    const bytes =
      begun.length > 0 ? Buffer.concat([begun, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    const tail = bytes.subarray(end);
    // Such a long line is not looked at.
    this.#tail = tail.length > MAX_LINE ? NOTHING : Buffer.from(tail);
    if (!isAscii(bytes)) this.#look(bytes.subarray(0, end), this.#read - bytes.length);
  }

  /** Must be called after the last chunk. Returns a doubt if there is one. */
  async finish(): Promise<LaterDoubt | undefined> {
    if (!isAscii(this.#tail)) this.#look(this.#tail, this.#read - this.#tail.length);
    const utf8 = Buffer.concat(this.#utf8);
    if (utf8.length > 0 && (await makesBetterWords(this.#utf8, this.encoding))) {
      const own = (await decode(utf8, this.encoding)) ?? '';
      const words = firstDifference(own, utf8.toString('utf8'))?.map(quoteWord);
      const as = words ? `: they read ${words[0]} in ${this.encoding}, which is stated, and ${words[1]} in UTF-8` : '';
      const isAll = !this.#hasOthers;
      const message = `${isAll ? 'The lines with characters beyond ASCII are' : 'Some lines are'} UTF-8${as}.`;
      return { message, encodings: [], offset: this.#offset, isUtf8: isAll };
    }
    return this.#sample.length > 0 ? doubtOfSample(Buffer.concat(this.#sample), this.encoding) : undefined;
  }

  /** Looks at whole lines, of which the first begins at an offset. */
  #look(lines: Buffer, offset: number): void {
    const text = lines.toString('latin1');
    if (this.#utf8Length < MAX_KEPT) this.#collectUtf8(lines, text, offset);
    BEYOND_ASCII.lastIndex = 0;
    for (let count = 0; count < LINES_PER_CHUNK && this.#sampleLength < MAX_KEPT; count++) {
      const match = BEYOND_ASCII.exec(text);
      if (!match) return;
      const [start, end] = lineAt(lines, match.index);
      BEYOND_ASCII.lastIndex = end;
      if (end - start > MAX_LINE) continue;
      this.#sample.push(Buffer.from(lines.subarray(start, end)));
      this.#sampleLength += end - start;
    }
  }

  #collectUtf8(lines: Buffer, text: string, offset: number): void {
    this.#hasOthers ||= !isUtf8(lines);
    UTF8_START.lastIndex = 0;
    for (let match; (match = UTF8_START.exec(text)) && this.#utf8Length < MAX_KEPT;) {
      const [start, end] = lineAt(lines, match.index);
      UTF8_START.lastIndex = end;
      const line = lines.subarray(start, end);
      if (line.length > MAX_LINE || !isUtf8(line)) continue;
      if (this.#offset === -1) this.#offset = offset + start;
      this.#utf8.push(Buffer.from(line));
      this.#utf8Length += line.length;
    }
  }
}

/** Returns where the line of a byte begins and ends. */
function lineAt(lines: Buffer, at: number): [start: number, end: number] {
  const after = lines.indexOf(LINE_FEED, at);
  return [lines.lastIndexOf(LINE_FEED, at) + 1, after === -1 ? lines.length : after + 1];
}

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

/** Returns the number of the line that has a byte of an open file. */
export async function lineNumberAt(file: ByteFile, offset: number): Promise<number> {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, offset));
  let line = 1;
  for (let position = 0; position < offset;) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, offset - position), position);
    if (bytesRead === 0) break;
    const bytes = chunk.subarray(0, bytesRead);
    for (let at = -1; (at = bytes.indexOf(LINE_FEED, at + 1)) !== -1;) line++;
    position += bytesRead;
  }
  return line;
}
