import type { TaskContext } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { readOtherManifests } from '@tracebloc/ingestor-dataset';

/** Returns what reads a column of the other manifests of the configuration, or `undefined` without any. */
export function namedElsewhere(
  { source, task }: RunConfig,
  signal: AbortSignal,
): TaskContext<unknown>['namedElsewhere'] {
  const { otherManifests, format, csv, json } = source;
  if (!otherManifests) return undefined;
  const options = { format, csv, json, missing: task.missing };
  return (column) => readOtherManifests(otherManifests, options, column, signal);
}
