import {
  type Detection,
  type Fit,
  isDetection,
  type Misfit,
  type Survey,
  type TableFormat,
  type TaskType,
} from '@tracebloc/ingestor-contract';
import { type IngestorError, printableLine } from '@tracebloc/ingestor-core';
import { type InstalledTask, plural } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';
import { notInstalled } from '../tasks.js';

/** A task, and the data as that task would read it. */
export interface Reading {
  task: TaskType;
  detection: Detection;
}

const FITS: readonly Fit[] = ['certain', 'likely', 'possible'];

/** The most other tasks that are proposed for data that does not fit the named one. */
const MAX_PROPOSED = 3;

/** The misfit of a task that does not say why, or that `init` cannot recognise. */
const SILENT: Misfit = {
  reason: 'the task does not recognise its layout',
  fix: 'Arrange the data as the task requires it; `ingestor tasks` describes it.',
};

/** What the data fits, at least one task, and what it seems to be meant for without fitting it. */
export interface Fitting {
  readings: Reading[];
  near: NearMisfit[];
  /** A sentence about the only task, if the data is only possibly meant for it. */
  doubt?: string;
}

/** A task that the data seems to be meant for, and why it does not fit. */
export interface NearMisfit {
  task: string;
  reason: string;
  fix: string;
}

/** Returns the readings of the tasks that the data fits best, or of the named task alone. Throws if there is none. */
export async function findReadings(
  installed: readonly InstalledTask[],
  survey: Survey,
  { task: named, label }: { task?: string; label?: string },
): Promise<Fitting> {
  const tasks = wantedTasks(installed, named);
  const { readings, misfits } = await detectAll(tasks, survey, label);
  const [first] = misfits;
  if (readings.length === 0 && named !== undefined) throw await doesNotFit(first!, installed, survey, label);
  if (readings.length === 0) throw fitsNone(misfits);
  const near = misfits.filter((misfit) => misfit.near);
  const best = bestOf(readings);
  return {
    readings: best,
    near: [
      ...readings.filter((reading) => !best.includes(reading)).flatMap(describeRival),
      ...near.map(({ task, reason, fix }) => ({ task: task.id, reason, fix })),
    ],
  };
}

/** Names a task that the data fits less well, if it may well be meant for it. */
function describeRival({ task, detection: { caveat } }: Reading): NearMisfit[] {
  return caveat === undefined ? [] : [{ task: task.id, reason: caveat, fix: `If it is meant so: --task ${task.id}` }];
}

/** Returns the error of a folder without a table, with what each task whose files it holds needs. */
export async function withoutTable(
  installed: readonly InstalledTask[],
  survey: Survey,
  path: string,
  named: string | undefined,
  formats: readonly TableFormat[],
): Promise<IngestorError> {
  const tasks = wantedTasks(installed, named).filter((task) => named !== undefined || holdsFilesOf(survey, task));
  const { misfits: all } = await detectAll(tasks, survey);
  const near = all.filter((misfit) => misfit.near);
  const misfits = near.length > 0 ? near : all;
  return makeError('no-table', {
    message: [`The folder ${path} contains no table: no ${describeTables(formats)}`, ...misfits.map(describe)].join(
      '\n',
    ),
    fix:
      misfits.length > 0
        ? fixesOf(misfits)
        : [
            'Give the path of a table, or of a folder that contains one. Files such as images need a table that names them.',
          ],
  });
}

/** Names the files of a folder that are tables, and what is one only if it is named itself. */
function describeTables(formats: readonly TableFormat[]): string {
  const own = formats.flatMap(({ extensions }) => extensions);
  const extensions = [...new Set(['.csv', '.tsv', '.jsonl', '.ndjson', ...own])];
  const named = [...extensions.slice(0, -1), `${extensions.at(-1)!} file`].join(', ');
  return `${named.replace(/, ([^,]*)$/, ' or $1')}, packed with gzip (.csv.gz) or not, and no .json file with an array. A .json file whose records are within an object, and a .txt file, are read if you give their own paths.`;
}

function wantedTasks(installed: readonly InstalledTask[], named: string | undefined): TaskType[] {
  const tasks = installed.map(({ task }) => task).filter(({ id }) => named === undefined || id === named);
  if (named !== undefined && tasks.length === 0) throw notInstalled(named, installed);
  return tasks;
}

/** Whether the surveyed folders hold files as the task has them. Texts may have no extension. */
function holdsFilesOf({ folders, extensions: beside = {} }: Survey, { layout, dataFormat }: TaskType): boolean {
  const found = new Set([beside, ...folders.map(({ extensions }) => extensions)].flatMap((one) => Object.keys(one)));
  const [main] = layout.sidecars;
  return (main?.extensions ?? []).some((one) => found.has(one)) || (dataFormat === 'text' && found.has(''));
}

interface TaskMisfit extends Misfit {
  task: TaskType;
}

async function detectAll(
  tasks: readonly TaskType[],
  survey: Survey,
  label?: string,
): Promise<{ readings: Reading[]; misfits: TaskMisfit[] }> {
  const readings: Reading[] = [];
  const misfits: TaskMisfit[] = [];
  for (const task of tasks) {
    const result = await task.detect?.(survey, label);
    if (isDetection(result)) readings.push({ task, detection: result });
    else misfits.push({ ...(result ?? SILENT), task });
  }
  return { readings, misfits };
}

function bestOf(readings: readonly Reading[]): Reading[] {
  const fit = FITS.find((one) => readings.some(({ detection }) => detection.fit === one));
  return readings.filter(({ detection }) => detection.fit === fit);
}

/** Returns the error of data that does not fit the named task. Other tasks are proposed and never taken. */
async function doesNotFit(
  { task, reason, fix }: TaskMisfit,
  installed: readonly InstalledTask[],
  survey: Survey,
  label: string | undefined,
): Promise<IngestorError> {
  const others = installed.map((one) => one.task).filter((one) => one.id !== task.id);
  const { readings } = await detectAll(others, survey, label);
  const proposals = bestOf(readings)
    .slice(0, MAX_PROPOSED)
    .map(({ task: { id }, detection: { found } }) => `The data fits ${id}, as ${found}: --task ${id}`);
  return makeError('task-misfit', {
    message: printableLine(`The data does not fit ${task.id}: ${reason}.`),
    fix: [fix, ...proposals].map(printableLine),
  });
}

function fitsNone(misfits: readonly TaskMisfit[]): IngestorError {
  return makeError('nothing-fits', {
    message: [`The data fits none of ${plural(misfits.length, 'task')}:`, ...misfits.map(describe)].join('\n'),
    fix: 'With --task <id>, `ingestor init` says what to do for that task. For another format, install its plugin.',
  });
}

/** Says what to do with data that seems to be meant for a task, and why. */
export const describeNear = ({ task, reason, fix }: NearMisfit): string => `For ${task}, ${reason}. ${fix}`;

const describe = ({ task, reason }: TaskMisfit): string => printableLine(`  ${task.id}: ${reason}`);

/** Returns each fix once, with the tasks that it is for, if there are several fixes. */
function fixesOf(misfits: readonly TaskMisfit[]): string[] {
  const byFix = [...Map.groupBy(misfits, ({ fix }) => fix)];
  if (byFix.length === 1) return [byFix[0]![0]];
  return byFix.map(([fix, ones]) => `For ${ones.map(({ task }) => task.id).join(' or ')}: ${fix}`);
}
