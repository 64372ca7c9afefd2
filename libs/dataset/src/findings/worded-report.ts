import type { Finding, Report, Severity } from '@tracebloc/ingestor-contract';

/** How a report words what it passes on. */
export interface Wording {
  finding(finding: Finding): Finding;
  /** Words a sentence about what the data shows. */
  note(sentence: string): string;
}

/** Passes everything on, with findings and notes in other words. */
export class WordedReport implements Report {
  constructor(
    private readonly report: Report,
    private readonly wording: Wording,
  ) {}

  get errors(): number {
    return this.report.errors;
  }

  get warnings(): number {
    return this.report.warnings;
  }

  add(finding: Finding): void {
    this.report.add(this.wording.finding(finding));
  }

  count(code: string, severity: Severity): void {
    this.report.count(code, severity);
  }

  isFull(code: string): boolean {
    return this.report.isFull(code);
  }

  note(sentence: string): void {
    this.report.note?.(this.wording.note(sentence));
  }
}

/** Returns the texts of a finding that may name rows, in other words. */
export function wordTexts(
  { message, expected }: Finding,
  word: (text: string) => string,
): Pick<Finding, 'message' | 'expected'> {
  return { message: word(message), ...(expected !== undefined && { expected: word(expected) }) };
}
