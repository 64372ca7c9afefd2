import type { JsonValue } from '@tracebloc/ingestor-contract';
import type { CellLocation } from '../records/labels.js';

/** What the numbers of all columns show. */
export interface FileStyle {
  hasComma: boolean;
  hasPoint: boolean;
}

/** Judges the cells of a column together, in bounded memory. A shard passes on `partial` instead of calling `finish`. */
export interface ColumnCheck {
  /** Whether further cells that are not missing change nothing, so that `add` need not be called. */
  readonly isDone: boolean;
  /** Takes a cell that is not a missing value. */
  add(cell: string): void;
  /** Takes a cell that is a missing value and not empty. */
  addMissing?(cell: string): void;
  /** Returns what `merge` needs of the cells added. */
  partial(): JsonValue;
  /** Adds what `partial` returned in the next shard. */
  merge(partial: JsonValue): void;
  /** Is called after the last row. `style` is what the numbers of all columns show. */
  finish(location: CellLocation, style: FileStyle): void;
}
