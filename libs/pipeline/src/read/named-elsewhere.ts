import type { RunConfig } from '@tracebloc/ingestor-config';
import { FILENAME, readOtherManifests } from '@tracebloc/ingestor-dataset';

/** Returns the names of files in the other manifests of the configuration, or `undefined` if it has none. */
export function namedElsewhere({ source, task }: RunConfig, signal: AbortSignal): AsyncIterable<string> | undefined {
  const { otherManifests, format, table, tableOptions, csv, json } = source;
  if (!otherManifests) return undefined;
  return readOtherManifests(
    otherManifests,
    { format, table, tableOptions, csv, json, missing: task.missing },
    FILENAME,
    signal,
  );
}
