import type { JsonValue } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { CellLocation } from '../records/labels.js';
import type { ColumnCheck } from './column-check.js';

const SLASH = '/'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);
const SLASHES = /^(\d\d)\/(\d\d)\/(\d{4})(?!\d)/;

/** Finds columns of dates such as `01/02/2022` in which no value decides between day and month. */
export class DayMonth implements ColumnCheck {
  #example = '';
  #isDecided = false;

  get isDone(): boolean {
    return this.#isDecided;
  }

  add(cell: string): void {
    // Most dates have their slash elsewhere, or none; a cell may begin with a space.
    if (cell.charCodeAt(2) !== SLASH && cell.charCodeAt(0) > SPACE) return;
    const match = SLASHES.exec(cell.trim());
    if (!match) return;
    const [date, first, second] = match;
    if (first! > '12' || second! > '12') this.#isDecided = true;
    else if (first !== second && this.#example === '') this.#example = date;
  }

  partial(): JsonValue {
    return [this.#example, this.#isDecided];
  }

  merge(partial: JsonValue): void {
    const [example, isDecided] = partial as [string, boolean];
    if (this.#example === '') this.#example = example;
    this.#isDecided ||= isDecided;
  }

  finish({ report, file, column }: CellLocation): void {
    if (this.#isDecided || this.#example === '') return;
    const value = this.#example;
    const [first, second, year] = value.split('/');
    const message = `${value} was read as ${year}-${first}-${second}, and may be ${year}-${second}-${first}: no value of the column decides between day and month.`;
    report.add(makeFinding('ambiguous-date', { message, file, column, value }));
  }
}
