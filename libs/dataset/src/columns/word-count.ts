import type { JsonValue } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { CellLocation } from '../records/labels.js';
import type { ColumnCheck } from './column-check.js';

const CODE = /^[A-Z]{2}$/;

/** Counts the words of a column that became NULL although the configuration does not name them as missing values. */
export class WordCount implements ColumnCheck {
  #words = 0;
  /** How many of the words are `NA`. */
  #na = 0;
  readonly #isLabel: boolean;
  #hasCodes = false;
  #hasOthers = false;

  /**
   * `assumed` are the words. `isText` says whether `NA` may be a code in this column, and `isLabel` that missing values are
   * reported one by one.
   */
  constructor(
    private readonly assumed: ReadonlySet<string>,
    { isText, isLabel }: { isText: boolean; isLabel: boolean },
  ) {
    this.#hasOthers = !isText;
    this.#isLabel = isLabel;
  }

  get isDone(): boolean {
    return this.#hasOthers;
  }

  addMissing(cell: string): void {
    const word = cell.trim();
    if (!this.assumed.has(word)) return;
    if (!this.#isLabel) this.#words++;
    if (word === 'NA') this.#na++;
  }

  add(cell: string): void {
    if (CODE.test(cell)) this.#hasCodes = true;
    else this.#hasOthers = true;
  }

  partial(): JsonValue {
    return [this.#words, this.#na, this.#hasCodes, this.#hasOthers];
  }

  merge(partial: JsonValue): void {
    const [words, na, hasCodes, hasOthers] = partial as [number, number, boolean, boolean];
    this.#words += words;
    this.#na += na;
    this.#hasCodes ||= hasCodes;
    this.#hasOthers ||= hasOthers;
  }

  finish({ report, file, column }: CellLocation): void {
    const cells = this.#words === 1 ? '1 cell holds a word' : `${this.#words} cells hold a word`;
    if (this.#na > 0 && this.#hasCodes && !this.#hasOthers) {
      const message = `NA became NULL in ${this.#na} of the rows, but the other values of the column are codes of two letters too.`;
      report.add(makeFinding('na-among-codes', { message, file, column, value: 'NA' }));
    } else if (this.#words > 0) {
      const message = `${cells} such as NA or null, which became NULL.`;
      report.add(makeFinding('words-as-null', { message, file, column }));
    }
  }
}
