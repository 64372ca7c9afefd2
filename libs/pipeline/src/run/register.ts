import { labelForBackend } from '@tracebloc/ingestor-api';
import { IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import { tableSchema, type RegistrationCall } from '@tracebloc/ingestor-storage';
import type { RunContext } from './run-context.js';

/**
 * Tells the registry of a published dataset: its records batch by batch, then the calls made once. What the ledger
 * holds as sent is not sent again.
 */
export async function registerDataset(context: RunContext): Promise<RegistrationProgress> {
  const { database, run, registry, observer } = context;
  observer.debug(`Registering run ${run.runId} with ${registry.address}.`);
  const total = await database.count(run.table);
  const published = (await database.catalog.get(run.table))?.records ?? total;
  if (total !== published) throw rowsGone(run.table, `was published with ${published} rows, and has ${total}`);
  // Before any call: whoever is killed after one must know who was told.
  if (run.registry !== registry.address) await database.ledger.setRegistry(run.runId, registry.address);
  const standing = { total, sent: run.sent };
  try {
    await makeCalls(context, standing);
  } catch (error) {
    throw error instanceof IngestorError ? withStanding(error, context, standing) : error;
  }
  return standing;
}

/** How far a dataset's registration has come. */
export interface RegistrationProgress {
  /** Records in the published table. */
  total: number;
  /** Records that the registry has acknowledged. */
  sent: number;
}

/** The error with what has been reached in spite of it. */
export function withStanding(
  { code, message, fix, exitCode, cause }: IngestorError,
  { registry, run }: RunContext,
  { total, sent }: RegistrationProgress,
): IngestorError {
  const known = registry.wantsRecords ? ` ${registry.address} has been told of ${sent} of them.` : '';
  const standing = `Table ${run.table} is complete in the database with ${total} records, but not registered yet.${known}`;
  return new IngestorError({ code, message: `${message}\n${standing}`, fix, exitCode, cause });
}

async function makeCalls(context: RunContext, standing: RegistrationProgress): Promise<void> {
  const { database, registry, run, signal, observer } = context;
  if (registry.wantsRecords) await sendRecords(context, standing);
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
  standing: RegistrationProgress,
): Promise<void> {
  const policy = config.label?.policy ?? 'passthrough';
  const { total } = standing;
  while (standing.sent < total) {
    if (signal.aborted) throw new InterruptedError();
    const records = await database.readMeta(run.table, standing.sent, config.batchSize);
    // Else rows that are gone would be made up for by others, sent twice, or waited for without end.
    if (records.at(-1)?.ordinal !== standing.sent + records.length - 1) {
      throw rowsGone(run.table, `had ${total} rows when its registration began, and now lacks some`);
    }
    const outgoing = records.map(({ dataId, label }) => ({ dataId, label: labelForBackend(label, policy) }));
    await registry.sendRecords(run, outgoing, signal);
    standing.sent += records.length;
    await database.ledger.markSent(run.runId, standing.sent);
    observer.progress({ phase: 'register', records: standing.sent, done: standing.sent, total });
  }
}

export function rowsGone(table: string, what: string): IngestorError {
  return new IngestorError({
    code: 'rows-missing',
    message: `Table ${table} ${what}: somebody else changed it.`,
    fix: `Ingest the dataset anew with --overwrite --restart; one of many shards after \`ingestor datasets delete ${table}\`.`,
  });
}

/** The calls made once, in the order that the backend needs. */
function callsOf({ config, registry, run, title, signal }: RunContext): [RegistrationCall, () => Promise<void>][] {
  const { task } = config;
  const metadata = task.metadata(config.options, config.columns);
  const calls: [RegistrationCall, () => Promise<void>][] = [
    ['global-metadata', () => registry.sendMetadata(run, tableSchema(config.columns), metadata, signal)],
    ['prepare', () => registry.prepare(run, task.id, task.dataFormat, signal)],
    ['dataset', () => registry.createDataset(run, title, task.allowFeatureModification, signal)],
  ];
  if (task.label.use === 'required') {
    calls.unshift(['edge-labels', () => registry.generateEdgeLabels(run, signal)]);
  }
  return calls;
}
