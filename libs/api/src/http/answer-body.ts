import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { unzip } from 'node:zlib';

/**
 * The most bytes that are read of a body, before and after its decompression. The largest answer that the API documents, a
 * dataset, has a few hundred bytes; the page of an error, of which 500 characters are quoted, has some thousands.
 */
export const ANSWER_BYTES = 1024 * 1024;

/** The value of the header `accept-encoding`. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate';

export interface AnswerBody {
  text: string;
  /** The body is longer than `ANSWER_BYTES`, and `text` is its beginning. */
  isCut: boolean;
}

/** Reads a body up to `ANSWER_BYTES` and closes the connection if the body is longer. */
export async function readBody(stream: Readable, encoding: () => string | undefined): Promise<AnswerBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop destroys the stream and closes its connection.
    if (bytes > ANSWER_BYTES) break;
  }
  const body = Buffer.concat(chunks);
  const isCut = bytes > ANSWER_BYTES;
  return /^(x-)?(gzip|deflate)$/i.test(encoding()?.trim() ?? '')
    ? decompress(body, isCut)
    : { text: String(body), isCut };
}

/** Returns an empty text for a body that cannot be decompressed. */
async function decompress(body: Buffer, isCut: boolean): Promise<AnswerBody> {
  try {
    return { text: String(await promisify(unzip)(body, { maxOutputLength: ANSWER_BYTES })), isCut };
  } catch (error) {
    return { text: '', isCut: isCut || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' };
  }
}
