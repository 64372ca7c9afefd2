import { labelForBackend } from '@tracebloc/ingestor-api';
import { InterruptedError } from '@tracebloc/ingestor-contract';
import { tableSchema, type RegistrationCall } from '@tracebloc/ingestor-storage';
import type { RunContext } from './run-context.js';

/**
 * Tells the registry of a published dataset: its records batch by batch, then the calls made once. What the ledger
 * holds as sent is not sent again. Returns the number of records that the registry has acknowledged.
 */
export async function registerDataset(context: RunContext): Promise<number> {
  const { database, registry, run, signal, observer } = context;
  const sent = registry.wantsRecords ? await sendRecords(context) : 0;
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
  return sent;
}

async function sendRecords({ config, database, registry, run, signal, observer }: RunContext): Promise<number> {
  const policy = config.label?.policy ?? 'passthrough';
  const total = await database.count(run.table);
  let { sent } = run;
  while (sent < total) {
    if (signal.aborted) throw new InterruptedError();
    const records = await database.readMeta(run.table, sent, config.batchSize);
    const outgoing = records.map(({ dataId, label }) => ({ dataId, label: labelForBackend(label, policy) }));
    await registry.sendRecords(run, outgoing, signal);
    sent += records.length;
    await database.ledger.markSent(run.runId, sent);
    observer.progress({ phase: 'register', records: sent, done: sent, total });
  }
  return sent;
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
