import type { RunConfig } from '@tracebloc/ingestor-config';
import type { CollectedReport } from '@tracebloc/ingestor-dataset';
import type { ValidationResult } from '../result.js';

/** Returns the result of a validation. `started` is a time of `performance.now()`. */
export function validationOf(
  { task, table, intent, source }: RunConfig,
  report: CollectedReport,
  { found, skipped, started }: { found: number; skipped: number; started: number },
): ValidationResult {
  return {
    valid: report.errors === 0,
    task: task.id,
    table,
    intent,
    source: source.path,
    found,
    skipped,
    errors: report.errors,
    warnings: report.warnings,
    totals: report.totals(),
    findings: report.findings(),
    ...(report.notes().length > 0 && { notes: report.notes() }),
    seconds: (performance.now() - started) / 1000,
  };
}
