import { DOS_CODE_PAGES } from '@tracebloc/ingestor-core';
import { Iso2022JpDecoder } from './iso-2022-jp.js';
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
  if (DOS_CODE_PAGES.includes(encoding)) return new SingleByteDecoder(encoding, await iconvByte(encoding));
  if (encoding === 'iso-2022-jp') return new Iso2022JpDecoder(platformBytes(encoding));
  // Without a byte order mark, nearly all files have the low byte first.
  const name = encoding === 'utf-16' || encoding === 'utf-32' ? `${encoding}le` : encoding;
  const sequences = sequencesOf(name);
  if (name === 'windows-1252') return new SingleByteDecoder(name, await iconvByte(name));
  if (!sequences) return new SingleByteDecoder(name, platformByte(name));
  return new MultiByteDecoder(await decodeBytes(name), sequences, unitOf(name));
}

function decodeBytes(name: string): DecodeBytes | Promise<DecodeBytes> {
  if (name === 'euc-kr') return korean();
  if (name === 'big5') return big5();
  return name.startsWith('utf-32') ? utf32(name === 'utf-32le') : platformBytes(name);
}

/** Returns the number of bytes of which all sequences are multiples. */
function unitOf(name: string): 1 | 2 | 4 {
  if (name.startsWith('utf-16')) return 2;
  return name.startsWith('utf-32') ? 4 : 1;
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

/** The platform reads the bytes 80 and FF, which are no part of Big5, as a control and as a character of private use. */
function big5(): DecodeBytes {
  const decode = platformBytes('big5');
  return (bytes) => {
    const text = decode(bytes);
    return text?.includes('\u0080') || text?.includes('\uf8f8') ? undefined : text;
  };
}

function utf32(isLittle: boolean): DecodeBytes {
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let text = '';
    for (let at = 0; at < bytes.length; at += 4) {
      const point = view.getUint32(at, isLittle);
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
      text += String.fromCodePoint(point);
    }
    return text;
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

/** Some versions of the platform read windows-1252 as Latin-1. */
async function iconvByte(encoding: string): Promise<DecodeByte> {
  const { default: iconv } = await import('iconv-lite');
  return (byte) => {
    const character = iconv.decode(Buffer.of(byte), encoding, { stripBOM: false });
    return character === '\ufffd' ? undefined : character;
  };
}
