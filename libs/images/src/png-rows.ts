import type { ImageSize } from './size-check.js';

/** The pixels that one pass of a PNG holds: every `stepX`th column from `x` on, every `stepY`th row from `y` on. */
export interface Pass {
  x: number;
  y: number;
  stepX: number;
  stepY: number;
}

export const WHOLE: Pass = { x: 0, y: 0, stepX: 1, stepY: 1 };

/** The passes of an interlaced PNG (PNG specification, section 8.2). */
export const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];

type Row = Uint8Array | Uint16Array;

/** Turns the decompressed data of a PNG that has one channel into rows of samples. */
export class RowDecoder {
  /** The pixels of an interlaced image, which are complete only after the last pass. */
  readonly #pixels: Row | undefined;
  readonly #row: Row;
  readonly #passes: readonly (Pass & { width: number; height: number })[];
  #pass = 0;
  #rowInPass = 0;
  /** The filter byte and the bytes of the row that is being read, and of the one above it. */
  #current: Uint8Array;
  #above: Uint8Array;
  #filled = 0;
  #failed = false;
  #tooMuch = false;

  constructor(
    private readonly image: ImageSize & { bits: number },
    passes: readonly Pass[],
  ) {
    const { width, height, bits } = image;
    const samples = (length: number): Row => (bits === 16 ? new Uint16Array(length) : new Uint8Array(length));
    this.#row = samples(width);
    if (passes.length > 1) this.#pixels = samples(width * height);
    this.#passes = passes
      .map((pass) => ({
        ...pass,
        width: Math.ceil((width - pass.x) / pass.stepX),
        height: Math.ceil((height - pass.y) / pass.stepY),
      }))
      .filter((pass) => pass.width > 0 && pass.height > 0);
    [this.#current, this.#above] = this.#emptyRows();
  }

  get isComplete(): boolean {
    return this.#pass === this.#passes.length;
  }

  /** True once a row has a filter that PNG does not have. */
  get hasFailed(): boolean {
    return this.#failed;
  }

  /** True once there was data after the last row. */
  get hasTooMuch(): boolean {
    return this.#tooMuch;
  }

  /** Adds decompressed data and yields the rows that are then complete. It yields none of an interlaced image. */
  *add(data: Uint8Array): Generator<Row, void> {
    for (let at = 0; at < data.length && !this.#failed;) {
      if (this.isComplete) {
        this.#tooMuch = true;
        return;
      }
      const taken = Math.min(this.#current.length - this.#filled, data.length - at);
      this.#current.set(data.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled < this.#current.length) return;
      this.#failed = !unfilter(this.#current, this.#above, this.image.bits === 16 ? 2 : 1);
      if (this.#failed) return;
      const row = this.#unpack();
      if (row) yield row;
      this.#advance();
    }
  }

  /** Yields the rows of an interlaced image, once it is complete. */
  *interlaced(): Generator<Row, void> {
    const { width, height } = this.image;
    if (!this.#pixels) return;
    for (let y = 0; y < height; y++) yield this.#pixels.subarray(y * width, (y + 1) * width);
  }

  #emptyRows(): [Uint8Array, Uint8Array] {
    const { width } = this.#passes[this.#pass] ?? { width: 0 };
    const length = 1 + Math.ceil((width * this.image.bits) / 8);
    return [new Uint8Array(length), new Uint8Array(length)];
  }

  #advance(): void {
    this.#filled = 0;
    [this.#current, this.#above] = [this.#above, this.#current];
    if (++this.#rowInPass < this.#passes[this.#pass]!.height) return;
    this.#rowInPass = 0;
    this.#pass++;
    [this.#current, this.#above] = this.#emptyRows();
  }

  /** Returns the row of samples. It stores those of an interlaced image in `#pixels` and returns undefined. */
  #unpack(): Row | undefined {
    const { bits, width } = this.image;
    const pass = this.#passes[this.#pass]!;
    const pixels = this.#pixels;
    const start = pixels ? (pass.y + this.#rowInPass * pass.stepY) * width + pass.x : 0;
    const [target, step] = [pixels ?? this.#row, pixels ? pass.stepX : 1];
    const bytes = this.#current;
    if (bits === 8 && !pixels) return bytes.subarray(1);
    for (let index = 0; index < pass.width; index++) {
      const bit = index * bits;
      const byte = 1 + (bit >> 3);
      // Of samples of less than a byte, the leftmost has the highest bits.
      target[start + index * step] =
        bits === 16
          ? (bytes[byte]! << 8) | bytes[byte + 1]!
          : (bytes[byte]! >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
    }
    return pixels ? undefined : target;
  }
}

/** Undoes the filter of a row, which its first byte names. Returns false for a filter that PNG does not have. */
function unfilter(row: Uint8Array, above: Uint8Array, distance: number): boolean {
  const filter = row[0]!;
  if (filter > 4) return false;
  if (filter === 0) return true;
  if (filter === 1) {
    for (let at = distance + 1; at < row.length; at++) row[at]! += row[at - distance]!;
  } else if (filter === 2) {
    for (let at = 1; at < row.length; at++) row[at]! += above[at]!;
  } else {
    for (let at = 1; at < row.length; at++) {
      const hasLeft = at > distance;
      const left = hasLeft ? row[at - distance]! : 0;
      const up = above[at]!;
      row[at]! += filter === 3 ? (left + up) >> 1 : paeth(left, up, hasLeft ? above[at - distance]! : 0);
    }
  }
  return true;
}

/** Returns the neighbour that is nearest to left + up - corner (PNG specification, section 9.4). */
function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
