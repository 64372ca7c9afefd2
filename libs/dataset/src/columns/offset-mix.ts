import type { JsonValue } from '@tracebloc/ingestor-contract';
import { OFFSET } from '../checks/time-zone.js';
import { makeFinding } from '../findings/findings.js';
import type { CellLocation } from '../records/labels.js';
import type { ColumnCheck } from './column-check.js';

const [ZERO, NINE] = ['0'.charCodeAt(0), '9'.charCodeAt(0)] as const;
const [PLUS, MINUS] = ['+'.charCodeAt(0), '-'.charCodeAt(0)] as const;

function isSign(cell: string, back: number): boolean {
  const code = cell.charCodeAt(cell.length - back);
  return code === PLUS || code === MINUS;
}

/** Returns false if a cell surely has no offset: it ends in a digit, and no sign is where that of an offset would be. */
function mayHaveOffset(cell: string): boolean {
  const last = cell.charCodeAt(cell.length - 1);
  return last < ZERO || last > NINE || isSign(cell, 3) || isSign(cell, 5) || isSign(cell, 6);
}

/** Finds columns of moments of which some have an offset and some have none, so that they may be hours apart. */
export class OffsetMix implements ColumnCheck {
  #hasOffset = false;
  #example = '';

  get isDone(): boolean {
    return this.#hasOffset && this.#example !== '';
  }

  add(cell: string): void {
    // Most columns have no offset, and after the first cell only one is looked for.
    if (this.#example !== '' && !mayHaveOffset(cell)) return;
    const text = cell.trim();
    if (OFFSET.test(text)) this.#hasOffset = true;
    // A date without a time has no place for an offset.
    else if (this.#example === '' && text.includes(':')) this.#example = text;
  }

  partial(): JsonValue {
    return [this.#hasOffset, this.#example];
  }

  merge(partial: JsonValue): void {
    const [hasOffset, example] = partial as [boolean, string];
    this.#hasOffset ||= hasOffset;
    if (this.#example === '') this.#example = example;
  }

  finish({ report, file, column }: CellLocation): void {
    if (!this.isDone) return;
    const message = 'Some moments of the column have an offset and some have none. Those without one were read as UTC.';
    report.add(makeFinding('mixed-offsets', { message, file, column, value: this.#example }));
  }
}
