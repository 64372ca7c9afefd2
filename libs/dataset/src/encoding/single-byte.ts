import type { DecodeByte, Decoder } from './decoder.js';

/** Stands in a table for a byte that means nothing. No encoding of single bytes has this character. */
const INVALID = 0xffff;

/** The UTF-16 code units of each byte, by encoding. */
const tables = new Map<string, Uint16Array>();

/** Decodes an encoding in which each byte is a character of the Basic Multilingual Plane. */
export class SingleByteDecoder implements Decoder {
  invalid?: { offset: number; byte: number };
  readonly #table: Uint16Array;
  #offset = 0;

  constructor(encoding: string, decode: DecodeByte) {
    this.#table = tables.get(encoding) ?? Uint16Array.from({ length: 256 }, (_, byte) => unitOf(byte, decode));
    tables.set(encoding, this.#table);
  }

  push(bytes: Uint8Array): string {
    const units = new Uint16Array(bytes.length);
    let length = 0;
    for (; length < bytes.length; length++) {
      const unit = this.#table[bytes[length]!]!;
      if (unit === INVALID) {
        this.invalid = { offset: this.#offset + length, byte: bytes[length]! };
        break;
      }
      units[length] = unit;
    }
    this.#offset += length;
    return Buffer.from(units.buffer, 0, 2 * length).toString('utf16le');
  }

  end(): void {
    // No sequence is incomplete.
  }
}

function unitOf(byte: number, decode: DecodeByte): number {
  // Some code pages draw a symbol for a control character; in a file of text it is the character.
  if (byte < 0x80) return byte;
  return decode(byte)?.charCodeAt(0) ?? INVALID;
}
