import { relative } from 'node:path';
import { printableLine, shellWord } from '@tracebloc/ingestor-core';
import { wrapText } from '@tracebloc/ingestor-cli';
import type { NearMisfit } from '../services/init/fit.js';
import type { InitResult } from '../services/init/init.js';
import { type ReportLayout, renderFindings } from './report.js';

/** Renders what the data was taken for. Lines are broken at `width` cells, if it is given. */
export function renderFound(task: string, found: string, width?: number): string {
  return wrap(printableLine(`Found ${found}: ${task}.`), width);
}

/** Renders why data that seems to be meant for a task was not taken for it, and what to do. */
export function renderNear({ task, reason, fix }: NearMisfit, width?: number): string {
  return `${wrap(printableLine(`Not taken for ${task}: ${reason}.`), width)}\n${wrap(`  ${printableLine(fix)}`, width)}`;
}

const wrap = (line: string, width?: number) => (width === undefined ? line : wrapText(line, width, 2));

/** Renders the findings, the text of the file if nothing was written, or the next command. */
export function renderInit(result: InitResult, layout: ReportLayout): string {
  if (result.outcome === 'invalid') {
    return [...renderFindings(result, layout), 'The table cannot be described until these errors are corrected.'].join(
      '\n\n',
    );
  }
  if (result.outcome === 'shown') return result.yaml.trimEnd();
  const file = printableLine(relative(process.cwd(), result.file));
  const next = `Wrote ${file}. Look through it, then: ingestor validate ${shellWord(file)}`;
  return [next, ...result.doubts.map((doubt) => wrap(printableLine(doubt), layout.width))].join('\n\n');
}
