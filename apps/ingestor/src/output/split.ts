import { relative } from 'node:path';
import { ux } from '@oclif/core';
import { printableLine, shellWord } from '@tracebloc/ingestor-core';
import { count, plural } from '@tracebloc/ingestor-cli';
import type { SplitReport } from '../services/split/split.js';
import { type ReportLayout, renderFindings } from './report.js';

/** The most classes that are shown. */
const MAX_CLASSES = 20;

const NOTHING_WRITTEN = 'Nothing was written: the file cannot be split until these errors are corrected.';

/** Renders the findings and, after them, what the split wrote. */
export function renderSplit(report: SplitReport, layout: ReportLayout): string {
  const outcome = report.outcome === 'written' ? renderWritten(report) : NOTHING_WRITTEN;
  return [...renderFindings(report, layout), outcome].join('\n\n');
}

function renderWritten(report: Extract<SplitReport, { outcome: 'written' }>): string {
  const { files, rows, classes, groups } = report;
  const { train, test } = files;
  const manifests = [train.manifest, test.manifest].map(fromHere);
  const configs = [train.config, test.config].filter((path) => path !== undefined).map(fromHere);
  const lines = [
    `${ux.colorize('green', '✔')} ${fromHere(report.source)}: ${plural(rows.train, 'row')} for training, ${plural(rows.test, 'row')} for testing`,
    `  ${'chosen'.padEnd(9)} ${howChosen(report)}`,
    `  ${'manifests'.padEnd(9)} ${manifests.join(', ')}`,
    ...(configs.length > 0 ? [`  ${'configs'.padEnd(9)} ${configs.join(', ')}`] : []),
    ...(groups
      ? [`  ${'groups'.padEnd(9)} ${count(groups.train)} for training, ${count(groups.test)} for testing`]
      : []),
    ...(rows.skipped > 0 ? [`  ${'skipped'.padEnd(9)} ${count(rows.skipped)}`] : []),
    ...classes
      .slice(0, MAX_CLASSES)
      .map(
        (one) =>
          `  ${'class'.padEnd(9)} ${printableLine(JSON.stringify(one.label))}: ${count(one.train)} and ${count(one.test)}`,
      ),
    ...(classes.length > MAX_CLASSES ? [`  … and ${count(classes.length - MAX_CLASSES)}`] : []),
  ];
  if (configs.length > 0) lines.push('', `Next: ingestor ingest ${configs.map(shellWord).join(' ')}`);
  return lines.join('\n');
}

function howChosen({ by, seed, label }: Extract<SplitReport, { outcome: 'written' }>): string {
  if (by === 'time') return 'the latest rows for testing';
  const what = by === 'groups' ? 'whole groups at random' : 'at random';
  return `${what}, seed ${seed}${label === undefined ? '' : `, ${printableLine(label)} in proportion`}`;
}

function fromHere(path: string): string {
  const below = relative(process.cwd(), path);
  return printableLine(below.startsWith('..') ? path : below);
}
