import type { DecodeBytes, Decoder } from './decoder.js';

/** Returns the length in bytes of the sequence that begins at an index, by as much of it as there is. */
type SequenceLength = (bytes: Uint8Array, index: number) => number;

/** Bytes at the end of a chunk in which a byte is looked for that ends every sequence. */
const LOOK_BACK = 64;

/** In every encoding here whose unit is one byte, a lower byte, such as a line feed, is a character wherever it occurs. */
const LOWEST_TRAIL = 0x30;

const SEQUENCES: Readonly<Record<string, SequenceLength>> = {
  'utf-16le': (bytes, index) => utf16Length(bytes[index + 1]),
  'utf-16be': (bytes, index) => utf16Length(bytes[index]),
  'utf-32le': () => 4,
  'utf-32be': () => 4,
  gb18030(bytes, index) {
    if (bytes[index]! < 0x81) return 1;
    const next = bytes[index + 1] ?? 0;
    return next >= 0x30 && next <= 0x39 ? 4 : 2;
  },
  big5: (bytes, index) => (bytes[index]! < 0x81 ? 1 : 2),
  'euc-kr': (bytes, index) => (bytes[index]! < 0x81 ? 1 : 2),
  'euc-jp': (bytes, index) => (bytes[index] === 0x8f ? 3 : bytes[index] === 0x8e || bytes[index]! >= 0xa1 ? 2 : 1),
  shift_jis(bytes, index) {
    const byte = bytes[index]!;
    return (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc) ? 2 : 1;
  },
};

/** Returns 4 for the high byte of a surrogate pair's first half. A high byte that is not there yet counts as another one. */
const utf16Length = (high = 0): number => ((high & 0xfc) === 0xd8 ? 4 : 2);

/** Returns how the sequences of an encoding are told apart, or `undefined` if each of its characters is one byte. */
export function sequencesOf(encoding: string): SequenceLength | undefined {
  return SEQUENCES[encoding];
}

/** Decodes UTF-16, UTF-32 and the encodings of East Asia. A byte order mark is not part of the text. */
export class MultiByteDecoder implements Decoder {
  invalid?: { offset: number; byte: number };
  #held: Uint8Array = new Uint8Array(0);
  #offset = 0;

  constructor(
    private readonly decode: DecodeBytes,
    private readonly lengthAt: SequenceLength,
    /** The number of bytes of which all sequences are multiples. */
    private readonly unit: 1 | 2 | 4,
  ) {}

  push(chunk: Uint8Array): string {
    let bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    const whole = this.#wholeSequences(bytes);
    // This is a copy because the caller may reuse the memory of the chunk.
    this.#held = Uint8Array.from(bytes.subarray(whole));
    bytes = bytes.subarray(0, whole);
    let text = this.decode(bytes);
    if (text === undefined) {
      const index = this.#firstInvalid(bytes);
      this.invalid = { offset: this.#offset + index, byte: bytes[index]! };
      bytes = bytes.subarray(0, index);
      text = this.decode(bytes) ?? '';
    }
    const isMarked = this.unit > 1 && this.#offset === 0 && text.startsWith('\ufeff');
    this.#offset += bytes.length;
    return isMarked ? text.slice(1) : text;
  }

  end(): void {
    if (this.#held.length > 0 && !this.invalid) this.invalid = { offset: this.#offset, byte: this.#held[0]! };
  }

  /** Returns the number of bytes of the sequences that are complete. The first byte begins a sequence. */
  #wholeSequences(bytes: Uint8Array): number {
    let index = 0;
    if (this.unit > 1) {
      // The last whole unit begins a sequence, or is the second half of a pair, which is complete as well.
      index = Math.max(0, (bytes.length & -this.unit) - this.unit);
    } else {
      for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - LOOK_BACK); at--) {
        if (bytes[at]! >= LOWEST_TRAIL) continue;
        index = at + 1;
        break;
      }
    }
    while (index < bytes.length) {
      const length = this.lengthAt(bytes, index);
      if (index + length > bytes.length) break;
      index += length;
    }
    return index;
  }

  #firstInvalid(bytes: Uint8Array): number {
    let index = 0;
    while (index < bytes.length) {
      const length = this.lengthAt(bytes, index);
      if (this.decode(bytes.subarray(index, index + length)) === undefined) return index;
      index += length;
    }
    return index;
  }
}
