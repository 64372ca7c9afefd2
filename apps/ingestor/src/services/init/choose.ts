import { listNames, shortenName } from '@tracebloc/ingestor-core';
import type { ColumnProfile, ManifestProfile, Survey } from '@tracebloc/ingestor-contract';
import { type InstalledTask, plural } from '@tracebloc/ingestor-cli';
import type { Ask } from './ask.js';
import { findReadings, type Fitting, type Reading } from './fit.js';
import { makeError } from '../../errors.js';

/** The answers that the user has given with flags. */
export interface Answers {
  task?: string;
  label?: string;
  labelPolicy?: string;
  /** The sheet of a workbook. */
  sheet?: string;
}

/** Returns the task that was named, or the one that the data fits best. If that stays open, returns all that it may be. */
export async function chooseTask(
  installed: readonly InstalledTask[],
  survey: Survey,
  answers: Answers,
  ask: Ask,
): Promise<Fitting> {
  const { readings, near } = await findReadings(installed, survey, answers);
  const [only, ...others] = readings;
  const isSure = others.length > 0 || only!.detection.fit !== 'possible' || answers.task !== undefined;
  return { near, readings: await chooseAmong(readings, ask), ...(!isSure && { doubt: describeDoubt(only!) }) };
}

/** Returns the reading that is meant. If that stays open, returns all. */
export async function chooseAmong<One extends Reading>(readings: readonly One[], ask: Ask): Promise<One[]> {
  const [only, ...others] = readings;
  if (others.length === 0) return [only!];
  const id = await ask({
    about: 'task',
    asks: 'Which task is it for?',
    choices: readings.map(({ task, detection }) => ({ value: task.id, description: detection.found })),
    answer: 'Give --task <id>, or --label <column> if that decides it.',
  });
  return readings.filter(({ task }) => id === undefined || task.id === id);
}

/** Says that a fit is only possible: the data may be that of a task that is not installed. */
function describeDoubt({ task, detection }: Reading): string {
  return `Nothing shows for certain that the data is for ${task.id}: it is ${detection.found}, and fits no other installed task. If it is for another one, give --task <id>.`;
}

/**
 * Returns the column of the label. It is `undefined` for a task without labels, and if the question stays open. Of several
 * tasks that the data may be for, each choice says which take it.
 */
export async function chooseLabel(
  readings: readonly Reading[],
  { label: named }: Answers,
  ask: Ask,
): Promise<string | undefined> {
  const labelled = readings.filter(
    ({ task: { label }, detection }) =>
      label.use === 'required' || (label.use === 'optional' && detection.labels.length > 0),
  );
  if (named !== undefined || labelled.length === 0) return labelled.length === 0 ? undefined : named;
  const choices = new Map<string, { column: ColumnProfile; tasks: string[] }>();
  for (const { task, detection } of labelled) {
    const columns = new Map(detection.manifest.columns.map((column) => [column.name, column]));
    for (const name of detection.labels.length > 0 ? detection.labels : columns.keys()) {
      const choice = choices.get(name) ?? { column: columns.get(name)!, tasks: [] };
      choice.tasks.push(task.id);
      choices.set(name, choice);
    }
  }
  const [only, ...others] = choices.keys();
  const isKnown = labelled.every(({ detection }) => detection.labels.length === 1);
  if (others.length === 0 && isKnown) return only;
  return ask({
    about: 'label',
    asks: 'Which column is the label?',
    choices: [...choices].map(([value, { column, tasks }]) => {
      const suffix = tasks.length < labelled.length ? `, for ${listNames(tasks)}` : '';
      return { value, description: describeColumn(column) + suffix };
    }),
    answer: 'Give --label <column>.',
  });
}

/** Throws if the named label is not a column of the table. */
export function checkLabel({ manifests }: Survey, { label }: Answers): void {
  const names = manifests.flatMap(({ columns }) => columns.map(({ name }) => name));
  if (label === undefined || names.includes(label)) return;
  const leftOut = manifests.flatMap(({ leftOut: columns = [] }) => columns).find(({ name }) => name === label);
  if (leftOut) {
    const message = `The column ${JSON.stringify(shortenName(label))} cannot be the label: ${leftOut.reason}.`;
    throw makeError('unknown-label', { message, fix: leftOut.fix });
  }
  const absent = `The table has no column ${JSON.stringify(shortenName(label))}.`;
  const fix = `Its columns are: ${listNames(names, 20)}.`;
  throw makeError(
    'unknown-label',
    manifests.some(hasNoHeader)
      ? {
          message: `${absent} Its first line looks like data and not like a header, so that the columns are numbered.`,
          fix: [
            fix,
            'Give one of them with --label, or write a line with the names of the columns above the first line.',
          ],
        }
      : { message: absent, fix },
  );
}

function hasNoHeader({ options = [] }: ManifestProfile): boolean {
  return options.some(({ name, value }) => name === 'header' && value === 'none');
}

/** Returns how the label leaves the cluster. It is `undefined` if the task has a default, and if the question stays open. */
export async function choosePolicy(
  readings: readonly Reading[],
  { labelPolicy }: Answers,
  ask: Ask,
): Promise<string | undefined> {
  const needing = readings.filter(({ task }) => task.label.statePolicy).map(({ task }) => task.id);
  if (labelPolicy !== undefined || needing.length === 0) return labelPolicy;
  const suffix = needing.length < readings.length ? ` ${listNames(needing)} must state it.` : '';
  return ask({
    about: 'label-policy',
    asks: 'How may the labels leave the cluster?',
    choices: [
      { value: 'bucket', description: 'the backend gets one of 64 hash buckets' },
      { value: 'passthrough', description: 'the backend gets the label itself' },
    ],
    answer: `Give --label-policy <policy>.${suffix}`,
  });
}

/** Describes a column without any of its values: "3 distinct values, 12 missing". */
export function describeColumn({ distinct, moreDistinct, missing }: ColumnProfile): string {
  if (distinct === 0) return 'no value, so that the type is a guess';
  const values = moreDistinct ? `more than ${plural(distinct, 'distinct value')}` : plural(distinct, 'distinct value');
  return missing > 0 ? `${values}, ${missing.toLocaleString('en-US')} missing` : values;
}
