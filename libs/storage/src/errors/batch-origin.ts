/** Where the records of a batch come from, for errors; light enough to be kept while the batch is under way. */
export interface BatchOrigin {
  firstOrdinal: number;
  /** `DatasetRecord.row` of each record. */
  rows: number[];
}
