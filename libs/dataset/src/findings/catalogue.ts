import type { Finding, FindingCode, Report } from '@tracebloc/ingestor-contract';

export type FindingDetails = Pick<Finding, 'message'> & Partial<Omit<Finding, 'code'>>;

/** Findings by their codes: what a user reads about each. */
export type Catalogue = Readonly<Record<string, Omit<FindingCode, 'code'>>>;

/** The findings of a library or of a task, by their codes. */
export interface FindingCatalogue<Code extends string> {
  /** For `TaskType.findings`. */
  list: readonly FindingCode[];
  /** Returns a finding. Severity and fix are those of the catalogue unless the details have others. */
  make: (code: Code, details: FindingDetails) => Finding;
  /**
   * Reports a finding. Once the report keeps no more findings of the code it only counts, and `details` is not called. Use it
   * for what can be wrong in every row.
   */
  report: (report: Report, code: Code, details: () => FindingDetails) => void;
}

export function defineFindings<Code extends string>(
  entries: Readonly<Record<Code, Omit<FindingCode, 'code'>>>,
): FindingCatalogue<Code> {
  const make = (code: Code, details: FindingDetails): Finding => {
    const { severity, fix } = entries[code];
    return { severity, code, fix, ...details };
  };
  return {
    list: Object.entries<Omit<FindingCode, 'code'>>(entries).map(([code, entry]) => ({ code, ...entry })),
    make,
    report(report, code, details) {
      if (report.isFull(code)) report.count(code, entries[code].severity);
      else report.add(make(code, details()));
    },
  };
}
