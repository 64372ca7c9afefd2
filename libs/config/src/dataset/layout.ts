import {
  type DataLayout,
  type FormFolder,
  isTableError,
  type JsonObject,
  type TaskType,
} from '@tracebloc/ingestor-contract';
import { problemAt } from '../errors.js';
import type { Manifest } from './source.js';
import type { ConfigProblem, LayoutSource } from '../types.js';

/** A manifest that is a dataset in a data layout. */
export interface LayoutManifest extends Manifest {
  table: DataLayout;
}

/** Whether a manifest is a dataset in a data layout. */
export function isLayout(manifest: Manifest): manifest is LayoutManifest {
  return manifest.table?.kind === 'layout';
}

/**
 * Returns a dataset in a data layout and its places. If the data is not `here`, the places are empty. What is missing is a
 * problem.
 */
export async function locateLayout(
  { table: layout, path, format, origin }: LayoutManifest,
  task: TaskType,
  { options, sidecars, here }: { options: JsonObject; sidecars: Readonly<Record<string, string>>; here: boolean },
  problems: ConfigProblem[],
): Promise<LayoutSource | undefined> {
  const folders = Object.entries(sidecars).map(([field, folder]) => [roleOf(task, field), folder]);
  const request = { path, form: task.layout.form!, options, folders: Object.fromEntries(folders) as object };
  const places = { files: [], folders: {} };
  if (!here) return { layout, request, places };
  try {
    return { layout, request, places: await layout.locate(request) };
  } catch (error) {
    if (!isTableError(error)) throw error;
    problems.push(problemAt(origin, format, `the ${layout.title} data cannot be read: ${error.message}`, error.fix));
    return undefined;
  }
}

/** Returns the folder of a form that a sidecar folder of a task is. */
export function roleOf({ layout: { sidecars } }: TaskType, field: string): FormFolder {
  const sidecar = sidecars.find((one) => one.field === field);
  return sidecar?.role ?? (field as FormFolder);
}
