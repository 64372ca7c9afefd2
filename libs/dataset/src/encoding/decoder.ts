import { DOS_CODE_PAGES } from '@tracebloc/ingestor-core';
import { MultiByteDecoder, sequencesOf } from './multi-byte.js';
import { SingleByteDecoder } from './single-byte.js';
import { Utf8Decoder } from './utf8.js';

/** Decodes text that arrives in chunks cut anywhere. The text up to a byte does not depend on how the chunks were cut. */
export interface Decoder {
  /** The first byte of a sequence that means nothing, and its offset in the whole input. Nothing may follow it. */
  readonly invalid?: { offset: number; byte: number };
  /** Returns the text up to the first invalid byte, if there is one. An incomplete sequence is kept for the next chunk. */
  push(chunk: Uint8Array): string;
  /** Must be called after the last chunk: a sequence that is still incomplete is invalid. */
  end(): void;
}

/** Returns a decoder for an encoding that `encodingNamed` returned. */
export async function createDecoder(encoding: string): Promise<Decoder> {
  if (encoding === 'utf-8') return new Utf8Decoder();
  if (DOS_CODE_PAGES.includes(encoding)) return new SingleByteDecoder(encoding, await codePage(encoding));
  // Without a byte order mark, nearly all files have the low byte first.
  const name = encoding === 'utf-16' ? 'utf-16le' : encoding;
  const sequences = sequencesOf(name);
  if (!sequences) return new SingleByteDecoder(name, platformByte(name));
  return new MultiByteDecoder(
    name === 'euc-kr' ? await korean() : platformBytes(name),
    sequences,
    name.startsWith('utf-16'),
  );
}

/** Returns the text of whole sequences, or `undefined` if one of them means nothing. */
export type DecodeBytes = (bytes: Uint8Array) => string | undefined;

function platformBytes(encoding: string): DecodeBytes {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  };
}

/** The platform's euc-kr lacks thousands of syllables that Windows writes in files of that name. */
async function korean(): Promise<DecodeBytes> {
  const { default: iconv } = await import('iconv-lite');
  return (bytes) => {
    const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 'cp949');
    return text.includes('\ufffd') ? undefined : text;
  };
}

/** Returns whether each byte of an encoding is a character, so that nearly any file can be decoded in it, rightly or not. */
export function isSingleByte(encoding: string): boolean {
  return !encoding.startsWith('utf-') && sequencesOf(encoding) === undefined;
}

/** Returns the character of a byte, or `undefined` if the byte means nothing. */
export type DecodeByte = (byte: number) => string | undefined;

function platformByte(encoding: string): DecodeByte {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const isWindows = encoding.startsWith('windows-');
  return (byte) => {
    try {
      const character = decoder.decode(Uint8Array.of(byte));
      // The platform reads the bytes that Windows does not use as control characters.
      return isWindows && /[\x80-\x9f]/.test(character) ? undefined : character;
    } catch {
      return undefined;
    }
  };
}

async function codePage(encoding: string): Promise<DecodeByte> {
  const { default: iconv } = await import('iconv-lite');
  return (byte) => {
    const character = iconv.decode(Buffer.of(byte), encoding, { stripBOM: false });
    return character === '\ufffd' ? undefined : character;
  };
}
