import type { Connection } from 'mysql2/promise';
import type { Sequelize } from 'sequelize';
import { assertWidth } from '../batch.js';
import type { Guard } from '../errors.js';
import { LEDGER_TABLES, quote } from '../names.js';
import type { StagedBatch, Staging } from '../types.js';
import { isInfileRefused } from './errors.js';
import type { Loader } from './loader.js';
import { inTransaction } from './transaction.js';

const ADD_BATCH = `INSERT INTO ${quote(LEDGER_TABLES.batches)} (run_id, number, first_ordinal, records) VALUES (?, ?, ?, ?)`;
const ADD_STAGED = `UPDATE ${quote(LEDGER_TABLES.runs)} SET staged = staged + ?, updated_at = UTC_TIMESTAMP(3) WHERE run_id = ?`;

export class MysqlStaging implements Staging {
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
    await this.guard(() =>
      inTransaction(this.sequelize, async (connection) => {
        await this.#load(connection, batch);
        await connection.query(ADD_BATCH, [this.runId, batch.number, batch.firstOrdinal, batch.records.length]);
        await connection.query(ADD_STAGED, [batch.records.length, this.runId]);
      }),
    );
  }

  async #load(connection: Connection, batch: StagedBatch): Promise<void> {
    try {
      await this.loaders[0]!.load(connection, batch);
    } catch (error) {
      if (this.loaders.length === 1 || !isInfileRefused(error)) throw error;
      // A refusal comes before any row and leaves the transaction as it is.
      this.loaders.shift();
      await this.loaders[0]!.load(connection, batch);
    }
  }

  async close(): Promise<void> {
    // Connections belong to the pool.
  }
}
