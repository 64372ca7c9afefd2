import type { ByteFile } from '../gzip/byte-file.js';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { openText } from '../gzip/gunzipped-file.js';
import { createDecoder } from './decoder.js';
import { hasWords, proposeEncodings, type Proposal } from './detect.js';
import { encodingOfMark, readBeginning, wideWithoutMark } from './mark.js';
import { readSample } from './sample.js';
import { isIso2022Jp } from './stated.js';

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

/** What was found about the encoding of a file. */
export interface DetectedEncoding {
  encoding: string;
  /** Others that are about as likely. */
  others: readonly string[];
  /** Whether the file has too few words to be sure of its encoding. */
  hasFewWords?: boolean;
}

/**
 * Returns the encoding of a file that is neither UTF-8 nor begins with a byte order mark: the likeliest in which the whole
 * file can be decoded, and others that are about as likely. Returns `undefined` if the file needs no encoding, if none is
 * likely, or if it cannot be opened. Throws `InterruptedError` on abort.
 */
export async function detectEncoding(path: string, signal: AbortSignal): Promise<DetectedEncoding | undefined> {
  const file = await openText(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const beginning = await readBeginning(file);
    if (encodingOfMark(beginning)) return undefined;
    const wide = wideWithoutMark(beginning);
    if (wide) return { encoding: wide, others: [] };
    const offset = await firstInvalid(file, 'utf-8', signal);
    if (offset === undefined) {
      const isJapanese = isIso2022Jp(await readBeginning(file, CHUNK));
      return isJapanese ? { encoding: 'iso-2022-jp', others: [] } : undefined;
    }
    const proposals: Proposal[] = [];
    for (const proposal of await proposeEncodings(await readSample(file, offset))) {
      if ((await firstInvalid(file, proposal.encoding, signal)) === undefined) proposals.push(proposal);
    }
    const [first, ...others] = proposals;
    if (!first) return undefined;
    const hasFewWords = !hasWords(first.text);
    return {
      encoding: first.encoding,
      others: others.map(({ encoding }) => encoding),
      ...(hasFewWords && { hasFewWords }),
    };
  } finally {
    await file.close();
  }
}

/** Returns the offset of the first byte that an encoding does not have, or `undefined` if the whole file can be decoded. */
async function firstInvalid(file: ByteFile, encoding: string, signal: AbortSignal): Promise<number | undefined> {
  const decoder = await createDecoder(encoding);
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (let position = 0; !decoder.invalid;) {
    if (signal.aborted) throw new InterruptedError();
    const { bytesRead } = await file.read(chunk, 0, CHUNK, position);
    if (bytesRead === 0) {
      decoder.end();
      break;
    }
    decoder.push(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
  return decoder.invalid?.offset;
}
