import type { FindingCode, Report } from '@tracebloc/ingestor-contract';
import type { FindingDetails } from './findings.js';

/** A task's own findings. */
export interface FindingCatalogue<Code extends string> {
  /** For `TaskType.findings`. */
  list: readonly FindingCode[];
  /**
   * Reports a finding with its code's documented severity and fix, where the details give no other; only counts it where
   * the report keeps no more of its code.
   */
  report(report: Report, code: Code, details: () => FindingDetails): void;
}

export function defineFindings<Code extends string>(
  entries: Readonly<Record<Code, Omit<FindingCode, 'code'>>>,
): FindingCatalogue<Code> {
  return {
    list: Object.entries<Omit<FindingCode, 'code'>>(entries).map(([code, entry]) => ({ code, ...entry })),
    report(report, code, details) {
      const { severity, fix } = entries[code];
      if (report.isFull(code)) report.count(code, severity);
      else report.add({ severity, code, fix, ...details() });
    },
  };
}
