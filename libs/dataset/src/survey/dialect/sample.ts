import { openInput } from '@tracebloc/ingestor-core';
import { detectDialect } from './detect.js';
import type { DetectedDialect, DialectSample } from './types.js';

/** The bytes at the beginning and at the end of a file that are examined. */
const HEAD_BYTES = 256 * 1024;
const TAIL_BYTES = 16 * 1024;

/** Decodes a part of a file, which may begin and end within a character. */
export type DecodePart = (bytes: Uint8Array) => string;

/** Reads invalid bytes as a replacement character, which no dialect depends on. */
const decodeUtf8: DecodePart = (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Reads the beginning and the end of a file. Returns an empty sample if it cannot be opened: the reader says why. */
export async function readDialectSample(path: string, decode: DecodePart = decodeUtf8): Promise<DialectSample> {
  const file = await openInput(path).catch(() => undefined);
  if (!file) return { head: '', tail: '', complete: true, path };
  try {
    const { size } = await file.stat();
    const part = async (from: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      return decode(buffer.subarray(0, bytesRead));
    };
    const complete = size <= HEAD_BYTES;
    const head = await part(0, HEAD_BYTES);
    // The tail of a text in two-byte units must begin with a whole one.
    const from = Math.max(HEAD_BYTES, size - TAIL_BYTES) & ~3;
    const tail = complete ? '' : await part(from, TAIL_BYTES + 4);
    return { head: head.replace(/^\ufeff/, ''), tail, complete, path };
  } finally {
    await file.close();
  }
}

/** Detects how a CSV file is written. */
export async function detectFileDialect(path: string, decode?: DecodePart): Promise<DetectedDialect> {
  return detectDialect(await readDialectSample(path, decode));
}
