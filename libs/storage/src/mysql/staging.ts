import type { Connection } from 'mysql2/promise';
import type { Sequelize } from 'sequelize';
import { assertWidth } from '../batch.js';
import type { Guard } from '../errors.js';
import { LEDGER_TABLES, quote } from '../names.js';
import type { StagedBatch, Staging } from '../types.js';
import { isInfileRefused } from './errors.js';
import type { Load, Loader } from './loader.js';
import { inTransaction } from './transaction.js';

const ADD_BATCH = `INSERT INTO ${quote(LEDGER_TABLES.batches)} (run_id, number, first_ordinal, records) VALUES (?, ?, ?, ?)`;
const ADD_STAGED = `UPDATE ${quote(LEDGER_TABLES.runs)} SET staged = staged + ?, updated_at = UTC_TIMESTAMP(3) WHERE run_id = ?`;

interface PreparedBatch {
  load: Load;
  /** Run, number, first ordinal and number of records. */
  ledgerRow: [string, number, number, number];
  /** Prepares the batch for another way. */
  retry?: () => Load;
}

export class MysqlStaging implements Staging {
  #last: Promise<void> = Promise.resolve();
  #pending = 0;

  /** `width` is the number of the dataset's own columns; `loaders` are in order of preference: the next takes over when the server refuses one. */
  constructor(
    private readonly sequelize: Sequelize,
    private readonly guard: Guard,
    private readonly runId: string,
    readonly committed: number,
    private readonly width: number,
    private readonly loaders: Loader[],
  ) {}

  get method(): string {
    return this.loaders[0]!.method;
  }

  async write(batch: StagedBatch): Promise<void> {
    assertWidth(batch, this.width);
    return this.#queue(this.#prepare(batch));
  }

  #prepare(batch: StagedBatch): PreparedBatch {
    const [loader, fallback] = this.loaders;
    const { number, firstOrdinal, records } = batch;
    // Only until the server has taken a batch the preferred way is a batch kept for the other.
    const retry = fallback && (() => fallback.prepare(batch));
    return { load: loader!.prepare(batch), ledgerRow: [this.runId, number, firstOrdinal, records.length], retry };
  }

  /** Begins when the batches under way are committed; fails with them. */
  #queue(batch: PreparedBatch): Promise<void> {
    const before = this.#pending === 0 ? Promise.resolve() : this.#last;
    this.#pending++;
    this.#last = before.then(() => this.guard(() => this.#commit(batch))).finally(() => this.#pending--);
    return this.#last;
  }

  #commit({ load, ledgerRow, retry }: PreparedBatch): Promise<void> {
    return inTransaction(this.sequelize, async (connection) => {
      await this.#load(connection, load, retry);
      await connection.query(ADD_BATCH, ledgerRow);
      await connection.query(ADD_STAGED, [ledgerRow[3], this.runId]);
    });
  }

  async #load(connection: Connection, load: Load, retry?: () => Load): Promise<void> {
    try {
      await load(connection);
      if (retry) this.loaders.length = 1;
    } catch (error) {
      if (!retry || !isInfileRefused(error)) throw error;
      // A refusal comes before any row and leaves the transaction as it is.
      if (this.loaders.length > 1) this.loaders.shift();
      await retry()(connection);
    }
  }

  async close(): Promise<void> {
    // Connections belong to the pool.
  }
}
