import { isUtf8 } from 'node:buffer';

/** Returns the length in bytes of the UTF-8 sequence that a byte begins, or 0 if it cannot begin one. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

/** Returns how many bytes at the end belong to a sequence that later bytes may complete. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) !== 0x80) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

function firstInvalid(bytes: Uint8Array): number {
  let index = 0;
  while (index < bytes.length) {
    const length = sequenceLength(bytes[index]!);
    const whole = length > 0 && index + length <= bytes.length;
    if (!whole || (length > 1 && !isUtf8(bytes.subarray(index, index + length)))) return index;
    index += length;
  }
  return index;
}

/** Decodes UTF-8 that arrives in chunks cut anywhere. Stops at the first byte that is not UTF-8. */
export class Utf8Decoder {
  /** The first invalid byte, and its offset in the whole input. */
  invalid?: { offset: number; byte: number };
  #held: Uint8Array = new Uint8Array(0);
  #offset = 0;

  /** Returns the text up to the first invalid byte, if there is one. An incomplete sequence is kept for the next chunk. */
  push(chunk: Uint8Array): string {
    let bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    const tail = incompleteTail(bytes);
    // This is a copy because the caller may reuse the memory of the chunk.
    this.#held = Uint8Array.from(bytes.subarray(bytes.length - tail));
    bytes = bytes.subarray(0, bytes.length - tail);
    if (!isUtf8(bytes)) {
      const index = firstInvalid(bytes);
      this.invalid = { offset: this.#offset + index, byte: bytes[index]! };
      bytes = bytes.subarray(0, index);
    }
    const start = this.#offset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    this.#offset += bytes.length;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', start);
  }

  /** Must be called after the last chunk: a sequence that is still incomplete is invalid. */
  end(): void {
    if (this.#held.length > 0) this.invalid = { offset: this.#offset, byte: this.#held[0]! };
  }
}
