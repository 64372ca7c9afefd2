import type { FileHandle } from 'node:fs/promises';
import { TableError } from '@tracebloc/ingestor-contract';

/** Bytes that are read at a time. The elements in more of them would live long enough to fill the memory. */
const CHUNK = 128 << 10;

const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

/** 1 for the bytes that mean something outside of strings. */
const MEANS = new Uint8Array(256);
for (const byte of [QUOTE, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY]) MEANS[byte] = 1;

/** An element of an array of the file. */
export interface Element {
  /** The key of the array. */
  key: string;
  /** Where the element begins in the file, and its length, in bytes. */
  start: number;
  length: number;
  text: string;
}

/**
 * Yields the objects of the arrays that are values of a file's one object, in order, some at a time. It keeps at most one
 * unfinished object and a chunk in memory. Throws a `TableError` for a file of another form.
 */
export async function* readElements(file: FileHandle, signal: AbortSignal): AsyncGenerator<Element[], void> {
  const scanner = new Scanner();
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let position = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
    if (bytesRead === 0) break;
    yield scanner.add(buffer.subarray(0, bytesRead), position);
    position += bytesRead;
  }
  scanner.finish();
}

class Scanner {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The last string at depth 1, which may be a key. */
  #key = '';
  #stringStart = 0;
  #keyBefore = '';
  /** Where the element that is read begins in the file, and its bytes in earlier chunks. */
  #start = -1;
  #earlier: Buffer[] = [];
  #isObject = false;

  /** Scans the bytes of a chunk, and returns the elements that end in it. */
  add(chunk: Buffer, position: number): Element[] {
    const found: Element[] = [];
    const length = chunk.length;
    let depth = this.#depth;
    for (let at = 0; at < length; at++) {
      if (this.#inString) {
        at = this.#passString(chunk, at, position, depth);
        continue;
      }
      const byte = chunk[at]!;
      if (MEANS[byte] === 0) continue;
      if (byte === QUOTE) {
        this.#inString = true;
        this.#stringStart = position + at + 1;
        this.#keyBefore = '';
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (byte === OPEN_OBJECT) {
          if (depth === 0) this.#isObject = true;
          else if (depth === 2) this.#start = position + at;
        }
        depth++;
      } else {
        depth--;
        if (depth !== 2 || this.#start < 0) continue;
        const last = chunk.subarray(Math.max(0, this.#start - position), at + 1);
        const bytes = this.#earlier.length > 0 ? Buffer.concat([...this.#earlier, last]) : last;
        found.push({ key: this.#key, start: this.#start, length: bytes.length, text: bytes.toString() });
        this.#start = -1;
        this.#earlier = [];
      }
    }
    this.#depth = depth;
    // The buffer of the chunk is used again.
    if (this.#start >= 0) this.#earlier.push(Buffer.from(chunk.subarray(Math.max(0, this.#start - position))));
    else if (this.#inString && depth === 1) {
      this.#keyBefore += chunk.toString('utf8', Math.max(0, this.#stringStart - position));
    }
    return found;
  }

  /** Throws a `TableError` if the file was cut off, or is not an object. */
  finish(): void {
    if (this.#isObject && this.#depth === 0 && !this.#inString) return;
    throw new TableError(
      this.#isObject ? 'The file is cut off: its JSON does not end.' : 'The file is not a JSON object.',
    );
  }

  /** Passes the bytes of a string, and returns the index of its quote, or of the last byte of the chunk. */
  #passString(chunk: Buffer, from: number, position: number, depth: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        if (depth === 1) {
          this.#key = this.#keyBefore + chunk.toString('utf8', Math.max(0, this.#stringStart - position), at);
        }
        return at;
      }
    }
    return chunk.length;
  }
}
