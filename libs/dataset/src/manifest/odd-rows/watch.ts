import type { Report, RowBatch } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { makeFinding } from '../../findings/findings.js';
import { type Judgement, RowModel } from './model.js';
import { RowProbes } from './probes.js';

/** The rows at the start that show how rows look. */
const HEAD = 80;
/** The fewest rows of a table that are judged. */
const MIN_ROWS = 12;
/** The rows before a row with which it is compared, and as many after it. */
const CONTEXT = 40;
/** The rows at the start that are compared with those above at a time. */
const STEP = 20;
/** The last rows that may be notes. */
const TAIL = 3;
/** The most first rows that may be lines of the header. */
const MAX_HEADER = 3;
/** How many rows may be examined, and after how many read rows one more. */
const EXAMINED = 200;
const ROWS_PER_EXAMINED = 500;
/** The most odd rows that are kept. */
const MAX_ODD = 100;

interface OddRow {
  line: number;
  /** The number of the row, from 0. */
  at: number;
  unlike: number;
}

type HeaderOptions = Pick<CsvFormat, 'header' | 'unitsRow' | 'skipFooter'>;

/**
 * Finds rows that are unlike all rows around them: another line of the header, the header of another table, a note, a total.
 * Most rows are only looked at in three columns.
 */
export class OddRowWatch {
  #head: { rows: string[][]; lines: number[] } | undefined = { rows: [], lines: [] };
  #probes: RowProbes | undefined;
  /** The rows before the next batch. */
  #before: string[][] = [];
  #beforeLines: number[] = [];
  readonly #odd: OddRow[] = [];
  #rows = 0;
  #examined = 0;

  constructor(
    private readonly format: HeaderOptions,
    /** The line of the names. */
    private readonly headerLine: number,
    /** Lines about which something is said already. */
    private readonly told: ReadonlySet<number>,
  ) {}

  add({ rows, lines }: RowBatch): void {
    if (this.#head) {
      const count = Math.min(rows.length, HEAD - this.#head.rows.length);
      for (let index = 0; index < count; index++) {
        this.#head.rows.push(rows[index]!);
        this.#head.lines.push(lines[index]!);
      }
      if (this.#head.rows.length === HEAD) this.#judgeHead(this.#head);
      this.#watch(rows, lines, count);
    } else this.#watch(rows, lines, 0);
    this.#rows += rows.length;
    this.#keepLast(rows, lines);
  }

  /** Must be called after the last row. */
  finish(report: Report): void {
    if (this.#head && this.#head.rows.length >= MIN_ROWS) this.#judgeHead(this.#head);
    if (this.#rows >= MIN_ROWS) this.#judgeTail();
    const odd = this.#odd.filter(({ line }) => !this.told.has(line)).sort((one, other) => one.at - other.at);
    const headerRows = odd.filter(({ at }, index) => at === index && at < MAX_HEADER);
    if (headerRows.length > 0) this.#reportHeader(headerRows, report);
    for (const row of odd.slice(headerRows.length)) this.#report(row, report);
  }

  #judgeHead({ rows, lines }: { rows: string[][]; lines: number[] }): void {
    this.#head = undefined;
    const model = new RowModel(rows);
    const probes = new RowProbes(model);
    if (probes.areUsable) this.#probes = probes;
    probes.learn(rows.filter((row, at) => !this.#judge(model.judge(row), lines[at]!, at)));
    // Another table among these rows makes them look various.
    for (let start = STEP; start < rows.length; start += STEP) {
      const above = new RowModel(rows.slice(Math.max(0, start - CONTEXT), start));
      for (let at = start; at < Math.min(start + STEP, rows.length); at++) {
        if (!this.#isAfterOdd(at)) this.#judge(above.judge(rows[at]!, true), lines[at]!, at);
      }
    }
  }

  #watch(rows: string[][], lines: readonly number[], from: number): void {
    const probes = this.#probes;
    if (!probes) return;
    for (let index = from; (index = probes.nextOdd(rows, index)) < rows.length; index++) {
      if (this.#examined > EXAMINED + this.#rows / ROWS_PER_EXAMINED) return;
      this.#examined++;
      const before = [...this.#before, ...rows.slice(Math.max(0, index - CONTEXT), index)].slice(-CONTEXT);
      const at = this.#rows + index;
      const whole = new RowModel([...before, ...rows.slice(index, index + CONTEXT)]).judge(rows[index]!);
      const isOdd =
        this.#judge(whole, lines[index]!, at) ||
        (!this.#isAfterOdd(at) && this.#judge(new RowModel(before).judge(rows[index]!, true), lines[index]!, at));
      if (!isOdd) probes.learn(rows.slice(index, index + CONTEXT));
    }
  }

  /** Whether a row shortly before is odd, so that another table may have begun there. */
  #isAfterOdd(at: number): boolean {
    return this.#odd.some((odd) => at >= odd.at && at - odd.at <= CONTEXT);
  }

  /** Returns whether a row is odd, and keeps it then. */
  #judge({ isOdd, unlike }: Judgement, line: number, at: number): boolean {
    if (isOdd && this.#odd.length < MAX_ODD) this.#odd.push({ line, at, unlike });
    return isOdd;
  }

  #keepLast(rows: readonly string[][], lines: readonly number[]): void {
    if (rows.length >= CONTEXT) {
      this.#before = rows.slice(-CONTEXT);
      this.#beforeLines = lines.slice(-CONTEXT);
      return;
    }
    this.#before = [...this.#before, ...rows].slice(-CONTEXT);
    this.#beforeLines = [...this.#beforeLines, ...lines].slice(-CONTEXT);
  }

  /** The last rows may be notes of one cell. */
  #judgeTail(): void {
    const model = new RowModel(this.#before);
    const first = Math.max(0, this.#before.length - TAIL);
    for (const [index, row] of this.#before.slice(first).entries()) {
      const at = this.#rows - this.#before.length + first + index;
      const { isOdd, hasOneValue, unlike } = model.judge(row);
      if (!(isOdd || hasOneValue) || this.#odd.some((odd) => odd.at === at)) continue;
      this.#odd.push({ line: this.#beforeLines[first + index]!, at, unlike });
    }
  }

  /** Reports rows after the names that may belong to the header. */
  #reportHeader(rows: readonly OddRow[], report: Report): void {
    const lines = rows.map(({ line }) => line);
    const last = lines.at(-1)!;
    const { header, unitsRow } = this.format;
    const which = lines.length === 1 ? `Line ${last} is` : `Lines ${lines[0]} to ${last} are`;
    const message = `${which} unlike the rows after ${lines.length === 1 ? 'it' : 'them'} in ${rows[0]!.unlike} columns, and may belong to the header.`;
    if (header === 'none' || unitsRow) {
      report.add(makeFinding('odd-row', { message, row: lines[0]! }));
      return;
    }
    const all = [...(header ?? [this.headerLine]), ...lines].join(', ');
    const units = lines.length === 1 ? ' If it holds units or notes, set `spec.csv_options.units_row: true`.' : '';
    const fix = `To join the lines of the header, set \`spec.csv_options.header: [${all}]\`.${units} If it is a row, leave it.`;
    report.add(makeFinding('odd-row', { message, row: lines[0]!, fix }));
  }

  #report({ line, at, unlike }: OddRow, report: Report): void {
    if (report.isFull('odd-row')) {
      report.count('odd-row', 'warning');
      return;
    }
    const fromEnd = this.#rows - at;
    if (fromEnd > TAIL) {
      const message = `Line ${line} is unlike the rows around it in ${unlike} columns: another table may begin there.`;
      report.add(makeFinding('odd-row', { message, row: line }));
      return;
    }
    const message = `Line ${line}, at the end of the file, is unlike the rows before it in ${unlike} columns: it may be a note or a total.`;
    const footer = fromEnd + (this.format.skipFooter ?? 0);
    const fix = `If it is not a row, set \`spec.csv_options.skip_footer: ${footer}\`. If it is one, leave it.`;
    report.add(makeFinding('odd-row', { message, row: line, fix }));
  }
}
