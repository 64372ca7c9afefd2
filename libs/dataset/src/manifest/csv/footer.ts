import type { BadRecord } from './bad-record.js';

/** Consecutive records, and a record after them whose quoting is not valid. */
export interface Records {
  rows: string[][];
  lines: number[];
  bad?: BadRecord;
}

/** Holds back the last records, because only the end of the file shows whether they are its footer. */
export class FooterQueue {
  readonly #held: { row?: string[]; line?: number; bad?: BadRecord }[] = [];
  /** The number of held records that are not blank. */
  #filled = 0;

  /** `length` is the number of records of the footer. Blank records do not count. */
  constructor(private readonly length: number) {}

  /** Takes records, and returns those that are certainly not part of the footer. */
  delay({ rows, lines, bad }: Records): Records[] {
    if (this.length === 0) return [{ rows, lines, bad }];
    rows.forEach((row, index) => this.#held.push({ row, line: lines[index] }));
    this.#filled += rows.filter((row) => row.length > 0).length;
    if (bad) {
      this.#held.push({ bad });
      this.#filled++;
    }
    return this.#release();
  }

  #release(): Records[] {
    const released: Records[] = [{ rows: [], lines: [] }];
    let count = 0;
    for (; this.#filled > this.length; count++) {
      const { row, line, bad } = this.#held[count]!;
      if (bad || row!.length > 0) this.#filled--;
      const last = released.at(-1)!;
      if (bad) {
        last.bad = bad;
        released.push({ rows: [], lines: [] });
      } else {
        last.rows.push(row!);
        last.lines.push(line!);
      }
    }
    this.#held.splice(0, count);
    return released;
  }
}
