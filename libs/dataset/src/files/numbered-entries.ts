import type { NumberedFiles } from '@tracebloc/ingestor-contract';
import type { Entries, Entry } from './sidecar-folder.js';

/** The entries of a folder whose files have numbers. It keeps one bit for each: whether a row has named it. */
export class NumberedEntries implements Entries {
  readonly #named: Uint8Array;

  constructor(private readonly files: NumberedFiles) {
    this.#named = new Uint8Array(Math.ceil(files.count / 8));
  }

  get(name: string): Entry | undefined {
    const number = this.files.numberOf(name);
    return number === undefined ? undefined : this.#entry(number);
  }

  *values(): Generator<Entry, void> {
    for (let number = 0; number < this.files.count; number++) yield this.#entry(number);
  }

  #entry(number: number): Entry {
    const given = this.files.at(number);
    const named = this.#named;
    const [byte, bit] = [number >> 3, 1 << (number & 7)];
    return {
      name: given.name,
      kind: 'file',
      given,
      get named() {
        return (named[byte]! & bit) !== 0;
      },
      set named(is) {
        named[byte] = is ? named[byte]! | bit : named[byte]! & ~bit;
      },
    };
  }
}
