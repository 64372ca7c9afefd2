import type { FindingTotal } from '@tracebloc/ingestor-contract';
import { relative } from 'node:path';
import { ux } from '@oclif/core';
import type { Finding } from '@tracebloc/ingestor-contract';
import { printableLine } from '@tracebloc/ingestor-core';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { count, duration, plural, terminalWidth, wrapText } from '@tracebloc/ingestor-cli';

/** How much a report shows. */
export interface ReportLayout {
  /** The most examples of a code. The rest is shown as a count and ranges of rows. */
  examples: number;
  /** The cells of a line, or `undefined` if lines are not broken. */
  width?: number;
}

const EXAMPLES_ON_TERMINAL = 5;
/** The most ranges of rows that are shown for a code. */
const MAX_RANGES = 8;

/** Returns the layout for stdout. What goes into a file or another program is complete and has no broken lines. */
export function reportLayout(all = false): ReportLayout {
  const width = terminalWidth(process.stdout);
  return { examples: all || width === undefined ? Infinity : EXAMPLES_ON_TERMINAL, width };
}

/** Renders the findings grouped by code, causes and errors first, each with its place, value, expectation and fix. */
export function renderReport(result: ValidationResult, layout = reportLayout()): string {
  const notes = (result.notes ?? []).map((note) => fit(printableLine(note), layout));
  return [...renderFindings(result, layout), [fit(renderVerdict(result), layout), ...notes].join('\n')].join('\n\n');
}

/** Renders one text for each code. */
export function renderFindings(
  { totals, findings }: Pick<ValidationResult, 'totals' | 'findings'>,
  layout = reportLayout(),
): string[] {
  return [...totals].sort(byCauseThenSeverityThenTotal).map((total) => renderGroup(total, findings, layout));
}

/** Doubts about lines and quotes of a table. They come first, since they explain the errors in its rows. */
const CAUSES: ReadonlySet<string> = new Set(['no-header', 'units-row', 'odd-row', 'other-quote']);

function byCauseThenSeverityThenTotal(a: FindingTotal, b: FindingTotal): number {
  if (CAUSES.has(a.code) !== CAUSES.has(b.code)) return CAUSES.has(a.code) ? -1 : 1;
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  return b.total - a.total;
}

function renderGroup({ code, severity, total }: FindingTotal, all: readonly Finding[], layout: ReportLayout): string {
  const findings = all.filter((finding) => finding.code === code && finding.severity === severity);
  const shown = findings.slice(0, layout.examples);
  const mark = severity === 'error' ? ux.colorize('red', '✖') : ux.colorize('yellow', '⚠');
  const sharedFix = sharedValue(findings.map(({ fix }) => fix));
  // A file that all findings share is named once, in the heading.
  const sharedFile = findings.length > 1 ? sharedValue(findings.map(({ file }) => file)) : undefined;
  const where = sharedFile === undefined ? '' : ` in ${printableLine(fromHere(sharedFile))}`;
  const lines = [`${mark} ${ux.colorize('bold', printableLine(code))}  ${plural(total, severity)}${where}`];
  for (const finding of shown) {
    lines.push(`  ${place(finding, sharedFile !== undefined)}${printableLine(finding.message)}`);
    const details = [
      finding.value === undefined ? undefined : `value ${printableLine(JSON.stringify(finding.value))}`,
      finding.expected === undefined ? undefined : `expected ${printableLine(finding.expected)}`,
    ].filter((detail) => detail !== undefined);
    if (details.length > 0) lines.push(`    ${details.join(', ')}`);
    if (sharedFix === undefined) lines.push(`    fix: ${printableLine(finding.fix)}`);
  }
  if (total > shown.length) {
    const rows = rowRanges(findings.slice(shown.length), total > findings.length);
    lines.push(`  … and ${count(total - shown.length)} more of this kind${rows}`);
  }
  if (sharedFix !== undefined) lines.push(`  fix: ${printableLine(sharedFix)}`);
  return lines.map((line) => fit(line, layout)).join('\n');
}

/** Breaks a line; what follows is indented further than its beginning. */
function fit(line: string, { width }: ReportLayout): string {
  if (width === undefined) return line;
  return wrapText(line, width, line.length - line.trimStart().length + 2);
}

/** Returns the rows of findings as a clause such as `, in rows 7-9, 12 and others`, or an empty string. */
function rowRanges(findings: readonly Finding[], hasMore: boolean): string {
  if (findings.length === 0 || sharedValue(findings.map(({ file }) => file)) === undefined) return '';
  const rows = [...new Set(findings.flatMap(({ row }) => row ?? []))].sort((one, other) => one - other);
  if (rows.length === 0) return '';
  const ranges: [first: number, last: number][] = [];
  for (const row of rows) {
    const latest = ranges.at(-1);
    if (latest?.[1] === row - 1) latest[1] = row;
    else ranges.push([row, row]);
  }
  const texts = ranges.slice(0, MAX_RANGES).map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const others = hasMore || ranges.length > MAX_RANGES ? ' and others' : '';
  return `, in ${rows.length === 1 && others === '' ? 'row' : 'rows'} ${texts.join(', ')}${others}`;
}

function place({ file, row, column }: Finding, isFileNamed: boolean): string {
  const name = file === undefined || isFileNamed ? undefined : fromHere(file);
  const parts = [row === undefined ? name : `${name ?? ''}:${row}`, column];
  const text = printableLine(parts.filter((part) => part !== undefined).join(' '));
  return text === '' ? '' : `${ux.colorize('cyan', text)}  `;
}

/** Returns a path below the working folder relative to that folder, and any other path unchanged. */
function fromHere(path: string): string {
  const below = relative(process.cwd(), path);
  return below === '' || below.startsWith('..') ? path : below;
}

/** Returns the value that all are equal to, or `undefined`. */
function sharedValue<Value extends string | undefined>(values: readonly Value[]): Value | undefined {
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
