import { relative } from 'node:path';
import { type IngestorError, listNames, shortenName } from '@tracebloc/ingestor-core';
import type { ColumnProfile, Detection, Fit, Survey, TaskType } from '@tracebloc/ingestor-contract';
import { type InstalledTask, plural } from '@tracebloc/ingestor-cli';
import type { Ask } from './ask.js';
import { notInstalled } from '../tasks.js';
import { makeError } from '../../errors.js';

/** The answers that the user has given with flags. */
export interface Answers {
  task?: string;
  label?: string;
  labelPolicy?: string;
}

/** A task, and the data as that task would read it. */
export interface Reading {
  task: TaskType;
  detection: Detection;
}

const FITS: readonly Fit[] = ['certain', 'likely', 'possible'];

/** Returns the one of the tables to describe. Throws if there is none. */
export async function chooseTable(tables: readonly string[], path: string, ask: Ask): Promise<string> {
  const [only, ...others] = tables;
  if (only === undefined) {
    throw makeError('no-table', {
      message: `The folder ${path} contains no table: no .csv, .tsv, .jsonl or .ndjson file, and no .json file with an array.`,
      fix: 'Give the path of a table, or of a folder that contains one. Files such as images need a table that names them.',
    });
  }
  if (others.length === 0) return only;
  const choices = tables.map((table) => ({ value: relative(process.cwd(), table) }));
  const answer = `Name the one: ingestor init ${choices[0]!.value}`;
  const chosen = await ask({ asks: 'Which table is to be described?', choices, answer });
  return tables.find((table) => relative(process.cwd(), table) === chosen)!;
}

/** Returns the task that was named, or the one that the data fits best. */
export async function chooseTask(
  installed: readonly InstalledTask[],
  survey: Survey,
  { task: named, label }: Answers,
  ask: Ask,
): Promise<Reading> {
  if (named !== undefined && !installed.some(({ task }) => task.id === named)) throw notInstalled(named, installed);
  const wanted = installed.map(({ task }) => task).filter(({ id }) => named === undefined || id === named);
  const readings = await detect(wanted, survey, label);
  const fit = FITS.find((one) => readings.some(({ detection }) => detection.fit === one));
  const best = readings.filter(({ detection }) => detection.fit === fit);
  const [only, ...others] = best;
  if (!only) throw nothingFits(wanted);
  // The user must confirm a fit that is only possible: the data may be that of a task that is not installed.
  if (others.length === 0 && (fit !== 'possible' || named !== undefined)) return only;
  const id = await ask({
    asks: 'Which task is it for?',
    choices: best.map(({ task, detection }) => ({ value: task.id, description: detection.found })),
    answer: 'Give --task <id>, or --label <column> if that decides it.',
  });
  return best.find(({ task }) => task.id === id)!;
}

async function detect(tasks: readonly TaskType[], survey: Survey, label?: string): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const task of tasks) {
    const detection = await task.detect?.(survey, label);
    if (detection) readings.push({ task, detection });
  }
  return readings;
}

function nothingFits(tasks: readonly TaskType[]): IngestorError {
  const lines = tasks.map(({ id, layout }) => `  ${id}: ${layout.description}`);
  return makeError('nothing-fits', {
    message: [`The data fits none of ${plural(tasks.length, 'task')}:`, ...lines].join('\n'),
    fix: 'Arrange the data as a task requires it (see `ingestor tasks`), or install the plugin of another format.',
  });
}

/** Returns the column of the label, or `undefined` for a task without labels. */
export async function chooseLabel(
  { task, detection }: Reading,
  { label: named }: Answers,
  ask: Ask,
): Promise<string | undefined> {
  if (task.label.use === 'forbidden') return undefined;
  if (named !== undefined) return named;
  const columns = new Map(detection.manifest.columns.map((column) => [column.name, column]));
  const [only, ...others] = detection.labels;
  if (only !== undefined && others.length === 0) return only;
  return ask({
    asks: 'Which column is the label?',
    choices: (only === undefined ? [...columns.keys()] : detection.labels).map((value) => {
      return { value, description: describeColumn(columns.get(value)!) };
    }),
    answer: 'Give --label <column>.',
  });
}

/** Throws if the named label is not a column of the table. */
export function checkLabel({ manifests }: Survey, { label }: Answers): void {
  const names = manifests.flatMap(({ columns }) => columns.map(({ name }) => name));
  if (label === undefined || names.includes(label)) return;
  throw makeError('unknown-label', {
    message: `The table has no column ${JSON.stringify(shortenName(label))}.`,
    fix: `Its columns are: ${listNames(names, 20)}.`,
  });
}

/** Returns how the label leaves the cluster, or `undefined` if the task has a default. */
export async function choosePolicy({ task }: Reading, { labelPolicy }: Answers, ask: Ask): Promise<string | undefined> {
  if (labelPolicy !== undefined || !task.label.statePolicy) return labelPolicy;
  return ask({
    asks: 'How may the labels leave the cluster?',
    choices: [
      { value: 'bucket', description: 'the backend gets one of 64 hash buckets' },
      { value: 'passthrough', description: 'the backend gets the label itself' },
    ],
    answer: 'Give --label-policy <policy>.',
  });
}

/** Describes a column without any of its values: "3 distinct values, 12 missing". */
export function describeColumn({ distinct, moreDistinct, missing }: ColumnProfile): string {
  if (distinct === 0) return 'no value, so that the type is a guess';
  const values = moreDistinct ? `more than ${plural(distinct, 'distinct value')}` : plural(distinct, 'distinct value');
  return missing > 0 ? `${values}, ${missing.toLocaleString('en-US')} missing` : values;
}
