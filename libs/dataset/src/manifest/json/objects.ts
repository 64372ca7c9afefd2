import type { Token } from 'stream-json/core/parser.js';
import { type DatasetFindingCode, reportFinding } from '../../findings/findings.js';
import { MAX_CELLS, type NumberedRows, type ParseObserver } from '../types.js';

interface RecordLayout {
  /** The nesting depth of the records: 1 in an array, 0 if each line is a record. */
  depth: 0 | 1;
  /** The unit that row numbers count. */
  unit: 'element' | 'line';
}

/** What is done with keys that the first record does not have. */
export interface LateKeys {
  /** The keys that are columns after those of the first record. */
  known?: readonly string[];
  /** Is given each other key, and returns false if it is an error. */
  accept?: (key: string) => boolean;
}

/** The record that is being read. */
interface Current {
  keys: string[];
  cells: string[];
  isObject: boolean;
}

/** Builds rows from the tokens of flat JSON objects. The keys of the first object, and the known late ones, are the columns. */
export class ObjectRows {
  /** The number of records so far, including those that cannot be used. */
  count = 0;
  #rows: NumberedRows = { rows: [], lines: [] };
  #row = 0;
  #depth = 0;
  #isClosed = true;
  #current: Current | undefined;
  /** The index of the cell for the next value, or -1 if the value belongs to no column. */
  #cell = -1;
  /** The index of each column's cell, and the names of the columns by index. */
  #columns: Map<string, number> | undefined;
  #names: readonly string[] | undefined;
  /** For each column the ordinal of the last record that had it. It finds a key that occurs twice in one record. */
  #lastSeen = new Float64Array(0);

  constructor(
    private readonly observer: ParseObserver,
    private readonly layout: RecordLayout,
    private readonly late: LateKeys = {},
  ) {}

  /** Whether every object and array that was opened is closed. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the rows since the last `take` have so many cells that they should be taken now. */
  get isFull(): boolean {
    return this.#rows.rows.length * (this.#columns?.size ?? 0) > MAX_CELLS;
  }

  /** The number of the current element, or of the next one between two elements. */
  get nextRow(): number {
    return this.#current ? this.#row : this.count + 1;
  }

  /** Returns the rows since the last call. The very first row has the column names. */
  take(): NumberedRows {
    const rows = this.#rows;
    this.#rows = { rows: [], lines: [] };
    return rows;
  }

  /** Begins a line. */
  begin(row: number): void {
    this.#row = row;
    this.#isClosed = false;
  }

  /** Drops the current line, and reports why. */
  dropLine(what: string): void {
    this.#report('bad-json', `${this.#name} ${what}.`);
    this.#current = undefined;
    this.#depth = 0;
  }

  /** The names of the columns once they are known, unless two of them are the same. */
  get columns(): readonly string[] | undefined {
    return this.#columns?.size === this.#names?.length ? this.#names : undefined;
  }

  /** Adds the line of a row whose cells were read in another way. */
  addCells(row: number, cells: string[]): void {
    this.count++;
    this.#row = row;
    this.#push(cells);
  }

  accept(token: Token): void {
    switch (token.name) {
      case 'startObject':
      case 'startArray':
        if (this.#depth === this.layout.depth) this.#open(token.name === 'startObject');
        else if (this.#depth === this.layout.depth + 1) this.#reportNested();
        this.#depth++;
        this.#isClosed = false;
        break;
      case 'endObject':
      case 'endArray':
        this.#depth--;
        if (this.#depth === this.layout.depth) this.#finish();
        this.#isClosed = this.#depth === 0;
        break;
      case 'keyValue':
        if (this.#depth === this.layout.depth + 1) this.#cell = this.#cellOf(token.value.trim());
        break;
      case 'stringValue':
        if (!token.value.isWellFormed())
          this.#report('broken-text', `${this.#name} contains half of a surrogate pair.`);
        this.#set(token.value);
        break;
      case 'numberValue':
        this.#set(token.value);
        break;
      case 'nullValue':
        this.#set('');
        break;
      case 'trueValue':
      case 'falseValue':
        this.#set(String(token.value));
        break;
    }
  }

  get #name(): string {
    return this.layout.unit === 'line' ? `Line ${this.#row}` : `Element ${this.#row}`;
  }

  #open(isObject: boolean): void {
    this.count++;
    if (this.layout.unit === 'element') this.#row = this.count;
    const width = this.#columns?.size ?? 0;
    this.#current = { keys: [], cells: new Array<string>(width).fill(''), isObject };
    if (!isObject) this.#report('not-an-object', `${this.#name} is not an object.`);
  }

  #cellOf(key: string): number {
    const current = this.#current!;
    if (!this.#columns) {
      current.keys.push(key);
      return current.cells.push('') - 1;
    }
    const index = this.#columns.get(key);
    if (index === undefined) {
      if (!this.late.accept?.(key))
        this.#report('unexpected-key', `${this.#name} has a key that the first record does not have.`, key);
      return -1;
    }
    if (this.#lastSeen[index] === this.count) {
      this.#report('duplicate-column', `${this.#name} has the same key twice.`, key);
    }
    this.#lastSeen[index] = this.count;
    return index;
  }

  #set(text: string): void {
    if (this.#depth === this.layout.depth) {
      this.#open(false);
      this.#finish();
      this.#isClosed = this.#depth === 0;
    } else if (this.#depth === this.layout.depth + 1 && this.#current?.isObject && this.#cell !== -1) {
      this.#current.cells[this.#cell] = text;
    }
  }

  #finish(): void {
    const { keys, cells, isObject } = this.#current!;
    this.#current = undefined;
    if (!isObject) return;
    if (!this.#columns) {
      for (const key of this.late.known ?? []) {
        keys.push(key);
        cells.push('');
      }
      this.#columns = new Map(keys.map((key, index) => [key, index]));
      this.#names = keys;
      this.#lastSeen = new Float64Array(keys.length);
      this.#push(keys);
    }
    this.#push(cells);
  }

  #push(cells: string[]): void {
    this.#rows.rows.push(cells);
    this.#rows.lines.push(this.#row);
  }

  #reportNested(): void {
    if (!this.#current?.isObject) return;
    this.#report('nested-value', `${this.#name} has an object or an array as a value.`, this.#columnName());
  }

  #columnName(): string | undefined {
    return (this.#names ?? this.#current?.keys)?.[this.#cell];
  }

  #report(code: DatasetFindingCode, message: string, column?: string): void {
    reportFinding(this.observer.report, code, () => ({ message, row: this.#row, column }));
  }
}
