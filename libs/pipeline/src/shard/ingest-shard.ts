import { randomUUID } from 'node:crypto';
import type { RunConfig, Shard } from '@tracebloc/ingestor-config';
import { stagingTable, type ShardLock, type TableLock } from '@tracebloc/ingestor-storage';
import { identityOf, type RunIdentity } from '../read/fingerprint.js';
import { isHidden } from '../run/decide.js';
import { withLock } from '../run/with-lock.js';
import { describeRun, invalid, titleOf, type IngestWork } from '../run/ingest-work.js';
import type { IngestResult } from '../result.js';
import { retryWhileLocked } from '../run/retry-while-locked.js';
import type { RunContext } from '../run/run-context.js';
import { openStaging, type OpenStaging } from '../run/stage.js';
import { concludeRun, reportStaged } from './conclude.js';
import { guardRows } from './guard-rows.js';
import { isBeingPublished, joinRun, waitForTable } from './join-run.js';
import { stageShard } from './stage-shard.js';

type Result = Omit<IngestResult, 'seconds'>;

/**
 * Ingests one shard of a dataset while other processes ingest the others, in any order. The shard's lock keeps a second
 * process away from it. The table's lock is held only to join the run, and to publish and register it at the end.
 */
export async function ingestShard(config: RunConfig, shard: Shard, work: IngestWork): Promise<Result> {
  const { table } = config;
  const newRunId = randomUUID();
  const identity = await identityOf(config);
  const lock = await retryWhileLocked(work, () => work.database.lockShard(table, newRunId, shard.index));
  return withLock(lock, table, async () => {
    const signal = AbortSignal.any([work.signal, lock.lost]);
    return new ShardIngest(config, shard, { ...work, signal }, identity, newRunId, lock).run();
  });
}

class ShardIngest {
  constructor(
    private readonly config: RunConfig,
    private readonly shard: Shard,
    private readonly work: IngestWork,
    private readonly identity: RunIdentity,
    private readonly newRunId: string,
    private readonly lock: ShardLock,
  ) {}

  async run(): Promise<Result> {
    const { config, shard, work } = this;
    const joined = await retryWhileLocked(work, () => this.#enter());
    if (!('open' in joined)) return joined;

    const { runId } = joined.context.run;
    const options = { signal: joined.context.signal, shard: { runId, ...shard } };
    const readBack = work.database.readBack(stagingTable(runId), config.columns, options);
    try {
      return await this.#stage({ ...joined.context, readBack }, joined.open);
    } finally {
      await readBack.close();
    }
  }

  async #stage(context: RunContext, open: OpenStaging): Promise<Result> {
    const { config, shard, work } = this;
    const started = performance.now();
    const validation = await stageShard(context, shard, open);
    if (!validation.valid) return { ...describeRun(context), shard: this.#shardResult(), ...invalid(validation) };
    if (!(await work.database.ledger.closeStaging(context.run.runId))) {
      await guardRows(context, shard, performance.now() - started);
      return reportStaged(context, shard, validation);
    }
    // This process is the last one, and no other would publish the run, so it waits for the table without a limit.
    const again = await waitForTable(work, config.table, this.newRunId, { timeoutMs: Infinity });
    return this.#underTable(again!, (signal) => concludeRun({ ...context, signal }, shard, validation));
  }

  /** Joins the run. Returns the result if this shard has nothing to stage. */
  async #enter(): Promise<Result | { context: RunContext; open: OpenStaging }> {
    const { config, shard, work } = this;
    const isNeedless = async () => (await isBeingPublished(work, config.table, this.identity)) !== undefined;
    const table = await waitForTable(work, config.table, this.newRunId, { isNeedless });
    if (!table) return this.#reportPublishing();
    return this.#underTable(table, async (signal) => {
      const { context, open } = await this.#join();
      // A shard that is done may still have to publish and register the run.
      return open ? { context, open } : concludeRun({ ...context, signal }, shard, undefined);
    });
  }

  /** Joins the run, and opens what the shard writes to unless it is done. The caller holds the table's lock. */
  async #join(): Promise<{ context: RunContext; open?: OpenStaging }> {
    const { config, shard, work } = this;
    const { ledger } = work.database;
    const { run, resumed } = await joinRun(config, shard, this.identity, this.newRunId, work);
    await this.lock.join(run.runId);
    work.observer.info(
      `${resumed ? 'Joining' : 'Beginning'} run ${run.runId} for table ${run.table}, shard ${shard.index} of ${shard.count}.`,
    );
    const { database, folders, registry, signal, observer } = work;
    const context = { config, shard, run, title: titleOf(config, run), database, folders, registry, signal, observer };
    if (!isHidden(run)) return { context };
    const isStaged = async () =>
      (await ledger.shards(run.runId)).some((row) => row.shard === shard.index && row.state === 'staged');
    if (run.state === 'staged' || (await isStaged())) return { context };
    const open = await openStaging(context);
    await ledger.setShard(run.runId, shard.index, 'staging');
    return { context, open };
  }

  #underTable<T>(table: TableLock, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withLock(table, this.config.table, () => act(AbortSignal.any([this.work.signal, table.lost])));
  }

  /** Returns the result if another process publishes the run, in which this shard is done. */
  async #reportPublishing(): Promise<Result> {
    const { config, shard, work, identity } = this;
    const run = await isBeingPublished(work, config.table, identity);
    if (!run) return this.run();
    return reportStaged({ ...work, config, shard, run, title: titleOf(config, run) }, shard, undefined);
  }

  #shardResult() {
    const { index, count } = this.shard;
    return { index, count, records: 0, done: 0 };
  }
}
