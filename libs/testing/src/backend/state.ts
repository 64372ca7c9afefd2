import type { DataFormat, Intent, JsonObject } from '@tracebloc/ingestor-contract';
import type { BackendCall, ReceivedRecord } from './calls.js';

export interface BackendDataset {
  id: number;
  title: string;
  allowFeatureModification: boolean;
}

export interface BackendRun {
  runId: string;
  table: string;
  intent: Intent;
  /** The last label of each data_id, in the order of the first arrival. */
  labels: Map<string, ReceivedRecord['label']>;
  /** The number of arrivals of each data_id that came more than once. */
  repeated: Map<string, number>;
  edgeLabels: boolean;
  schema?: Record<string, string>;
  metadata?: JsonObject;
  prepared?: { category: string; dataFormat: DataFormat };
  dataset?: BackendDataset;
}

type RunCall = Exclude<BackendCall, { name: 'token' }>;

/** The calls of a run in their order. The last one that came is its step. */
const STEPS = ['records', 'edge-labels', 'global-metadata', 'prepare', 'dataset'] as const;
type Step = (typeof STEPS)[number];

/** The steps that a call may follow. Each may follow itself, since a client may repeat a request. */
const FOLLOWS: Record<Step, readonly Step[]> = {
  records: [],
  'edge-labels': ['records'],
  // A self-supervised task has no edge labels.
  'global-metadata': ['records', 'edge-labels'],
  prepare: ['global-metadata'],
  dataset: ['prepare'],
};

/** The state of the backend. It accepts calls only in the documented order. */
export class BackendState {
  readonly #runs = new Map<string, BackendRun>();
  readonly #steps = new Map<BackendRun, Step>();
  #datasets = 0;

  /** All runs, in the order of their first batch. */
  get runs(): BackendRun[] {
    return [...this.#runs.values()];
  }

  /** The newest run of each table. */
  get tables(): Record<string, BackendRun> {
    return Object.fromEntries(this.runs.map((run) => [run.table, run]));
  }

  /** Applies the call, or returns why it is not valid. */
  apply(call: RunCall): { run: BackendRun } | { problem: string } {
    const run = this.#runOf(call);
    if (!run) return { problem: `${call.name} came before any batch of its run` };
    const step = this.#steps.get(run) ?? 'records';
    if (step !== call.name && !FOLLOWS[call.name].includes(step)) {
      return { problem: `${call.name} came after ${step}; the order is ${STEPS.join(', ')}` };
    }
    const problem = take(run, call, () => ++this.#datasets);
    if (problem !== undefined) return { problem };
    this.#runs.set(run.runId, run);
    this.#steps.set(run, call.name);
    return { run };
  }

  #runOf(call: RunCall): BackendRun | undefined {
    switch (call.name) {
      case 'records':
        return this.#runs.get(call.runId) ?? newRun(call);
      case 'edge-labels':
      case 'prepare':
        return this.#runs.get(call.runId);
      case 'global-metadata':
        return this.tables[call.table];
      case 'dataset':
        return this.#runForDataset(call.title);
    }
  }

  /** Finds the run of a call that names none: the run that waits for its dataset, or that of a repeated call. */
  #runForDataset(title: string): BackendRun | undefined {
    const newestFirst = this.runs.reverse();
    return (
      newestFirst.find((run) => this.#steps.get(run) === 'prepare') ??
      newestFirst.find((run) => run.dataset?.title === title) ??
      newestFirst[0]
    );
  }
}

function newRun({ runId, table, intent }: Extract<BackendCall, { name: 'records' }>): BackendRun {
  return { runId, table, intent, labels: new Map(), repeated: new Map(), edgeLabels: false };
}

/** Adds the call to its run, or returns how it contradicts the run. */
function take(run: BackendRun, call: RunCall, nextId: () => number): string | undefined {
  if ('table' in call && call.table !== run.table) return `run ${run.runId} is of table ${run.table}`;
  if ('intent' in call && call.intent !== run.intent) return `run ${run.runId} is for ${run.intent}`;
  switch (call.name) {
    case 'records':
      for (const { dataId, label } of call.records) {
        if (run.labels.has(dataId)) run.repeated.set(dataId, (run.repeated.get(dataId) ?? 1) + 1);
        run.labels.set(dataId, label);
      }
      return undefined;
    case 'edge-labels':
      run.edgeLabels = true;
      return undefined;
    case 'global-metadata':
      run.schema = call.schema;
      run.metadata = call.metadata;
      return undefined;
    case 'prepare': {
      const { number_of_columns: columns, schema } = run.metadata ?? {};
      if (call.category.startsWith('tabular_') && (typeof columns !== 'number' || typeof schema !== 'object')) {
        return 'the meta_data of a tabular task lacks number_of_columns or schema';
      }
      run.prepared = { category: call.category, dataFormat: call.dataFormat };
      return undefined;
    }
    case 'dataset': {
      const { title, allowFeatureModification } = call;
      if (allowFeatureModification !== (run.prepared?.category === 'tabular_classification')) {
        return 'allow_feature_modification is true for tabular_classification and for nothing else';
      }
      run.dataset ??= { id: nextId(), title, allowFeatureModification };
      return undefined;
    }
  }
}
