import { InterruptedError } from '@tracebloc/ingestor-core';
import type { DatasetRecord, Finding, Report, Severity } from '@tracebloc/ingestor-contract';
import { mapOrdered } from '../files/parallel.js';
import { createReport } from '../findings/report.js';
import { Pause } from '../pause.js';

/** The number of records in a batch: few, because each may contain the new content of a file. */
const BATCH = 8;

/** A row that names files. */
export interface FileRow {
  /** It does not name a file yet. */
  record: DatasetRecord;
  cells: readonly string[];
}

/**
 * Completes rows with the files that they name. Several rows are processed at the same time, but records and findings come
 * in the order of the rows. `complete` is called in that order too, with a report for its row alone. If it returns
 * `undefined`, the row becomes no record, for example because it was merged with another.
 */
export async function* readFileRecords<Row extends FileRow>(
  rows: AsyncIterable<Row>,
  complete: (row: Row, report: Report) => Promise<DatasetRecord | undefined>,
  { report, signal }: { report: Report; signal: AbortSignal },
): AsyncGenerator<DatasetRecord[], void> {
  const completed = mapOrdered(rows, async (row) => {
    if (signal.aborted) throw new InterruptedError();
    const rowReport = new RowReport(report);
    return { record: await complete(row, rowReport), rowReport };
  });
  let batch: DatasetRecord[] = [];
  // Small files are read by synchronous calls, so that nothing else may make a pause.
  const pause = new Pause();
  for await (const { record, rowReport } of completed) {
    rowReport.flush();
    if (record) batch.push(record);
    if (batch.length < BATCH) continue;
    yield batch;
    if (pause.isDue) await pause.take();
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Keeps the findings of a row until those of earlier rows have been reported; of each code as many as a report keeps. */
class RowReport implements Report {
  readonly #own = createReport();

  constructor(private readonly report: Report) {}

  get errors(): number {
    return this.report.errors + this.#own.errors;
  }

  get warnings(): number {
    return this.report.warnings + this.#own.warnings;
  }

  add(finding: Finding): void {
    this.#own.add(finding);
  }

  isFull(code: string): boolean {
    return this.#own.isFull(code) || this.report.isFull(code);
  }

  count(code: string, severity: Severity): void {
    this.#own.count(code, severity);
  }

  /** Reports what was kept. */
  flush(): void {
    const kept = Map.groupBy(this.#own.findings(), ({ code }) => code);
    for (const { code, severity, total } of this.#own.totals()) {
      const findings = kept.get(code) ?? [];
      findings.forEach((finding) => this.report.add(finding));
      for (let left = total - findings.length; left > 0; left--) this.report.count(code, severity);
    }
  }
}
