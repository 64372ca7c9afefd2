import type { JsonValue } from '@tracebloc/ingestor-contract';
import { OFFSET } from '../checks/time-zone.js';
import { makeFinding } from '../findings/findings.js';
import type { CellLocation } from '../records/labels.js';
import type { ColumnCheck } from './column-check.js';

/** Finds columns of moments of which some have an offset and some have none, so that they may be hours apart. */
export class OffsetMix implements ColumnCheck {
  #hasOffset = false;
  #example = '';

  get isDone(): boolean {
    return this.#hasOffset && this.#example !== '';
  }

  add(cell: string): void {
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
