import type { DatasetRecord } from '@tracebloc/ingestor-contract';

/** Cuts a stream of record arrays of any length into arrays of exactly `size` records, the last one shorter. */
export async function* inBatchesOf(
  size: number,
  stream: AsyncIterable<readonly DatasetRecord[]>,
): AsyncGenerator<DatasetRecord[]> {
  let batch: DatasetRecord[] = [];
  for await (const records of stream) {
    for (const record of records) {
      batch.push(record);
      if (batch.length === size) {
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}
