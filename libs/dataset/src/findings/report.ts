import type { Finding, FindingTotal, Report, Severity } from '@tracebloc/ingestor-contract';
import { shortenName } from '@tracebloc/ingestor-core';

export interface CollectedReport extends Report {
  /** Returns the kept findings, grouped by code, in the order in which the codes first occurred. */
  findings(): Finding[];
  totals(): FindingTotal[];
  /** Returns what the data shows although nothing is wrong. */
  notes(): string[];
}

/** Creates a report that keeps the first `cap` findings of each code and counts all. */
export function createReport(cap = 100): CollectedReport {
  const tallies = new Map<string, FindingTotal & { kept: Finding[] }>();
  const notes: string[] = [];
  const counts: Record<Severity, number> = { error: 0, warning: 0 };

  const tally = (code: string, severity: Severity) => {
    let entry = tallies.get(code);
    if (!entry) tallies.set(code, (entry = { code, severity, total: 0, kept: [] }));
    entry.total++;
    counts[severity]++;
    return entry;
  };

  return {
    add(finding) {
      const { kept } = tally(finding.code, finding.severity);
      if (kept.length < cap) kept.push(shorten(finding));
    },
    count: tally,
    note: (sentence) => void notes.push(sentence),
    notes: () => notes,
    isFull: (code) => (tallies.get(code)?.kept.length ?? 0) >= cap,
    get errors() {
      return counts.error;
    },
    get warnings() {
      return counts.warning;
    },
    findings: () => [...tallies.values()].flatMap(({ kept }) => kept),
    totals: () => [...tallies.values()].map(({ code, severity, total }) => ({ code, severity, total })),
  };
}

/** Shortens values and column names, which may be as long as a record. */
function shorten(finding: Finding): Finding {
  const { value, column } = finding;
  return {
    ...finding,
    ...(value !== undefined && { value: shortenName(value) }),
    ...(column !== undefined && { column: shortenName(column) }),
  };
}
