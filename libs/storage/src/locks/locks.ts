import { hostname } from 'node:os';
import { ShardLockedError, TableLockedError } from '../errors/locks.js';
import type { Guard } from '../errors/guard.js';
import { WHOLE_TABLE, type LockAttributes, type Models } from '../ledger/models.js';
import type { ShardLock, TableLock } from '../database/types.js';

/** How each kind of database implements locks. */
export interface LockMeans {
  /** A UUID of this process's use of the database. */
  readonly instance: string;
  /** Takes the lock that the parts name. Returns undefined when somebody else has it. */
  acquire(...parts: string[]): Promise<TableLock | undefined>;
  /**
   * Ends the sessions of a process that has lost its lock. Returns whether none is left: a statement that it has sent could
   * otherwise arrive while its successor works, or later.
   */
  killSessions(instance: string): Promise<boolean>;
  /** Whether the server may still execute statements of this process to which it no longer awaits an answer. */
  mayLinger(): boolean;
}

/** The locks of tables and shards, and the rows that name their holders. */
export class Locks {
  constructor(
    private readonly rows: Models['locks'],
    private readonly guard: Guard,
    private readonly means: LockMeans,
  ) {}

  /** See `Database.lockBesideShards`. */
  async lockTable(table: string, runId: string): Promise<TableLock> {
    const lock = await this.#take(table, WHOLE_TABLE, runId);
    if (!lock) throw new TableLockedError(table, await this.#holder(table, WHOLE_TABLE));
    return lock;
  }

  async lockShard(table: string, runId: string, shard: number): Promise<ShardLock> {
    const lock = await this.#take(table, shard, runId);
    if (!lock) throw new ShardLockedError(table, shard, await this.#holder(table, shard));
    return lock;
  }

  async refuseLiveShards(table: string, runId?: string): Promise<void> {
    const rows = await this.guard(() => this.rows.findAll({ where: { table } }));
    for (const row of rows) {
      const holder = row.get({ plain: true });
      if (holder.shard === WHOLE_TABLE || (runId !== undefined && holder.runId !== runId)) continue;
      // A killed process leaves its row behind, but not its lock.
      const lock = await this.means.acquire(...lockName(table, holder.shard));
      if (!lock) throw new TableLockedError(table, holder);
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
        // A row that stays behind does not matter: the lock itself decides. When the lock was lost, the server may be gone too.
        const where = { table, shard, runId: row.runId };
        if (!lock.lost.aborted && !means.mayLinger()) await rows.destroy({ where }).catch(() => undefined);
        await lock.release();
      },
    };
  }

  /** Makes sure that nothing of the holder goes on, whose row is still there. This process now has its lock. */
  async #succeed(holder: LockAttributes | null): Promise<void> {
    if (!holder || holder.instance === this.means.instance) return;
    if (!(await this.means.killSessions(holder.instance))) throw TableLockedError.stillConnected(holder.table, holder);
  }

  async #holder(table: string, shard: number): Promise<LockAttributes | null> {
    const row = await this.guard(() => this.rows.findOne({ where: { table, shard } }));
    return row?.get({ plain: true }) ?? null;
  }
}

/** Returns the parts of the name of a lock. `WHOLE_TABLE` in place of a shard names the lock of the table. */
export function lockName(table: string, shard: number): string[] {
  return shard === WHOLE_TABLE ? [table] : [table, 'shard', String(shard)];
}
