import type { Finding, FindingCode, Report } from '@tracebloc/ingestor-contract';

export type FindingDetails = Pick<Finding, 'message'> & Partial<Omit<Finding, 'code'>>;

/** Findings of a library or of a task's own, by their codes. */
export interface FindingCatalogue<Code extends string> {
  /** For `TaskType.findings`. */
  list: readonly FindingCode[];
  /** A finding with its code's documented severity and fix, where the details give no other. */
  make: (code: Code, details: FindingDetails) => Finding;
  /** Reports what `make` gives; only counts it where the report keeps no more of its code: for what every row may have. */
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
