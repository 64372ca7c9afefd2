import type { DataFormat, Intent, JsonObject } from '@tracebloc/ingestor-contract';

/** A record as the backend learns of it: `label` after the label policy. */
export interface OutgoingRecord {
  dataId: string;
  label: string | number | null;
}

/** One dataset's coordinates in the backend's calls. */
export interface DatasetRef {
  table: string;
  runId: string;
  intent: Intent;
}

/**
 * Where datasets are registered. The calls are made in this order: `signIn`, then `sendRecords` for every batch, then
 * each of the others once. All throw `IngestorError` with a fix; none sends cell values beyond label and data_id.
 */
export interface DatasetRegistry {
  /** `local`, or the backend's address. */
  readonly address: string;
  /** False where nobody needs the records' meta: then the run skips reading and sending them. */
  readonly wantsRecords: boolean;
  /** Proves that the registry answers and accepts the credentials. */
  signIn(signal: AbortSignal): Promise<void>;
  sendRecords(dataset: DatasetRef, records: readonly OutgoingRecord[], signal: AbortSignal): Promise<void>;
  generateEdgeLabels(dataset: DatasetRef, signal: AbortSignal): Promise<void>;
  sendMetadata(
    dataset: DatasetRef,
    schema: Record<string, string>,
    metadata: JsonObject,
    signal: AbortSignal,
  ): Promise<void>;
  prepare(dataset: DatasetRef, category: string, dataFormat: DataFormat, signal: AbortSignal): Promise<void>;
  createDataset(
    dataset: DatasetRef,
    title: string,
    allowFeatureModification: boolean,
    signal: AbortSignal,
  ): Promise<void>;
}
