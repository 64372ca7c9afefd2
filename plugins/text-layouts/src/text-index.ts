import type { FileHandle } from 'node:fs/promises';
import { Numbers } from './numbers.js';

/** Texts that are read together, unless they have too many bytes. */
const GROUP = 64;
const GROUP_BYTES = 1 << 20;

/** The groups that are kept. */
const KEPT = 4;

/** Where the texts of a file are. */
export class TextPositions {
  readonly #starts = new Numbers();
  readonly #ends = new Numbers();
  readonly #lines = new Numbers();

  /** Adds a text by its place in the file, in bytes, and the number of its first line. */
  add(start: number, end: number, line: number): void {
    this.#starts.push(start);
    this.#ends.push(end);
    this.#lines.push(line);
  }

  get count(): number {
    return this.#starts.length;
  }

  startOf(index: number): number {
    return this.#starts.at(index);
  }

  endOf(index: number): number {
    return this.#ends.at(index);
  }

  lineOf(index: number): number {
    return this.#lines.at(index);
  }
}

/** Reads texts by their positions. Neighbours are read together, and kept until others are wanted. */
export class TextReader {
  readonly #kept = new Map<number, Promise<Buffer>>();

  constructor(
    private readonly file: FileHandle,
    private readonly positions: TextPositions,
  ) {}

  async read(index: number): Promise<string> {
    const { positions } = this;
    const first = index - (index % GROUP);
    const last = Math.min(positions.count, first + GROUP) - 1;
    const [start, end] = [positions.startOf(first), positions.endOf(last)];
    if (end - start > GROUP_BYTES) {
      return (await this.#bytes(positions.startOf(index), positions.endOf(index))).toString();
    }
    const group = await this.#group(first, start, end);
    return group.toString('utf8', positions.startOf(index) - start, positions.endOf(index) - start);
  }

  #group(first: number, start: number, end: number): Promise<Buffer> {
    const known = this.#kept.get(first);
    if (known) return known;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size === KEPT) this.#kept.delete(oldest!);
    const group = this.#bytes(start, end);
    this.#kept.set(first, group);
    return group;
  }

  async #bytes(start: number, end: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead);
  }
}
