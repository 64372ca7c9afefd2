import type { Finding, Report, Severity } from '@tracebloc/ingestor-contract';

/** Passes findings on with the name of the file, and tells when one of them is an error. */
export class NamedReport implements Report {
  constructor(
    private readonly report: Report,
    private readonly file: string,
    private readonly onError: () => void,
  ) {}

  get errors(): number {
    return this.report.errors;
  }

  get warnings(): number {
    return this.report.warnings;
  }

  add(finding: Finding): void {
    this.#note(finding.severity);
    this.report.add(finding.file === undefined ? { ...finding, file: this.file } : finding);
  }

  count(code: string, severity: Severity): void {
    this.#note(severity);
    this.report.count(code, severity);
  }

  isFull(code: string): boolean {
    return this.report.isFull(code);
  }

  note(sentence: string): void {
    this.report.note?.(sentence);
  }

  #note(severity: Severity): void {
    if (severity === 'error') this.onError();
  }
}
