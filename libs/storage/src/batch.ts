import type { BatchPlaces, StagedBatch } from './types.js';

/** A record of another width would be stored shifted or cut: it is a bug of the task, and ends the run. */
export function assertWidth({ records, dataIds }: StagedBatch, width: number): void {
  const wrong = records.find(({ values }) => values.length !== width);
  if (wrong) throw new TypeError(`The record of row ${wrong.row} has ${wrong.values.length} values, not ${width}.`);
  if (records.length !== dataIds.length) throw new TypeError('A batch needs as many data_ids as records.');
}

export function placesOf({ firstOrdinal, records }: StagedBatch): BatchPlaces {
  return { firstOrdinal, rows: records.map(({ row }) => row) };
}
