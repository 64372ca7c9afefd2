import { relative } from 'node:path';
import { printableLine, shellWord, shortenName } from '@tracebloc/ingestor-core';
import { plural, wrapText } from '@tracebloc/ingestor-cli';
import type { NearMisfit } from '../services/init/fit.js';
import type { InitResult } from '../services/init/init.js';
import type { LeftOut } from '../services/init/schema.js';
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
  if (result.outcome === 'shown') {
    const { test } = result;
    return [result.yaml.trimEnd(), ...(test ? [`# ${printableLine(test.file)}`, test.yaml.trimEnd()] : [])].join(
      '\n---\n',
    );
  }
  const files = [result.file, ...(result.test ? [result.test.file] : [])].map((one) => relative(process.cwd(), one));
  const file = files.map(printableLine).join(' and ');
  const next = `Wrote ${file}. Look through ${files.length > 1 ? 'them' : 'it'}, then: ingestor validate ${files.map(shellWord).join(' ')}`;
  const further = [...result.leftOut.slice(0, MAX_LEFT_OUT).map(describeLeftOut), ...result.doubts];
  const more = result.leftOut.length - MAX_LEFT_OUT;
  if (more > 0)
    further.push(`${plural(more, 'more column')} ${more === 1 ? 'is' : 'are'} left out; ${file} lists them.`);
  return [next, ...further.map((line) => wrap(printableLine(line), layout.width))].join('\n\n');
}

/** The most columns that are left out of the file and shown. */
const MAX_LEFT_OUT = 5;

const describeLeftOut = ({ name, reason, fix }: LeftOut): string =>
  `The column ${shortenName(name)} is left out: ${reason}.${fix === undefined ? '' : ` ${fix}`}`;
