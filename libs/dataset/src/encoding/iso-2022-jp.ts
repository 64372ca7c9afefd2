import type { DecodeBytes, Decoder } from './decoder.js';

const ESC = 0x1b;
const DOLLAR = 0x24;
const PARENTHESIS = 0x28;

/** Decodes ISO-2022-JP, in which sequences of escape decide what the bytes after them mean. */
export class Iso2022JpDecoder implements Decoder {
  invalid?: { offset: number; byte: number };
  #held: Uint8Array = new Uint8Array(0);
  #offset = 0;
  /** The sequence of escape that has effect, which is repeated before each chunk. */
  #escape: Uint8Array = new Uint8Array(0);

  constructor(private readonly decode: DecodeBytes) {}

  push(chunk: Uint8Array): string {
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    const { ends, escape } = this.#sequences(bytes);
    const whole = ends.at(-1) ?? 0;
    this.#held = Uint8Array.from(bytes.subarray(whole));
    let text = this.#decodeTo(bytes, whole);
    if (text === undefined) {
      const start = this.#firstInvalid(bytes, ends);
      this.invalid = { offset: this.#offset + start, byte: bytes[start]! };
      text = this.#decodeTo(bytes, start) ?? '';
    }
    this.#offset += whole;
    this.#escape = escape;
    return text;
  }

  end(): void {
    const held = this.#held;
    // A sequence of escape that nothing follows is valid.
    if (this.invalid || held.length === 0 || (held[0] === ESC && this.decode(held) === '')) return;
    const escape = held[0] === ESC ? held.subarray(0, escapeLength(held, 0)) : undefined;
    const start = escape && escape.length < held.length && this.decode(escape) === '' ? escape.length : 0;
    this.invalid = { offset: this.#offset + start, byte: held[start]! };
  }

  /** Returns where the sequences end, up to the last that is complete and no escape, and the escape that has effect there. */
  #sequences(bytes: Uint8Array): { ends: number[]; escape: Uint8Array } {
    const ends: number[] = [];
    let [escape, count] = [this.#escape, 0];
    let kept = escape;
    for (let index = 0; index < bytes.length;) {
      const isEscape = bytes[index] === ESC;
      const length = isEscape ? escapeLength(bytes, index) : escape[1] === DOLLAR && bytes[index]! > 0x20 ? 2 : 1;
      if (index + length > bytes.length) break;
      if (isEscape) escape = Uint8Array.from(bytes.subarray(index, index + length));
      index += length;
      ends.push(index);
      if (!isEscape) [count, kept] = [ends.length, escape];
    }
    ends.length = count;
    return { ends, escape: kept };
  }

  #decodeTo(bytes: Uint8Array, end: number): string | undefined {
    const part = bytes.subarray(0, end);
    // Two sequences of escape in a row would be invalid.
    return this.decode(part[0] === ESC || part.length === 0 ? part : Buffer.concat([this.#escape, part]));
  }

  /** Returns the start of the first sequence with which the bytes cannot be decoded. */
  #firstInvalid(bytes: Uint8Array, ends: readonly number[]): number {
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#decodeTo(bytes, ends[middle]!) === undefined) high = middle;
      else low = middle + 1;
    }
    return ends[low - 1] ?? 0;
  }
}

function escapeLength(bytes: Uint8Array, index: number): number {
  return bytes[index + 1] === DOLLAR && bytes[index + 2] === PARENTHESIS ? 4 : 3;
}
