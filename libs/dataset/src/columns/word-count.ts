import type { JsonValue } from '@tracebloc/ingestor-contract';
import { listNames } from '@tracebloc/ingestor-core';
import { makeFinding } from '../findings/findings.js';
import type { CellLocation } from '../records/labels.js';
import type { ColumnCheck } from './column-check.js';

const CODE = /^[A-Z]{2}$/;

/** Counts the words of a column that became NULL although the configuration does not name them as missing values. */
export class WordCount implements ColumnCheck {
  /** How often each word was met. */
  readonly #words = new Map<string, number>();
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
    if (!this.#isLabel) this.#count(word, 1);
    if (word === 'NA') this.#na++;
  }

  add(cell: string): void {
    if (CODE.test(cell)) this.#hasCodes = true;
    else this.#hasOthers = true;
  }

  partial(): JsonValue {
    return [[...this.#words], this.#na, this.#hasCodes, this.#hasOthers];
  }

  merge(partial: JsonValue): void {
    const [words, na, hasCodes, hasOthers] = partial as [[string, number][], number, boolean, boolean];
    for (const [word, count] of words) this.#count(word, count);
    this.#na += na;
    this.#hasCodes ||= hasCodes;
    this.#hasOthers ||= hasOthers;
  }

  finish({ report, file, column }: CellLocation): void {
    if (this.#na > 0 && this.#hasCodes && !this.#hasOthers) {
      const message = `NA became NULL in ${this.#na} of the rows, but the other values of the column are codes of two letters too.`;
      report.add(makeFinding('na-among-codes', { message, file, column, value: 'NA' }));
    } else if (this.#words.size > 0) {
      const message = `${this.#describeWords()}, which became NULL.`;
      report.add(makeFinding('words-as-null', { message, file, column }));
    }
  }

  #count(word: string, count: number): void {
    this.#words.set(word, (this.#words.get(word) ?? 0) + count);
  }

  /** Names the words that were met. They are words of the format, never values of the file. */
  #describeWords(): string {
    const words = [...this.#words].sort(([one, count], [other, more]) => more - count || (one < other ? -1 : 1));
    const cells = words.reduce((sum, [, count]) => sum + count, 0);
    const holders = cells === 1 ? '1 cell holds' : `${cells} cells hold`;
    const names = listNames(words.map(([word]) => `\`${word}\``));
    return `${holders} the word${words.length === 1 ? '' : 's'} ${names}`;
  }
}
