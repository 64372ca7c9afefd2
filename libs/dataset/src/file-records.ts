import { InterruptedError } from '@tracebloc/ingestor-contract';
import type { DatasetRecord, Finding, Report, Severity } from '@tracebloc/ingestor-contract';
import { mapOrdered } from './parallel.js';

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

/** Keeps findings until those of the rows before have been reported. */
class Notes implements Report {
  readonly #kept: Finding[] = [];
  readonly #counted: [code: string, severity: Severity][] = [];

  constructor(private readonly report: Report) {}

  get errors(): number {
    return this.report.errors + this.#number('error');
  }

  get warnings(): number {
    return this.report.warnings + this.#number('warning');
  }

  add(finding: Finding): void {
    this.#kept.push(finding);
  }

  isFull(code: string): boolean {
    return this.report.isFull(code);
  }

  count(code: string, severity: Severity): void {
    this.#counted.push([code, severity]);
  }

  handOn(): void {
    this.#kept.forEach((finding) => this.report.add(finding));
    this.#counted.forEach(([code, severity]) => this.report.count(code, severity));
  }

  #number(severity: Severity): number {
    const added = this.#kept.filter((finding) => finding.severity === severity).length;
    return added + this.#counted.filter(([, counted]) => counted === severity).length;
  }
}
