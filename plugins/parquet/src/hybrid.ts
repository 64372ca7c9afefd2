/** Reads small integers, such as definition levels and indices of a dictionary, as runs and as packed bits; a part at a time. */
export class HybridReader {
  /** What is left of the current run, and whether its values are packed or are one value that is repeated. */
  #left = 0;
  #isPacked = false;
  #value = 0;
  /** The number of bits of the current run that were read. */
  #bit = 0;

  /** The place of the next run. */
  #offset = 0;

  /** Reads integers of `width` bits. Those of no bits are 0, and have no runs. */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly width: number,
  ) {
    if (width > 32) throw new RangeError('the values have too many bits');
    if (width === 0) this.#left = Infinity;
  }

  /** Whether the next `count` values are this one, which is known only if they are one run. */
  isRunOf(value: number, count: number): boolean {
    if (this.#left === 0) this.#nextRun();
    return !this.#isPacked && this.#value === value && this.#left >= count;
  }

  /** Sets the first `count` items of `output` to the next values. */
  read(output: Uint32Array, count: number): void {
    for (let at = 0; at < count;) {
      if (this.#left === 0) this.#nextRun();
      const end = at + Math.min(this.#left, count - at);
      this.#left -= end - at;
      if (this.#isPacked) this.#unpack(output, at, end);
      else output.fill(this.#value, at, end);
      at = end;
    }
  }

  /** Returns the sum of the next `count` values. */
  sum(count: number): number {
    const some = new Uint32Array(Math.min(count, 4096));
    let sum = 0;
    for (let left = count; left > 0; left -= some.length) {
      const length = Math.min(left, some.length);
      this.read(some, length);
      for (let index = 0; index < length; index++) sum += some[index]!;
    }
    return sum;
  }

  #unpack(output: Uint32Array, from: number, to: number): void {
    const { bytes, width } = this;
    const offset = this.#offset;
    let bit = this.#bit;
    for (let at = from; at < to; at++, bit += width) {
      const byte = offset + (bit >>> 3);
      const shift = bit & 7;
      // Bytes beyond the end are zero, as where a writer left out the last ones of a group.
      let value =
        (bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16) | (bytes[byte + 3]! << 24)) >>> shift;
      if (shift + width > 32) value |= bytes[byte + 4]! << (32 - shift);
      output[at] = width === 32 ? value : value & ((1 << width) - 1);
    }
    this.#bit = bit;
    if (this.#left === 0) this.#offset = Math.min(bytes.length, offset + (bit >>> 3));
  }

  #nextRun(): void {
    const header = this.#readVarInt();
    this.#isPacked = (header & 1) === 1;
    this.#left = this.#isPacked ? (header >>> 1) * 8 : header >>> 1;
    if (this.#left === 0) {
      this.#nextRun();
      return;
    }
    if (this.#isPacked) {
      if (this.#offset >= this.bytes.length) throw new RangeError('a run of packed values has no bytes');
      this.#bit = 0;
      return;
    }
    this.#value = 0;
    for (let shift = 0; shift < this.width; shift += 8) this.#value |= this.#byte() << shift;
    this.#value >>>= 0;
  }

  #readVarInt(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('the length of a run has too many bytes');
  }

  #byte(): number {
    if (this.#offset >= this.bytes.length) throw new RangeError('the runs end before their last value');
    return this.bytes[this.#offset++]!;
  }
}
