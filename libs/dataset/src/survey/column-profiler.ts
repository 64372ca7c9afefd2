import { type ColumnProfile, parseSqlType } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import { DistinctValues } from './distinct-values.js';
import { DateStyles } from './date-styles.js';
import { type FileNames, NamedFileCounter } from './file-names.js';
import { NumberStyles } from './number-styles.js';
import { type Family, TypeLadder } from './type-ladder.js';

/** The lengths to choose from for a VARCHAR. */
const LENGTHS = [16, 32, 64, 128, 255];
/** The length of a VARCHAR is at least that of the longest text times this factor. */
const ROOM = 1.25;
/** The type of a column without values. */
const EMPTY_TYPE = 'VARCHAR(255)';

const CODE = /^[A-Z]{2}$/;
const checkBoolean = compileCheck(parseSqlType('BOOLEAN'));
const checkLongest = compileCheck(parseSqlType('TEXT'));

/** Builds the profile of a column, cell by cell, in bounded memory. */
export class ColumnProfiler {
  readonly numberStyles = new NumberStyles();
  readonly dateStyles: DateStyles;
  #ladders: TypeLadder[];
  readonly #distinct: DistinctValues;
  readonly #files: NamedFileCounter;
  #cells = 0;
  #missing = 0;
  #words = 0;
  #longest = 0;
  #fits = true;
  readonly #wordsSeen = new Set<string>();
  /** Whether all values so far are codes of two letters. */
  #hasCodesOnly = true;

  constructor(
    readonly name: string,
    private readonly isMissing: (text: string) => boolean,
    distinctLimit: number,
    families: readonly Family[],
    folders: readonly FileNames[] = [],
  ) {
    this.#ladders = TypeLadder.all(families);
    this.dateStyles = new DateStyles(name);
    this.#distinct = new DistinctValues(distinctLimit);
    this.#files = new NamedFileCounter(folders);
  }

  add(cell: string): void {
    this.#cells++;
    if (cell.length > this.#longest) this.#longest = cell.length;
    this.#fits &&= typeof checkLongest(cell) === 'string';
    const text = cell.trim();
    if (this.isMissing(cell)) {
      this.#missing++;
      if (text !== '') this.#words++;
      this.#wordsSeen.add(text);
      return;
    }
    this.#hasCodesOnly &&= CODE.test(text);
    this.numberStyles.add(text);
    this.dateStyles.add(text);
    this.#distinct.add(text);
    this.#files.add(text);
    if (this.#ladders.length > 0) this.#updateLadders(text);
  }

  /** The distinct texts of missing values; an empty text is one of them. */
  get wordsSeen(): ReadonlySet<string> {
    return this.#wordsSeen;
  }

  /** Whether `NA` occurs, and all values are codes of two letters, so that it is most likely one too. */
  get hasNaAmongCodes(): boolean {
    return this.#hasCodesOnly && this.#wordsSeen.has('NA') && this.#missing < this.#cells;
  }

  get hasValues(): boolean {
    return this.#missing < this.#cells;
  }

  profile(): ColumnProfile {
    const isEmpty = this.#missing === this.#cells;
    const textSql = isEmpty ? EMPTY_TYPE : textType(this.#longest);
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
      ...(this.#files.found && { files: this.#files.found }),
    };
  }

  #updateLadders(text: string): void {
    if (this.#ladders.length > 1) this.#ladders = this.#ladders.filter((ladder) => ladder.add(text));
    else if (!this.#ladders[0]!.add(text)) this.#ladders = [];
  }

  #chosen(): TypeLadder | undefined {
    return this.#ladders.find(({ sql }) => sql !== 'BOOLEAN' || this.#hasBoth());
  }

  /** Whether both true and false occur. If only one of them does, it may also be one of several codes, such as F. */
  #hasBoth(): boolean {
    const found = new Set(this.#distinct.values?.map(checkBoolean));
    return found.has('0') && found.has('1');
  }
}

function textType(longest: number): string {
  const length = LENGTHS.find((one) => one >= longest * ROOM);
  return length === undefined ? 'TEXT' : `VARCHAR(${length})`;
}
