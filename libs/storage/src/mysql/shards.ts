import type { Sequelize } from 'sequelize';
import type { ShardLocks } from '../database/types.js';
import { lockName } from '../locks/locks.js';
import { WHOLE_TABLE } from '../ledger/models.js';
import { holdersOf } from './connection/kill-sessions.js';

/**
 * The locks of a run of shards, at the server. A shard guards its rows by a transaction that has locked them, in a session that
 * also holds a named lock. So while somebody holds that lock, nobody can have changed the rows since they were read.
 */
export class ServerShards {
  /** `nameOf` returns the name of a lock on the server. */
  constructor(
    private readonly sequelize: Sequelize,
    private readonly nameOf: (...parts: string[]) => string,
  ) {}

  /** Returns the name of the lock that the session of a shard holds which guards its rows. */
  guardName(runId: string, shard: number): string {
    return this.nameOf(runId, 'guard', String(shard));
  }

  /** Returns which locks of the run are held. `table` is the key of its table. */
  async locks(table: string, runId: string, count: number): Promise<ShardLocks> {
    const shards = Array.from({ length: count }, (_, shard) => shard);
    const [whole, ...others] = await holdersOf(this.sequelize, [
      this.nameOf(...lockName(table, WHOLE_TABLE)),
      ...shards.map((shard) => this.nameOf(...lockName(table, shard))),
      ...shards.map((shard) => this.guardName(runId, shard)),
    ]);
    return {
      isTableLocked: whole !== null,
      alive: new Set(shards.filter((shard) => others[shard] !== null)),
      guarding: new Set(shards.filter((shard) => others[count + shard] !== null)),
    };
  }

  /** Ends the sessions that guard rows of the run. Returns their shards. */
  async release(runId: string, count: number): Promise<ReadonlySet<number>> {
    const shards = Array.from({ length: count }, (_, shard) => shard);
    const ids = await holdersOf(
      this.sequelize,
      shards.map((shard) => this.guardName(runId, shard)),
    );
    // A session may have ended by itself. One that may not be ended keeps the table until its process lets go.
    for (const id of ids) if (id !== null) await this.sequelize.query(`KILL ${id}`).catch(() => undefined);
    return new Set(shards.filter((shard) => ids[shard] !== null));
  }
}
