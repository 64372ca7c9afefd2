import type { FileHandle } from 'node:fs/promises';
import { TableError } from '@tracebloc/ingestor-contract';

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

/** An element of an array of the file. */
export interface Element {
  /** The key of the array. */
  key: string;
  /** Where the element begins in the file, in bytes. */
  start: number;
  text: string;
}

/**
 * Yields the objects of the arrays that are values of a file's one object, in order. It keeps at most one of them and a chunk in
 * memory. Throws a `TableError` for a file of another form.
 */
export async function* readElements(file: FileHandle, signal: AbortSignal): AsyncGenerator<Element, void> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** The text of the string that is read at depth 1, which may be a key. */
  let key = '';
  let stringStart = 0;
  /** Where the element that is read begins in the file, and its bytes in earlier chunks. */
  let start = -1;
  let earlier: Buffer[] = [];
  let isObject = false;
  for (let position = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    for (let at = 0; at < bytesRead; at++) {
      const byte = chunk[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 1) key = chunk.toString('utf8', Math.max(0, stringStart - position), at);
        }
        continue;
      }
      if (byte === QUOTE) {
        inString = true;
        stringStart = position + at + 1;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (depth === 0 && byte === OPEN_OBJECT) isObject = true;
        if (depth === 2 && byte === OPEN_OBJECT) start = position + at;
        depth++;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        depth--;
        if (depth !== 2 || start < 0) continue;
        const last = chunk.subarray(Math.max(0, start - position), at + 1);
        yield { key, start, text: Buffer.concat([...earlier, last]).toString() };
        start = -1;
        earlier = [];
      }
    }
    if (start >= 0) earlier.push(chunk.subarray(Math.max(0, start - position)));
    position += bytesRead;
  }
  if (!isObject || depth !== 0 || inString) {
    throw new TableError(isObject ? 'The file is cut off: its JSON does not end.' : 'The file is not a JSON object.');
  }
}
