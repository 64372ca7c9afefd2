import { isTagList } from '../texts/tags.js';

/** Finds out whether all values of a column are lists of tags, and at least one tag is not `O`. */
export class TagLists {
  #isOpen = true;
  #hasTag = false;

  add(text: string): void {
    if (!this.#isOpen) return;
    const first = text.charCodeAt(0);
    // Most values begin with another letter than O, B and I.
    this.#isOpen = (first === 0x4f || first === 0x42 || first === 0x49) && isTagList(text);
    this.#hasTag ||= this.#isOpen && text.includes('-');
  }

  get found(): boolean {
    return this.#isOpen && this.#hasTag;
  }
}
