import type { FindingTotal } from '@tracebloc/ingestor-contract';
import { relative } from 'node:path';
import { ux } from '@oclif/core';
import type { Finding } from '@tracebloc/ingestor-contract';
import { printableLine } from '@tracebloc/ingestor-core';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { count, duration, plural } from '@tracebloc/ingestor-cli';

/** Renders the findings grouped by code, errors first, each with its place, value, expectation and fix. */
export function renderReport(result: ValidationResult): string {
  return [...renderFindings(result), renderVerdict(result)].join('\n\n');
}

/** Renders one text for each code. */
export function renderFindings({ totals, findings }: Pick<ValidationResult, 'totals' | 'findings'>): string[] {
  return [...totals].sort(bySeverityThenTotal).map((total) => renderGroup(total, findings));
}

function bySeverityThenTotal(a: FindingTotal, b: FindingTotal): number {
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  return b.total - a.total;
}

function renderGroup({ code, severity, total }: FindingTotal, all: readonly Finding[]): string {
  const findings = all.filter((finding) => finding.code === code && finding.severity === severity);
  const mark = severity === 'error' ? ux.colorize('red', '✖') : ux.colorize('yellow', '⚠');
  const lines = [`${mark} ${ux.colorize('bold', printableLine(code))}  ${plural(total, severity)}`];
  const sharedFix = sharedValue(findings.map(({ fix }) => fix));
  for (const finding of findings) {
    lines.push(`  ${place(finding)}${printableLine(finding.message)}`);
    const details = [
      finding.value === undefined ? undefined : `value ${printableLine(JSON.stringify(finding.value))}`,
      finding.expected === undefined ? undefined : `expected ${printableLine(finding.expected)}`,
    ].filter((detail) => detail !== undefined);
    if (details.length > 0) lines.push(`    ${details.join(', ')}`);
    if (sharedFix === undefined) lines.push(`    fix: ${printableLine(finding.fix)}`);
  }
  if (total > findings.length) lines.push(`  … and ${count(total - findings.length)} more of this kind`);
  if (sharedFix !== undefined) lines.push(`  fix: ${printableLine(sharedFix)}`);
  return lines.join('\n');
}

function place({ file, row, column }: Finding): string {
  const name = file === undefined ? undefined : fromHere(file);
  const parts = [row === undefined ? name : `${name}:${row}`, column];
  const text = printableLine(parts.filter((part) => part !== undefined).join(' '));
  return text === '' ? '' : `${ux.colorize('cyan', text)}  `;
}

/** Returns a path below the working folder relative to that folder, and any other path unchanged. */
function fromHere(path: string): string {
  const below = relative(process.cwd(), path);
  return below === '' || below.startsWith('..') ? path : below;
}

function sharedValue(values: readonly string[]): string | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

function renderVerdict(result: ValidationResult): string {
  const tally = `${plural(result.errors, 'error')}, ${plural(result.warnings, 'warning')}`;
  const scope = `${plural(result.found, 'row')} of ${printableLine(fromHere(result.source))} in ${duration(result.seconds)}`;
  const skipped = result.skipped > 0 ? `, ${plural(result.skipped, 'row')} skipped` : '';
  const task = printableLine(result.task);
  return result.valid
    ? `${ux.colorize('green', '✔')} ${task}: valid. ${tally}${skipped}; ${scope}`
    : `${ux.colorize('red', '✖')} ${task}: not fit for training. ${tally}${skipped}; ${scope}`;
}
