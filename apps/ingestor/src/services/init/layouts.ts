import { stat } from 'node:fs/promises';
import { dirname, extname, relative, resolve } from 'node:path';
import {
  type ColumnProfile,
  type DataForm,
  type DataLayout,
  type Detection,
  type JsonObject,
  type LayoutDetection,
  type LayoutSplit,
  type SourceFolder,
  type TableFormat,
  type TaskType,
} from '@tracebloc/ingestor-contract';
import { createReport } from '@tracebloc/ingestor-dataset';
import type { InstalledTask } from '@tracebloc/ingestor-cli';
import type { Reading } from './fit.js';

/** A dataset in a data layout, in the folder that the user named, or as the file that the user named. */
export interface FoundLayout {
  layout: DataLayout;
  detection: LayoutDetection;
}

/** A task that can read a dataset in a data layout. */
export interface LayoutReading extends Reading {
  /** The other half of the dataset, if it has two. */
  test?: Detection;
}

/** The columns of each form, beside that of the file names. */
const COLUMNS: Readonly<Record<DataForm, readonly string[]>> = {
  image_classes: ['label'],
  boxes: [],
  masks: ['mask_id', 'label'],
  keypoints: ['Visibility', 'label'],
  text_classes: ['label'],
  token_tags: ['label'],
  text_pairs: ['label'],
  free_texts: [],
};

/** The columns of a form that the table stores beside the fixed ones, with their types. */
const STORED: ReadonlyMap<string, string> = new Map([
  ['mask_id', 'VARCHAR(255)'],
  ['Visibility', 'TEXT'],
]);

/** Returns the datasets in data layouts at a path. */
export async function findLayouts(
  path: string,
  formats: readonly TableFormat[],
  installed: readonly InstalledTask[],
): Promise<FoundLayout[]> {
  const own = installed.flatMap(({ task }) => task.layout.withoutManifest ?? []);
  const layouts = [...formats.filter((format) => format.kind === 'layout'), ...own];
  const facts = await stat(path).catch(() => undefined);
  if (!facts || layouts.length === 0) return [];
  const absolute = resolve(path);
  const root = facts.isDirectory() ? absolute : dirname(absolute);
  const found: FoundLayout[] = [];
  for (const layout of layouts) {
    const detection = await layout.detect?.(root);
    const isNamed = detection && [detection.train, detection.test].some((split) => split?.path === absolute);
    if (detection && (facts.isDirectory() || isNamed)) found.push({ layout, detection });
  }
  return found;
}

/** Returns how the tasks can read the datasets. Of several forms of a dataset, the richest is first. */
export async function layoutReadings(
  found: readonly FoundLayout[],
  installed: readonly InstalledTask[],
  { task: named }: { task?: string },
): Promise<LayoutReading[]> {
  const readings: LayoutReading[] = [];
  for (const { layout, detection } of found) {
    for (const form of detection.forms) {
      const tasks = installed.map(({ task }) => task).filter((task) => task.layout.form === form);
      for (const task of tasks.filter(({ id }) => named === undefined || id === named)) {
        const train = await detectionOf(task, layout, { detection, split: detection.train });
        const test = detection.test && (await detectionOf(task, layout, { detection, split: detection.test }));
        readings.push({ task, detection: train, ...(test && { test }) });
      }
    }
  }
  return readings;
}

async function detectionOf(
  task: TaskType,
  layout: DataLayout,
  { detection, split }: { detection: LayoutDetection; split: LayoutSplit },
): Promise<Detection> {
  const form = task.layout.form!;
  const names = COLUMNS[form].filter((name) => name !== 'label' || task.label.use !== 'forbidden');
  const given = Object.entries(split.folders ?? {}).flatMap(([role, folder]) => {
    const sidecar = task.layout.sidecars.find((one) => (one.role ?? one.field) === role);
    return sidecar ? [[sidecar.field, relative(dirname(split.path), folder)] as const] : [];
  });
  const own = await configure(task, layout, split);
  return {
    fit: 'certain',
    found: detection.found,
    manifest: {
      path: split.path,
      format: layout.name,
      rows: split.rows ?? 0,
      columns: names.map(columnOf),
      ...(split.options.length > 0 && { tableOptions: split.options }),
      doubts: detection.doubts,
    },
    labels: names.includes('label') ? ['label'] : [],
    schema: names.filter((name) => STORED.has(name)),
    fields: { ...Object.fromEntries(given), ...own.fields },
    fileOptions: own.fileOptions,
    comments: { label: `as ${layout.title} has it`, ...own.comments },
  };
}

/** Returns the options that the files of a dataset need. */
async function configure(
  task: TaskType,
  layout: DataLayout,
  split: LayoutSplit,
): Promise<Pick<Detection, 'fields' | 'fileOptions' | 'comments'>> {
  const properties = (layout.options.properties ?? {}) as Record<string, JsonObject>;
  const defaults = Object.entries(properties).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const options = Object.fromEntries([...defaults, ...split.options.map(({ name, value }) => [name, value] as const)]);
  const request = { path: split.path, form: task.layout.form!, options, folders: split.folders ?? {} };
  const { signal } = new AbortController();
  const table = await layout.open(request, { report: createReport(), signal });
  try {
    if (task.configure) return await task.configure(table.folders, table);
    const extension = extensionOf(task, table.folders);
    return { fields: {}, fileOptions: extension === undefined ? {} : { extension } };
  } finally {
    await table.close?.();
  }
}

/** Returns the most frequent extension of the files, if it is not the task's default. */
function extensionOf({ layout, fileOptions }: TaskType, folders: Record<string, SourceFolder>): string | undefined {
  const [main] = layout.sidecars;
  const folder = main && folders[main.role ?? main.field];
  const { extension } = (fileOptions.properties ?? {}) as Record<string, JsonObject | undefined>;
  if (!folder || !extension) return undefined;
  const counts = new Map<string, number>();
  for (const { name } of folder.files) {
    const own = extname(name).toLowerCase();
    counts.set(own, (counts.get(own) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most === undefined || most[0] === extension.default ? undefined : most[0];
}

/** Describes a column of a form. Its values are not counted: the layout is read as a whole only by `validate`. */
function columnOf(name: string): ColumnProfile {
  const sql = STORED.get(name) ?? 'VARCHAR(255)';
  return {
    ...{ name, sql, textSql: sql, fits: true, missing: 0, words: 0 },
    ...{ distinct: 0, moreDistinct: true, ascending: false },
  };
}
