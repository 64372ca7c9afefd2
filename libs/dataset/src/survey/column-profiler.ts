import { type ColumnProfile, parseSqlType } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import { MISSING_WORDS } from '../checks/missing-words.js';
import { DistinctValues } from './distinct-values.js';
import { DateStyles, TIME_NAME } from './date-styles.js';
import { type FileNames, NamedFileCounter } from './file-names.js';
import type { LocalTimes } from './local-times.js';
import { NumberStyles } from './number-styles.js';
import { TagLists } from './tag-lists.js';
import { type Family, TypeLadder } from './type-ladder.js';

/** The lengths to choose from for a VARCHAR. */
const LENGTHS = [16, 32, 64, 128, 255];
/** The length of a VARCHAR is at least that of the longest text times this factor. */
const ROOM = 1.25;
const LONGEST_WORD = Math.max(...[...MISSING_WORDS].map((word) => word.length));
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
  readonly #tags = new TagLists();
  #cells = 0;
  #missing = 0;
  #words = 0;
  #longest = 0;
  #fits = true;
  readonly #wordsSeen = new Set<string>();
  /** Whether all values so far are codes of two letters. */
  #hasCodesOnly = true;
  /** Texts that may mean a missing value, and the number of cells that have one. */
  readonly #doubtful = new Set<string>();
  #doubtfulCells = 0;

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
    if (text.length <= LONGEST_WORD && MISSING_WORDS.has(text)) {
      this.#doubtful.add(text);
      this.#doubtfulCells++;
      this.#distinct.add(text);
      return;
    }
    this.numberStyles.add(text);
    this.dateStyles.add(text);
    this.#distinct.add(text);
    this.#files.add(text);
    this.#tags.add(text);
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

  /** Whether the column has values that are not missing and do not look so. */
  get hasValues(): boolean {
    return this.#missing + this.#doubtfulCells < this.#cells;
  }

  /** The texts that must mean a missing value, because all others of the column are numbers or dates. */
  get missingWords(): string[] {
    if (this.#doubtful.size === 0 || !this.hasValues) return [];
    const kinds = this.#ladders.map(({ sql }) => parseSqlType(sql).kind);
    const isTyped = kinds.some((kind) => kind !== 'boolean') || this.numberStyles.fitting.length > 0;
    const isDate = this.dateStyles.order !== undefined || this.dateStyles.needed !== undefined;
    return isTyped || isDate ? [...this.#doubtful].sort() : [];
  }

  /** What the local times of the column show about their time zone; `undefined` if it has none. */
  get localTimes(): LocalTimes | undefined {
    const ladder = this.#ladders.find(({ localTimes }) => localTimes);
    if (!this.hasValues || !ladder?.sql.startsWith('DATETIME')) return undefined;
    return ladder.localTimes!.hasOffset ? undefined : ladder.localTimes;
  }

  profile(): ColumnProfile {
    const isEmpty = this.#missing === this.#cells;
    const textSql = isEmpty ? EMPTY_TYPE : textType(this.#longest);
    const ladder = isEmpty || this.#doubtful.size > 0 ? undefined : this.#chosen();
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
      ...(ladder?.latest && { latest: ladder.latest }),
      ...(this.#files.found && { files: this.#files.found }),
      ...(this.#tags.found && { tags: true }),
    };
  }

  #updateLadders(text: string): void {
    if (this.#ladders.length > 1) this.#ladders = this.#ladders.filter((ladder) => ladder.add(text));
    else if (!this.#ladders[0]!.add(text)) this.#ladders = [];
  }

  #chosen(): TypeLadder | undefined {
    // Numbers such as 20240131 are dates if all are days of the calendar, and the name says so.
    const dates = this.#ladders.find(({ hasDates }) => hasDates);
    if (dates && TIME_NAME.test(this.name)) return dates;
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
