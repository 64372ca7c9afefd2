import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { InterruptedError } from '@tracebloc/ingestor-core';
import type { DatasetRecord, Report } from '@tracebloc/ingestor-contract';
import { type FileRow, readFileRecords } from './file-records.js';
import { makeFinding, reportFinding } from '../findings/findings.js';
import { FILE_CONCURRENCY, mapOrdered } from '../files/parallel.js';
import { type CollectedReport, createReport } from '../findings/report.js';

const LOOK_AHEAD = 3 * FILE_CONCURRENCY;
const BATCH = 8;

const record = (row: number): DatasetRecord => ({
  row,
  label: null,
  key: null,
  filename: null,
  extension: null,
  annotation: null,
  values: [],
  files: [],
});

/** Returns rows and counts those that were taken. `closed` is true once the rows are not read further. */
function source(count: number) {
  const state = { taken: 0, closed: false };
  async function* rows(): AsyncGenerator<FileRow, void> {
    try {
      for (let row = 1; row <= count; row++) {
        state.taken = row;
        yield { record: record(row), cells: [] };
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, rows };
}

const idle = new AbortController().signal;
const missing = (report: Report, row: number) =>
  reportFinding(report, 'missing-file', () => ({ message: 'There is no such file.', row }));

async function rowsOf(batches: AsyncIterable<DatasetRecord[]>): Promise<number[]> {
  const rows: number[] = [];
  for await (const batch of batches) rows.push(...batch.map(({ row }) => row));
  return rows;
}

/** Takes longer for earlier rows, so that rows end in another order than they begin. */
const unevenly = (row: number) => sleep((3 - (row % 4)) * 4);

describe('readFileRecords', () => {
  it('begins rows in order, processes several in parallel, and returns records and findings in order', async () => {
    const report = createReport(1000);
    const [begun, ended]: [number[], number[]] = [[], []];
    let [busy, busiest] = [0, 0];
    const records = readFileRecords(
      source(200).rows(),
      async ({ record }, notes) => {
        begun.push(record.row);
        busiest = Math.max(busiest, ++busy);
        missing(notes, record.row);
        await unevenly(record.row);
        missing(notes, record.row);
        busy--;
        ended.push(record.row);
        return record;
      },
      { report, signal: idle },
    );
    const inOrder = Array.from({ length: 200 }, (_, index) => index + 1);
    expect(await rowsOf(records)).toEqual(inOrder);
    expect(begun).toEqual(inOrder);
    expect(report.findings().map(({ row }) => row)).toEqual(inOrder.flatMap((row) => [row, row]));
    expect(busiest).toBe(FILE_CONCURRENCY);
    if (FILE_CONCURRENCY > 1) expect(ended).not.toEqual(inOrder);
  });

  it('keeps the first findings of each code, and counts all', async () => {
    const report = createReport(5);
    const complete = async ({ record }: FileRow, notes: Report) => {
      await unevenly(record.row);
      missing(notes, record.row);
      return record;
    };
    await rowsOf(readFileRecords(source(100).rows(), complete, { report, signal: idle }));
    expect(report.findings().map(({ row }) => row)).toEqual([1, 2, 3, 4, 5]);
    expect(report.totals()).toEqual([{ code: 'missing-file', severity: 'error', total: 100 }]);
    expect([report.errors, report.warnings]).toEqual([100, 0]);
  });

  it('shows a row the numbers of its findings together with those of earlier rows', async () => {
    const report = createReport(1);
    report.add(makeFinding('missing-file', { message: 'Before.' }));
    const seen: number[][] = [];
    const complete = async ({ record }: FileRow, notes: Report) => {
      missing(notes, record.row);
      notes.add(makeFinding('repeated-file', { message: 'Again.' }));
      seen.push([notes.errors, notes.warnings]);
      return record;
    };
    await rowsOf(readFileRecords(source(1).rows(), complete, { report, signal: idle }));
    expect(seen).toEqual([[2, 1]]);
    expect([report.errors, report.warnings]).toEqual([2, 1]);
  });

  it('builds only as many findings of a row as are kept, and counts all', async () => {
    const report = createReport();
    let built = 0;
    const complete = async ({ record }: FileRow, notes: Report) => {
      for (let object = 0; object < 5000; object++) {
        reportFinding(notes, 'missing-file', () => ({ message: `Number ${++built}.`, row: record.row }));
      }
      return record;
    };
    await rowsOf(readFileRecords(source(1).rows(), complete, { report, signal: idle }));
    expect(built).toBe(100);
    expect(report.findings()).toHaveLength(100);
    expect(report.totals()).toEqual([{ code: 'missing-file', severity: 'error', total: 5000 }]);
  });

  it('returns neither records for rows without one nor empty batches', async () => {
    const complete = async ({ record }: FileRow) => (record.row % 3 === 0 ? record : undefined);
    const sizes: number[] = [];
    const rows: number[] = [];
    for await (const batch of readFileRecords(source(300).rows(), complete, { report: createReport(), signal: idle })) {
      sizes.push(batch.length);
      rows.push(...batch.map(({ row }) => row));
    }
    expect(rows).toEqual(Array.from({ length: 100 }, (_, index) => 3 * (index + 1)));
    expect(sizes).toEqual([...Array<number>(12).fill(BATCH), 4]);
    const none = readFileRecords(source(300).rows(), async () => undefined, { report: createReport(), signal: idle });
    expect(await rowsOf(none)).toEqual([]);
  });

  it('reads only a few rows ahead while one is slow, or while its records are not read', async () => {
    const { state, rows } = source(10_000);
    const slow = Promise.withResolvers<undefined>();
    const complete = async ({ record }: FileRow) => {
      if (record.row === BATCH + 5) await slow.promise;
      return record;
    };
    const records = readFileRecords(rows(), complete, { report: createReport(), signal: idle });
    expect((await records.next()).value).toHaveLength(BATCH);
    await sleep(20);
    expect(state.taken).toBeLessThanOrEqual(BATCH + LOOK_AHEAD);
    const next = records.next();
    await sleep(20);
    expect(state.taken).toBeLessThanOrEqual(BATCH + 5 + LOOK_AHEAD);
    slow.resolve(undefined);
    expect((await next).value).toHaveLength(BATCH);
    await records.return();
  });

  it('throws an InterruptedError on abort, after the records before, and closes its source', async () => {
    const { state, rows } = source(10_000);
    const abort = new AbortController();
    const complete = async ({ record }: FileRow) => {
      if (record.row === 500) abort.abort();
      return record;
    };
    const seen: number[] = [];
    const reading = (async () => {
      const records = readFileRecords(rows(), complete, { report: createReport(), signal: abort.signal });
      for await (const batch of records) seen.push(...batch.map(({ row }) => row));
    })();
    await expect(reading).rejects.toThrow(InterruptedError);
    expect(seen).toEqual(Array.from({ length: 496 }, (_, index) => index + 1));
    expect(state.taken).toBeLessThanOrEqual(500 + LOOK_AHEAD);
    expect(state.closed).toBe(true);
  });

  it('throws the error of the first row that fails, without findings of it and later rows', async () => {
    const { state, rows } = source(10_000);
    const report: CollectedReport = createReport();
    const complete = async ({ record }: FileRow, notes: Report) => {
      missing(notes, record.row);
      await unevenly(record.row);
      if (record.row === 40 || record.row === 41) throw new Error(`row ${record.row}`);
      return record;
    };
    await expect(rowsOf(readFileRecords(rows(), complete, { report, signal: idle }))).rejects.toThrow('row 40');
    expect(report.errors).toBe(39);
    expect(state.taken).toBeLessThanOrEqual(40 + LOOK_AHEAD);
    expect(state.closed).toBe(true);
  });

  it('throws the error of its source, after the records before', async () => {
    async function* rows(): AsyncGenerator<FileRow, void> {
      yield* source(BATCH + 5).rows();
      throw new Error('the source');
    }
    const seen: number[] = [];
    const reading = (async () => {
      const complete = async ({ record }: FileRow) => record;
      for await (const batch of readFileRecords(rows(), complete, { report: createReport(), signal: idle })) {
        seen.push(...batch.map(({ row }) => row));
      }
    })();
    await expect(reading).rejects.toThrow('the source');
    expect(seen).toHaveLength(BATCH);
  });

  it('begins no more rows once its caller has stopped', async () => {
    const { state, rows } = source(10_000);
    const complete = async ({ record }: FileRow) => {
      await unevenly(record.row);
      return record;
    };
    for await (const batch of readFileRecords(rows(), complete, { report: createReport(), signal: idle })) {
      expect(batch).toHaveLength(BATCH);
      break;
    }
    const { taken } = state;
    await sleep(40);
    expect(state).toEqual({ taken, closed: true });
  });
});

describe('mapOrdered', () => {
  async function resultsOf<T>(count: number, work: (row: FileRow) => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    for await (const result of mapOrdered(source(count).rows(), work)) results.push(result);
    return results;
  }

  it('returns no results without items', async () => {
    expect(await resultsOf(0, async () => 1)).toEqual([]);
  });

  it('returns falsy results too', async () => {
    const falsy = [undefined, null, 0, ''];
    expect(await resultsOf(4, async ({ record }) => falsy[record.row - 1])).toEqual(falsy);
  });
});
