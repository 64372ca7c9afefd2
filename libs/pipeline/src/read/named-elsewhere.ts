import type { RunConfig } from '@tracebloc/ingestor-config';
import { FILENAME, readOtherManifests } from '@tracebloc/ingestor-dataset';

/** Returns the names of files in the other manifests of the configuration, or `undefined` if it has none. */
export function namedElsewhere(
  { source, task, filename = FILENAME }: RunConfig,
  signal: AbortSignal,
): AsyncIterable<string> | undefined {
  const { otherManifests, format, table, tableOptions, csv, json } = source;
  if (!otherManifests) return undefined;
  const options = { format, table, tableOptions, csv, json, missing: task.missing };
  return readOtherManifests(otherManifests, options, filename, signal);
}
