/**
 * Splits text that arrives in pieces into lines. A line ends with a line feed and nothing else, and is returned without it:
 * a carriage return or a Unicode line separator is part of the line.
 */
export class LineSplitter {
  #rest = '';

  /** Characters of the line that has not ended yet. */
  get pending(): number {
    return this.#rest.length;
  }

  /** Returns the lines that end in this piece. */
  push(piece: string): string[] {
    const lines = piece.split('\n');
    // The rest is only appended to: to search all of a long line again with each piece would take quadratic time.
    lines[0] = this.#rest + lines[0]!;
    this.#rest = lines.pop()!;
    return lines;
  }

  /** Returns what follows the last line feed, which is empty for a text that ends with one. The splitter is empty then. */
  end(): string {
    const rest = this.#rest;
    this.#rest = '';
    return rest;
  }
}
