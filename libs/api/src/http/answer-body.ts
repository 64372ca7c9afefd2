import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { unzip } from 'node:zlib';

/**
 * How much of an answer's body is read, as it comes and again once it is decompressed, in bytes. The largest that the API
 * documents, a dataset, has a few hundred; a page of an error, of which 500 characters are quoted, has some thousands.
 */
export const ANSWER_BYTES = 1024 * 1024;

/** What the body may be encoded with, as the header `accept-encoding` says it. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate';

/** The beginning of a body. */
export interface AnswerBody {
  text: string;
  /** True when the body is longer than `ANSWER_BYTES`. Its text is then only a part of it. */
  isCut: boolean;
}

/** Reads a body up to `ANSWER_BYTES` and ends the connection of one that goes on after that. */
export async function readBody(stream: Readable, encoding: () => string | undefined): Promise<AnswerBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    // To leave the loop destroys the stream, and the connection with it.
    if (bytes > ANSWER_BYTES) break;
  }
  const body = Buffer.concat(chunks);
  const isCut = bytes > ANSWER_BYTES;
  return /^(x-)?(gzip|deflate)$/i.test(encoding()?.trim() ?? '')
    ? decompress(body, isCut)
    : { text: String(body), isCut };
}

/** A body that cannot be decompressed has no text. */
async function decompress(body: Buffer, isCut: boolean): Promise<AnswerBody> {
  try {
    return { text: String(await promisify(unzip)(body, { maxOutputLength: ANSWER_BYTES })), isCut };
  } catch (error) {
    return { text: '', isCut: isCut || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' };
  }
}
