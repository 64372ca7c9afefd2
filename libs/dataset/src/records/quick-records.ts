import { InterruptedError } from '@tracebloc/ingestor-core';
import type { DatasetRecord } from '@tracebloc/ingestor-contract';
import { Pause } from '../pause.js';
import type { FileRow } from './file-records.js';
import type { RecordBatch } from './rows.js';

/** The rows that are completed together: if one of them is not, all after it are completed asynchronously. */
const WINDOW = 64;

/**
 * Completes rows without a promise for each, as long as `completeNow` returns a record. The rest of a window is left to `completeRest`.
 * Records come in the order of the rows, and rows are completed in that order too.
 */
export async function* readQuickly(
  batches: AsyncIterable<RecordBatch>,
  completeNow: (row: FileRow) => DatasetRecord | undefined,
  completeRest: (rows: AsyncIterable<FileRow>) => AsyncIterable<DatasetRecord[]>,
  signal: AbortSignal,
): AsyncGenerator<DatasetRecord[], void> {
  const pause = new Pause();
  for await (const { records, cells } of batches) {
    for (let from = 0; from < records.length; from += WINDOW) {
      if (signal.aborted) throw new InterruptedError();
      const to = Math.min(from + WINDOW, records.length);
      const completed: DatasetRecord[] = [];
      let next = from;
      for (; next < to; next++) {
        const record = completeNow({ record: records[next]!, cells: cells[next]! });
        if (!record) break;
        completed.push(record);
      }
      if (completed.length > 0) yield completed;
      if (next < to) yield* completeRest(rowsOf({ records, cells }, next, to));
      if (pause.isDue) await pause.take();
    }
  }
}

async function* rowsOf({ records, cells }: RecordBatch, from: number, to: number): AsyncGenerator<FileRow, void> {
  for (let index = from; index < to; index++) yield { record: records[index]!, cells: cells[index]! };
}
