import { labelCountsForBackend, labelForBackend } from '@tracebloc/ingestor-api';
import { IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import { tableSchema, type RegistrationCall } from '@tracebloc/ingestor-storage';
import { errors, withNote } from '../errors.js';
import { recordsOf } from './publish.js';
import { enterPhase, type RunContext } from './run-context.js';

/** How far a dataset's registration has come. */
export interface RegistrationProgress {
  /** Records in the published table. */
  total: number;
  /** Records that the registry has acknowledged. */
  sent: number;
}

/**
 * Registers a published dataset: sends its records batch by batch, then makes the calls that are made once. Nothing is
 * repeated that the ledger holds as acknowledged.
 */
export async function registerDataset(context: RunContext): Promise<RegistrationProgress> {
  const { database, run, registry, observer } = context;
  enterPhase(context, 'registering');
  observer.debug(`Registering run ${run.runId} with ${registry.address}.`);
  // A process that continues a run which was killed after a call must know which registry received the call.
  if (run.registry !== registry.address) await database.ledger.setRegistry(run.runId, registry.address);
  const progress = { total: await recordsOf(context), sent: run.sent };
  try {
    await makeCalls(context, progress);
  } catch (error) {
    throw error instanceof IngestorError ? withProgress(error, context, progress) : error;
  }
  enterPhase(context, 'registered');
  return progress;
}

/** Adds to the error's message what the run has completed before the error. Returns the same error. */
export function withProgress<E extends IngestorError>(
  error: E,
  { registry, run }: RunContext,
  { total, sent }: RegistrationProgress,
): E {
  const known = registry.wantsRecords ? ` ${registry.address} has acknowledged ${sent} of them.` : '';
  const reached = `Table ${run.table} is complete in the database with ${total} records, but not registered yet.${known}`;
  return withNote(error, reached);
}

async function makeCalls(context: RunContext, progress: RegistrationProgress): Promise<void> {
  const { database, registry, run, signal, observer } = context;
  if (registry.wantsRecords) await sendRecords(context, progress);
  const made = await database.ledger.calls(run.runId);
  for (const [name, call] of callsOf(context)) {
    if (made.has(name)) continue;
    if (signal.aborted) throw new InterruptedError();
    observer.debug(`Calling ${name} of ${registry.address}.`);
    await call();
    await database.ledger.markCall(run.runId, name);
  }
  const entry = await database.catalog.get(run.table);
  if (entry) await database.catalog.put({ ...entry, registeredWith: registry.address });
  await database.ledger.setState(run.runId, 'registered');
}

async function sendRecords(
  { config, database, registry, run, signal, observer }: RunContext,
  progress: RegistrationProgress,
): Promise<void> {
  const policy = config.label?.policy ?? 'passthrough';
  const { total } = progress;
  const { task } = config;
  const leaving = (label: string | null) =>
    task.labelCounts && label !== null
      ? labelCountsForBackend(task.labelCounts(label), policy)
      : labelForBackend(label, policy);
  while (progress.sent < total) {
    if (signal.aborted) throw new InterruptedError();
    const records = await database.readMeta(run.table, progress.sent, config.batchSize);
    // Without this check other rows would be sent twice in place of missing ones, or the loop would never end.
    if (records.at(-1)?.ordinal !== progress.sent + records.length - 1) {
      throw rowsMissing(run.table, `had ${total} rows when its registration began, and now lacks some`);
    }
    const outgoing = records.map(({ dataId, label }) => ({ dataId, label: leaving(label) }));
    await registry.sendRecords(run, outgoing, signal);
    progress.sent += records.length;
    await database.ledger.markSent(run.runId, progress.sent);
    observer.progress({ phase: 'register', records: progress.sent, done: progress.sent, total });
  }
}

export function rowsMissing(table: string, what: string): IngestorError {
  return errors.make('rows-missing', {
    message: `Table ${table} ${what}: somebody else changed it.`,
    fix: `Ingest the dataset anew with --overwrite --restart; if it was ingested with --shards, first run \`ingestor datasets delete ${table}\`.`,
  });
}

/** Returns the calls that are made once, in the order that the backend needs. */
function callsOf({
  config,
  database,
  registry,
  run,
  title,
  signal,
}: RunContext): [RegistrationCall, () => Promise<void>][] {
  const { task } = config;
  const calls: [RegistrationCall, () => Promise<void>][] = [
    [
      'global-metadata',
      async () => {
        // What was counted in the published table.
        const entry = await database.catalog.get(run.table);
        const metadata = entry?.metadata ?? task.metadata(config.options, config.columns);
        await registry.sendMetadata(run, tableSchema(config.columns), metadata, signal);
      },
    ],
    ['prepare', () => registry.prepare(run, task.id, task.dataFormat, signal)],
    ['dataset', () => registry.createDataset(run, title, task.allowFeatureModification, signal)],
  ];
  if (task.label.use !== 'forbidden') {
    calls.unshift(['edge-labels', () => registry.generateEdgeLabels(run, signal)]);
  }
  return calls;
}
