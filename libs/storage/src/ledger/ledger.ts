import { hostname } from 'node:os';
import { literal, Op, type FindOptions, type Order } from 'sequelize';
import type { DatasetStatistics, JsonValue } from '@tracebloc/ingestor-contract';
import type { Checksums } from '../checksums/column-checksums.js';
import type { Guard } from '../errors/guard.js';
import type { ShardReadBack } from '../read-back/types.js';
import { ofTable, toDate, type Models, type RunAttributes, type ShardAttributes } from './models.js';
import { LEDGER_TABLES } from '../tables/names.js';
import { inPages, MOST_ROWS } from './paging.js';
import type {
  LabelCounts,
  Ledger,
  NewRun,
  Page,
  RegistrationCall,
  RunRow,
  RunState,
  RunSummary,
  ShardOutcome,
  ShardRow,
  ShardState,
} from './types.js';

/** Columns that are no part of a `RunRow`. Checksums, labels and statistics may have a megabyte. */
const APART = ['seq', 'checksums', 'labels', 'statistics'];

const SUMMARY = ['runId', 'table', 'state', 'staged'] as const satisfies (keyof RunSummary)[];

const ENDED: readonly RunState[] = ['dropped', 'superseded'];
/** States in which the table of this name may hold the run's rows. */
const VISIBLE: readonly RunState[] = ['publishing', 'published', 'registered'];

/** An earlier version's name of the shard state `stopped`. */
const STOPPED_BEFORE = 'told';

export class SqlLedger implements Ledger {
  constructor(
    private readonly models: Models,
    private readonly guard: Guard,
    private readonly foldsCase = false,
  ) {}

  async current(table: string): Promise<RunRow | undefined> {
    return this.#newest({ [Op.and]: [this.#of(table), { state: { [Op.notIn]: [...ENDED] } }] });
  }

  async get(runId: string): Promise<RunRow | undefined> {
    return this.#newest({ runId });
  }

  async latest(table: string): Promise<RunRow | undefined> {
    return this.#newest(this.#of(table));
  }

  async list({ table, ...page }: Page & { table?: string } = {}): Promise<RunRow[]> {
    const where = this.#of(table);
    const newest = await inPages(MOST_ROWS, page, (part) => this.#find({ where, order: [['seq', 'DESC']], ...part }));
    return newest.reverse();
  }

  async summaries(): Promise<RunSummary[]> {
    const options = { attributes: [...SUMMARY], order: [['seq', 'ASC']] as Order, raw: true };
    return inPages(MOST_ROWS, {}, (page) =>
      this.guard(async () => (await this.models.runs.findAll({ ...options, ...page })) as unknown as RunSummary[]),
    );
  }

  async count(table?: string): Promise<number> {
    return this.guard(() => this.models.runs.count({ where: this.#of(table) }));
  }

  async beginningWith(beginning: string): Promise<RunRow[]> {
    // LIKE would treat `%` and `_` in the text as wildcards.
    const runId = { [Op.gte]: beginning, [Op.lt]: `${beginning}\uffff` };
    return this.#find({ where: { runId }, order: [['seq', 'ASC']] });
  }

  async begin(run: NewRun): Promise<RunRow> {
    const now = new Date();
    const row: RunRow = {
      sidecarState: '',
      ...run,
      state: 'staging',
      host: hostname(),
      pid: process.pid,
      startedAt: now,
      updatedAt: now,
      staged: 0,
      sent: 0,
      registry: '',
      verified: false,
    };
    await this.guard(() => this.models.runs.create(row));
    return row;
  }

  async adopt(runId: string): Promise<void> {
    await this.#update(runId, { host: hostname(), pid: process.pid });
  }

  async setSidecarState(runId: string, sidecarState: string): Promise<void> {
    await this.#update(runId, { sidecarState });
  }

  async setState(runId: string, state: RunState, checksums?: Checksums, statistics?: DatasetStatistics): Promise<void> {
    const kept = {
      ...(checksums && { checksums: JSON.stringify(checksums) }),
      ...(statistics && { statistics: JSON.stringify(statistics) }),
    };
    // Labels and statistics are removed with the dataset.
    await this.#update(runId, { state, ...kept, ...(ENDED.includes(state) && { labels: null, statistics: null }) });
  }

  async checksums(runId: string): Promise<Checksums | undefined> {
    return this.guard(async () => {
      const run = await this.models.runs.findOne({ where: { runId }, attributes: ['checksums'] });
      return (parsed(run?.get({ plain: true }).checksums) as Checksums | null) ?? undefined;
    });
  }

  async markVerified(runId: string): Promise<void> {
    await this.#update(runId, { verified: true });
  }

  async labels(runId: string): Promise<LabelCounts | undefined> {
    return this.guard(async () => {
      const run = await this.models.runs.findOne({ where: { runId }, attributes: ['labels'] });
      return (parsed(run?.get({ plain: true }).labels) as LabelCounts | null) ?? undefined;
    });
  }

  async statistics(runId: string): Promise<DatasetStatistics | undefined> {
    return this.guard(async () => {
      const run = await this.models.runs.findOne({ where: { runId }, attributes: ['statistics'] });
      return (parsed(run?.get({ plain: true }).statistics) as DatasetStatistics | null) ?? undefined;
    });
  }

  async shards(runId: string): Promise<ShardRow[]> {
    return this.guard(async () => {
      const attributes = { exclude: ['readBack'] };
      const rows = await this.models.shards.findAll({ where: { runId }, attributes, order: [['shard', 'ASC']] });
      return rows.map((row) => toShard(row.get({ plain: true })));
    });
  }

  async shardStates(runId: string): Promise<ReadonlyMap<number, ShardState>> {
    return this.guard(async () => {
      const rows = await this.models.shards.findAll({ where: { runId }, attributes: ['shard', 'state'] });
      return new Map(
        rows.map((row) => [row.get('shard') as number, stateOf(row.get('state') as ShardAttributes['state'])]),
      );
    });
  }

  async readBacks(runId: string): Promise<ReadonlyMap<number, ShardReadBack>> {
    return this.guard(async () => {
      const isThere = { readBack: { [Op.not]: null } };
      const rows = await this.models.shards.findAll({
        where: { runId, ...isThere },
        attributes: ['shard', 'readBack'],
      });
      return new Map(
        rows.map((row) => [row.get('shard') as number, parsed(row.get('readBack') as string) as ShardReadBack]),
      );
    });
  }

  async setShard(runId: string, shard: number, state: ShardState, outcome?: ShardOutcome): Promise<void> {
    const { part = null, checksums = null, statistics = null, ...counts } = outcome ?? NOTHING;
    const holder = { host: hostname(), pid: process.pid, updatedAt: new Date() };
    await this.guard(() =>
      this.models.shards.upsert({
        runId,
        shard,
        state,
        ...holder,
        ...counts,
        part: part === null ? null : JSON.stringify(part),
        checksums: checksums === null ? null : JSON.stringify(checksums),
        // `Database.keepReadBack` writes it before the shard is staged.
        ...(state !== 'staged' && { readBack: null }),
        statistics: statistics === null ? null : JSON.stringify(statistics),
      }),
    );
  }

  async closeStaging(runId: string): Promise<boolean> {
    const staged = `SELECT COUNT(*) FROM ${LEDGER_TABLES.shards} AS s WHERE s.run_id = ${LEDGER_TABLES.runs}.run_id AND s.state = 'staged'`;
    const isComplete = literal(`shards = (${staged})`);
    return this.guard(async () => {
      const [changed] = await this.models.runs.update(
        { state: 'staged', updatedAt: new Date() },
        { where: { [Op.and]: [{ runId, state: 'staging' }, isComplete] } },
      );
      return changed === 1;
    });
  }

  /** Removes the rows of shards without errors. Those with errors stay, so that the other shards can stop. */
  async forgetShards(runId: string): Promise<void> {
    const state: ShardState[] = ['staging', 'staged'];
    await this.guard(() => this.models.shards.destroy({ where: { runId, state } }));
  }

  async setRegistry(runId: string, registry: string): Promise<void> {
    await this.#update(runId, { registry });
  }

  async unregister(runId: string, registry: string): Promise<void> {
    // The calls go first, so that after an interruption here registration starts from the beginning too.
    await this.guard(() => this.models.calls.destroy({ where: { runId } }));
    await this.#update(runId, { registry, sent: 0, state: 'published' });
  }

  async markSent(runId: string, sent: number): Promise<void> {
    await this.#update(runId, { sent });
  }

  async markCall(runId: string, call: RegistrationCall): Promise<void> {
    await this.guard(() => this.models.calls.upsert({ runId, call }));
  }

  async calls(runId: string): Promise<ReadonlySet<RegistrationCall>> {
    return this.guard(async () => {
      const rows = await this.models.calls.findAll({ where: { runId } });
      return new Set(rows.map((row) => row.get('call') as RegistrationCall));
    });
  }

  /** Returns the other runs whose rows the table of this name may hold. */
  async visible(table: string, exceptRunId = ''): Promise<RunRow[]> {
    const isOther = { state: { [Op.in]: [...VISIBLE] }, runId: { [Op.ne]: exceptRunId } };
    return this.#find({ where: { [Op.and]: [this.#of(table), isOther] } });
  }

  /** Corrects the number of staged records. */
  async setStaged(runId: string, staged: number): Promise<void> {
    await this.#update(runId, { staged });
  }

  #of(table: string | undefined) {
    return table === undefined ? {} : ofTable(table, this.foldsCase);
  }

  async #newest(where: FindOptions<RunAttributes>['where']): Promise<RunRow | undefined> {
    return (await this.#find({ where, order: [['seq', 'DESC']], limit: 1 }))[0];
  }

  async #find(options: FindOptions<RunAttributes>): Promise<RunRow[]> {
    return this.guard(async () => {
      // Making a model of each row takes longer than the statement.
      const rows = await this.models.runs.findAll({ ...options, attributes: { exclude: APART }, raw: true });
      return (rows as unknown as StoredRun[]).map(toRow);
    });
  }

  async #update(runId: string, values: Partial<RunAttributes>): Promise<void> {
    await this.guard(() => this.models.runs.update({ ...values, updatedAt: new Date() }, { where: { runId } }));
  }
}

/** A run as it is read without its model: with the numbers and the texts that are stored. */
type StoredRun = Omit<RunRow, 'startedAt' | 'updatedAt' | 'verified'> &
  Record<'startedAt' | 'updatedAt', Date | string> & { verified: number };

function toRow(stored: StoredRun): RunRow {
  const { startedAt, updatedAt, verified } = stored;
  // A list may have many rows, so they are not copied.
  return Object.assign(stored, {
    startedAt: toDate(startedAt),
    updatedAt: toDate(updatedAt),
    verified: verified !== 0,
  });
}

/** The outcome of a shard that is not staged. */
const NOTHING: Partial<ShardOutcome> & Pick<ShardOutcome, 'records' | 'skipped' | 'total'> = {
  records: 0,
  skipped: 0,
  total: 0,
};

function toShard({
  part,
  checksums,
  statistics,
  readBack: _readBack,
  runId: _runId,
  state,
  ...row
}: ShardAttributes): ShardRow {
  return {
    ...row,
    state: stateOf(state),
    part: parsed(part) as JsonValue,
    checksums: parsed(checksums) as Checksums | null,
    statistics: parsed(statistics) as DatasetStatistics | null,
  };
}

function stateOf(state: ShardAttributes['state']): ShardState {
  return state === STOPPED_BEFORE ? 'stopped' : state;
}

function parsed(text: string | null | undefined): unknown {
  return text === null || text === undefined ? null : JSON.parse(text);
}
