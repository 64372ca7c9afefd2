const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Cuts the text of a well-formed JSON array, which arrives in pieces, into the texts of its elements. */
export class ElementSplitter {
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** The part of the current element that has arrived. */
  #held = '';

  push(piece: string): string[] {
    const elements: string[] = [];
    let start = 0;
    const cut = (end: number) => {
      const text = (this.#held + piece.slice(start, end)).trim();
      this.#held = '';
      start = end + 1;
      if (text !== '') elements.push(text);
    };
    for (let index = 0; index < piece.length; index++) {
      const code = piece.charCodeAt(index);
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (code === BACKSLASH) this.#isEscaped = true;
        else if (code === QUOTE) this.#inString = false;
      } else if (code === QUOTE) {
        this.#inString = true;
      } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        if (++this.#depth === 1) start = index + 1;
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        if (--this.#depth === 0) cut(index);
      } else if (code === COMMA && this.#depth === 1) {
        cut(index);
      }
    }
    this.#held += piece.slice(start);
    return elements;
  }
}
