import { hostname } from 'node:os';
import { shardLocked, stillConnected, tableLocked, type Guard } from '../errors/errors.js';
import { WHOLE_TABLE, type LockAttributes, type Models } from '../ledger/models.js';
import type { ShardLock, TableLock } from '../types.js';

/** What each kind of database has its own way for. */
export interface LockMeans {
  /** A UUID of this process's use of the database. */
  readonly instance: string;
  /** Takes the lock that the parts name, or returns nothing when somebody has it. */
  acquire(...parts: string[]): Promise<TableLock | undefined>;
  /**
   * Ends what a process that has lost its lock may still have under way; returns whether nothing is left. What it has sent
   * could otherwise arrive when its successor is at work, or done.
   */
  killSessions(instance: string): Promise<boolean>;
  /** Whether what this process has sent may still be carried out, though it waits for no answer any more. */
  mayLinger(): boolean;
}

/** The locks of tables and shards, and the rows that say whose they are. */
export class Locks {
  constructor(
    private readonly rows: Models['locks'],
    private readonly guard: Guard,
    private readonly means: LockMeans,
  ) {}

  /** See `Database.lockBesideShards`. */
  async lockTable(table: string, runId: string): Promise<TableLock> {
    const lock = await this.#take(table, WHOLE_TABLE, runId);
    if (!lock) throw tableLocked(table, await this.#holder(table, WHOLE_TABLE));
    return lock;
  }

  async lockShard(table: string, runId: string, shard: number): Promise<ShardLock> {
    const lock = await this.#take(table, shard, runId);
    if (!lock) throw shardLocked(table, shard, await this.#holder(table, shard));
    return lock;
  }

  async refuseLiveShards(table: string, runId?: string): Promise<void> {
    const rows = await this.guard(() => this.rows.findAll({ where: { table } }));
    for (const row of rows) {
      const holder = row.get({ plain: true });
      if (holder.shard === WHOLE_TABLE || (runId !== undefined && holder.runId !== runId)) continue;
      // A process that was killed leaves its row behind, but not its lock.
      const lock = await this.means.acquire(...lockName(table, holder.shard));
      if (!lock) throw tableLocked(table, holder);
      try {
        await this.#succeed(holder);
      } finally {
        await lock.release();
      }
    }
  }

  async #take(table: string, shard: number, runId: string): Promise<ShardLock | undefined> {
    const { rows, means } = this;
    const lock = await means.acquire(...lockName(table, shard));
    if (!lock) return undefined;
    const { instance } = means;
    const row = { table, shard, runId, host: hostname(), pid: process.pid, since: new Date(), instance };
    try {
      await this.#succeed(await this.#holder(table, shard));
      await this.guard(() => rows.upsert(row));
    } catch (error) {
      await lock.release();
      throw error;
    }
    return {
      lost: lock.lost,
      join: async (joined) => {
        await this.guard(() => rows.upsert({ ...row, runId: joined }));
        row.runId = joined;
      },
      release: async () => {
        // A row that stays behind is no reason to fail: the lock itself decides. Where it was lost, so may the server be.
        const where = { table, shard, runId: row.runId };
        if (!lock.lost.aborted && !means.mayLinger()) await rows.destroy({ where }).catch(() => undefined);
        await lock.release();
      },
    };
  }

  /** With the lock that the holder had, whose row is still there: sees to it that nothing of that process goes on. */
  async #succeed(holder: LockAttributes | null): Promise<void> {
    if (!holder || holder.instance === this.means.instance) return;
    if (!(await this.means.killSessions(holder.instance))) throw stillConnected(holder.table, holder);
  }

  async #holder(table: string, shard: number): Promise<LockAttributes | null> {
    const row = await this.guard(() => this.rows.findOne({ where: { table, shard } }));
    return row?.get({ plain: true }) ?? null;
  }
}

function lockName(table: string, shard: number): string[] {
  return shard === WHOLE_TABLE ? [table] : [table, 'shard', String(shard)];
}
