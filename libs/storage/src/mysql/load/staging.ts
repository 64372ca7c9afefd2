import type { Connection } from 'mysql2/promise';
import type { Sequelize } from 'sequelize';
import { wrongWidth } from '../../errors/rows.js';
import type { Guard } from '../../errors/guard.js';
import { LEDGER_TABLES, quote } from '../../tables/names.js';
import type { OpenBatch, Staging } from '../../database/types.js';
import { isInfileRefused } from '../errors/statement-error.js';
import type { Load, Loader } from './loader.js';
import { inTransaction } from '../connection/transaction.js';

const ADD_BATCH = `INSERT INTO ${quote(LEDGER_TABLES.batches)} (run_id, shard, first_ordinal, records) VALUES (?, ?, ?, ?)`;
const ADD_STAGED = `UPDATE ${quote(LEDGER_TABLES.runs)} SET staged = staged + ?, updated_at = UTC_TIMESTAMP(3) WHERE run_id = ?`;

/** An encoded batch. */
interface ReadyBatch {
  firstOrdinal: number;
  records: number;
  load: Load;
  /** The same rows for another method, in case the server refuses the first. */
  spare?: Load;
}

export class MysqlStaging implements Staging {
  /** When the last batch is committed, and when its rows have reached the server or its load has failed. */
  #last = { committed: Promise.resolve(), loaded: Promise.resolve() };

  /** `width` is the number of the dataset's own columns; `loaders` are in order of preference. */
  constructor(
    private readonly sequelize: Sequelize,
    private readonly guard: Guard,
    private readonly place: { runId: string; shard: number; committed: number },
    private readonly width: number,
    private readonly loaders: Loader[],
  ) {}

  get committed(): number {
    return this.place.committed;
  }

  get method(): string {
    return this.loaders[0]!.method;
  }

  begin(firstOrdinal: number): OpenBatch {
    // Until the server has accepted the preferred method, batches are encoded for the other method too. Keeping the records
    // instead would make V8 allocate all later ones where only a full collection frees them.
    const [encoder, spare] = this.loaders.map((loader) => loader.encode(firstOrdinal));
    let records = 0;
    return {
      add: (record, dataId) => {
        const { length } = record.values;
        if (length !== this.width) throw wrongWidth(record.row, length, this.width);
        encoder!.add(record, dataId);
        spare?.add(record, dataId);
        records++;
      },
      commit: () => this.#queue({ firstOrdinal, records, load: encoder!.finish(), spare: spare?.finish() }),
    };
  }

  async close(): Promise<void> {
    // The pool closes its connections.
  }

  /**
   * Commits the batch after those before it, and loads it while they are committed. No batch is committed after a failed one,
   * so that there are no gaps.
   */
  #queue(batch: ReadyBatch): Promise<void> {
    const { committed, loaded } = this.#last;
    const load = Promise.withResolvers<void>();
    // Whoever waits for a batch learns of its failure by the commit.
    const own = this.guard(() => this.#commit(batch, { committed, loaded, done: load.resolve })).finally(load.resolve);
    this.#last = { committed: own, loaded: load.promise };
    return own;
  }

  async #commit(
    { firstOrdinal, records, load, spare }: ReadyBatch,
    before: { committed: Promise<void>; loaded: Promise<void>; done: () => void },
  ): Promise<void> {
    const { runId, shard } = this.place;
    await inTransaction(this.sequelize, async (connection) => {
      // Two loads into one table at the same time would wait for each other's rows.
      await before.loaded;
      await this.#load(connection, load, spare);
      before.done();
      await before.committed;
      await connection.query(ADD_BATCH, [runId, shard, firstOrdinal, records]);
      await connection.query(ADD_STAGED, [records, runId]);
    });
    load.release();
  }

  async #load(connection: Connection, load: Load, spare?: Load): Promise<void> {
    try {
      await load.send(connection);
      if (spare) this.loaders.length = 1;
    } catch (error) {
      if (!spare || !isInfileRefused(error)) throw error;
      // The server refuses the statement before the first row, and the transaction stays usable.
      if (this.loaders.length > 1) this.loaders.shift();
      await spare.send(connection);
    }
  }
}
