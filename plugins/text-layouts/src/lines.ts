import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { TableError } from '@tracebloc/ingestor-contract';

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];
const MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** A line of a file, without its end. */
export interface Line {
  text: string;
  /** Where it begins in the file, in bytes, and where its text ends. */
  start: number;
  end: number;
  /** From 1. */
  number: number;
}

/**
 * Yields the lines of a file in UTF-8, without a byte order mark. It keeps at most one line and a chunk in memory. Throws a
 * `TableError` for a file in another encoding.
 */
export async function* readLines(file: FileHandle, signal: AbortSignal): AsyncGenerator<Line, void> {
  let number = 0;
  /** The bytes of the line that earlier chunks have, and where it begins. */
  let earlier: Buffer[] = [];
  let start = 0;
  const line = (bytes: Buffer, from: number): Line => {
    number++;
    const marked = number === 1 && bytes.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
    const own = bytes.subarray(marked, bytes.at(-1) === CARRIAGE_RETURN ? -1 : undefined);
    if (!isUtf8(own)) throw notUtf8(number);
    return { text: own.toString(), start: from + marked, end: from + marked + own.length, number };
  };
  for (let position = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      const rest = chunk.subarray(from, at);
      yield line(earlier.length > 0 ? Buffer.concat([...earlier, rest]) : rest, start);
      earlier = [];
      from = at + 1;
      start = position + from;
    }
    if (from < bytesRead) earlier.push(chunk.subarray(from));
    position += bytesRead;
  }
  if (earlier.length > 0) yield line(Buffer.concat(earlier), start);
}

function notUtf8(number: number): TableError {
  const fix = 'Convert it with `iconv -f <encoding> -t UTF-8 old > new`, or unpack it if it is an archive.';
  return new TableError(`Line ${number} of the file is not UTF-8 text.`, fix);
}
