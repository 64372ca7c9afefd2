import type { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from './catalogue.js';

/** Where the records of a batch come from, for errors. It is small enough to keep until the batch is committed. */
export interface BatchOrigin {
  firstOrdinal: number;
  /** `DatasetRecord.row` of each record. */
  rows: number[];
}

function numbersOf({ firstOrdinal, rows }: BatchOrigin): string {
  return `${firstOrdinal + 1} to ${firstOrdinal + rows.length}`;
}

export function duplicateDataId(origin: BatchOrigin): IngestorError {
  return STORAGE_ERRORS.make('duplicate-data-id', {
    message: `A data_id among records ${numbersOf(origin)} occurs twice in the dataset; it must be unique.`,
    fix: [
      'Remove the repeated rows, or the repeated values of the column that data_id is taken from.',
      'Or set `data_id: {strategy: uuid}`, which keeps equal rows apart.',
    ],
  });
}

/** The connection of another process broke while it committed, and the server committed nevertheless. */
export function alreadyStaged(origin: BatchOrigin): IngestorError {
  return STORAGE_ERRORS.make('already-staged', {
    message: `Records ${numbersOf(origin)} are already stored: an earlier process of this run wrote them after this one began.`,
    fix: 'Run the same command again: it continues at the last committed batch.',
  });
}

/** `index` is the record's index in the batch; undefined when it is not known. */
export function valueChanged(origin: BatchOrigin, column: string | undefined, index?: number): IngestorError {
  const row = index === undefined ? undefined : origin.rows[index];
  const where = row === undefined ? ` among records ${numbersOf(origin)}` : ` in row ${row}`;
  const what = column === undefined ? 'a value' : `the value of column "${column}"`;
  return STORAGE_ERRORS.make('value-changed', {
    message: `The database cannot store ${what}${where} as it is written: it does not fit the column’s type.`,
    fix: 'Give the column a type in the schema that holds every value, or correct the value.',
  });
}

/** A record of another width would be stored shifted or cut. That is a bug of the task, which ends the run. */
export function wrongWidth(row: number, found: number, expected: number): TypeError {
  return new TypeError(`The record of row ${row} has ${found} values, not ${expected}.`);
}

export function recordTooLarge(row: number): IngestorError {
  return STORAGE_ERRORS.make('record-too-large', {
    message: `The record of row ${row} is larger than the longest statement that the server accepts (max_allowed_packet).`,
    fix: 'Raise max_allowed_packet on the server, or shorten the record.',
  });
}
