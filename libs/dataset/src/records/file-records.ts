import { InterruptedError } from '@tracebloc/ingestor-core';
import type { DatasetRecord, Finding, Report, Severity } from '@tracebloc/ingestor-contract';
import { mapOrdered } from '../files/parallel.js';
import { createReport } from '../findings/report.js';

/** Records that are handed on together: few, since each may hold a file's new content. */
const BATCH = 8;

/** A row that names files. */
export interface FileRow {
  /** Names no file yet. */
  record: DatasetRecord;
  cells: readonly string[];
}

/**
 * Completes rows with the files that they name: works on several rows at once, and gives records and findings in the
 * rows' order all the same. `complete` is called in that order too, and is given a report of its own; where it
 * gives nothing the row becomes no record, as when it has been merged with another.
 */
export async function* readFileRecords<Row extends FileRow>(
  rows: AsyncIterable<Row>,
  complete: (row: Row, report: Report) => Promise<DatasetRecord | undefined>,
  { report, signal }: { report: Report; signal: AbortSignal },
): AsyncGenerator<DatasetRecord[], void> {
  const completed = mapOrdered(rows, async (row) => {
    if (signal.aborted) throw new InterruptedError();
    const notes = new Notes(report);
    return { record: await complete(row, notes), notes };
  });
  let batch: DatasetRecord[] = [];
  for await (const { record, notes } of completed) {
    notes.handOn();
    if (record) batch.push(record);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Keeps findings until those of the rows before have been reported: of each code as many as a report keeps. */
class Notes implements Report {
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

  handOn(): void {
    const kept = Map.groupBy(this.#own.findings(), ({ code }) => code);
    for (const { code, severity, total } of this.#own.totals()) {
      const findings = kept.get(code) ?? [];
      findings.forEach((finding) => this.report.add(finding));
      for (let left = total - findings.length; left > 0; left--) this.report.count(code, severity);
    }
  }
}
