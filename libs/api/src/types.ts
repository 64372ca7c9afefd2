import type { DataFormat, Intent, JsonObject } from '@tracebloc/ingestor-contract';

/** What the backend receives of a record. The label policy has been applied to `label`. */
export interface OutgoingRecord {
  dataId: string;
  label: string | number | null;
}

/** Identifies a dataset in the calls of the backend. */
export interface DatasetRef {
  table: string;
  runId: string;
  intent: Intent;
}

/**
 * Registers datasets. The calls have an order: `signIn`, then `sendRecords` for every batch, then each of the others once.
 * All throw an `IngestorError`; after an abort it is an `InterruptedError`. None sends cell values other than the label and
 * the data_id.
 */
export interface DatasetRegistry {
  /** `local`, or the address of the backend. */
  readonly address: string;
  /** False if the run need not read and send the metadata of the records. */
  readonly wantsRecords: boolean;
  /** Checks that the registry answers, and where possible that it accepts the credentials. */
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
