import type { Finding, Report, Severity } from '@tracebloc/ingestor-contract';

/**
 * The number of rows between the first rows of two parts of a table, which is more than a file can have. So a number says
 * which part the row is in, and all processes agree on it without counting.
 */
const PART_STEP = 2 ** 36;

/** Returns the number that a row of a part has in the table. Rows of the first part keep theirs. */
export const rowInTable = (part: number, row: number): number => part * PART_STEP + row;

/** Returns the file that has a row, and the row's number in it. `path` is the table, and its file if it has no parts. */
export function rowInFile({ path, parts }: { path: string; parts?: readonly string[] }, row: number) {
  return { file: parts?.[Math.floor(row / PART_STEP)] ?? path, row: row % PART_STEP };
}

/** Matches the number of a row of a later part in a message. */
const ROW = /\brow (\d{11,})/g;

/** Returns a report that names the part of a table and the row in it, instead of the table and the row in that. */
export function reportByPart(report: Report, parts: readonly string[]): Report {
  return parts.length === 0 ? report : new PartReport(report, parts);
}

class PartReport implements Report {
  constructor(
    private readonly report: Report,
    private readonly parts: readonly string[],
  ) {}

  get errors(): number {
    return this.report.errors;
  }

  get warnings(): number {
    return this.report.warnings;
  }

  add(finding: Finding): void {
    this.report.add(this.#located(finding));
  }

  count(code: string, severity: Severity): void {
    this.report.count(code, severity);
  }

  isFull(code: string): boolean {
    return this.report.isFull(code);
  }

  note(sentence: string): void {
    this.report.note?.(this.#named(sentence));
  }

  #located(finding: Finding): Finding {
    const { row, message, expected, file } = finding;
    // The parser of a part names the part itself.
    const isOfPart = file !== undefined && this.parts.includes(file);
    const own = row === undefined || isOfPart ? undefined : { row: row % PART_STEP, file: this.#partOf(row) };
    const texts = { message: this.#named(message), ...(expected !== undefined && { expected: this.#named(expected) }) };
    return { ...finding, ...texts, ...own };
  }

  #named(text: string): string {
    return text.replace(ROW, (_, digits: string) => {
      const row = Number(digits);
      return `row ${row % PART_STEP} of ${this.#partOf(row)}`;
    });
  }

  #partOf(row: number): string | undefined {
    return this.parts[Math.floor(row / PART_STEP)];
  }
}
