import { type ColumnProfile, parseSqlType } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import { DistinctValues } from './distinct-values.js';
import { TypeLadder } from './type-ladder.js';

/** Lengths that a VARCHAR is given. */
const LENGTHS = [16, 32, 64, 128, 255];
/** How much longer than the longest text a VARCHAR is at least. */
const ROOM = 1.25;
/** Of a column without values. */
const TYPE_OF_NOTHING = 'VARCHAR(255)';

const checkBoolean = compileCheck(parseSqlType('BOOLEAN'));
const checkLongest = compileCheck(parseSqlType('TEXT'));

/** Learns what there is to know of a column, cell by cell, in bounded memory. */
export class ColumnProfiler {
  #ladders = TypeLadder.all();
  readonly #distinct: DistinctValues;
  #cells = 0;
  #missing = 0;
  #words = 0;
  #longest = 0;
  #fits = true;

  constructor(
    private readonly name: string,
    private readonly isMissing: (text: string) => boolean,
    distinctLimit: number,
  ) {
    this.#distinct = new DistinctValues(distinctLimit);
  }

  add(cell: string): void {
    this.#cells++;
    if (cell.length > this.#longest) this.#longest = cell.length;
    this.#fits &&= typeof checkLongest(cell) === 'string';
    const text = cell.trim();
    if (this.isMissing(cell)) {
      this.#missing++;
      if (text !== '') this.#words++;
      return;
    }
    this.#distinct.add(text);
    if (this.#ladders.length > 0) this.#judge(text);
  }

  profile(): ColumnProfile {
    const isEmpty = this.#missing === this.#cells;
    const textSql = isEmpty ? TYPE_OF_NOTHING : textType(this.#longest);
    const ladder = isEmpty ? undefined : this.#chosen();
    return {
      name: this.name,
      sql: ladder?.sql ?? textSql,
      textSql,
      fits: this.#fits,
      missing: this.#missing,
      words: this.#words,
      distinct: this.#distinct.count,
      moreDistinct: this.#distinct.hasMore,
      values: this.#distinct.values,
      ascending: ladder?.ascending ?? false,
    };
  }

  #judge(text: string): void {
    if (this.#ladders.length > 1) this.#ladders = this.#ladders.filter((ladder) => ladder.take(text));
    else if (!this.#ladders[0]!.take(text)) this.#ladders = [];
  }

  #chosen(): TypeLadder | undefined {
    return this.#ladders.find(({ sql }) => sql !== 'BOOLEAN' || this.#hasBoth());
  }

  /** Whether both of true and false occur: one alone may as well be one of several codes, as F is. */
  #hasBoth(): boolean {
    const found = new Set(this.#distinct.values?.map(checkBoolean));
    return found.has('0') && found.has('1');
  }
}

function textType(longest: number): string {
  const length = LENGTHS.find((one) => one >= longest * ROOM);
  return length === undefined ? 'TEXT' : `VARCHAR(${length})`;
}
