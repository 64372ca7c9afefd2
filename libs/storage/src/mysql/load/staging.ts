import type { Connection } from 'mysql2/promise';
import type { Sequelize } from 'sequelize';
import { wrongWidth } from '../../errors/rows.js';
import type { Guard } from '../../errors/guard.js';
import { LEDGER_TABLES, quote } from '../../tables/names.js';
import type { OpenBatch, Staging } from '../../database/types.js';
import { isInfileRefused } from '../errors/statement-error.js';
import type { Load, Loader } from './loader.js';
import { Turn } from './turn.js';
import { inTransaction } from '../connection/transaction.js';

const ADD_BATCH = `INSERT INTO ${quote(LEDGER_TABLES.batches)} (run_id, shard, first_ordinal, records) VALUES (?, ?, ?, ?)`;
const ADD_STAGED = `UPDATE ${quote(LEDGER_TABLES.runs)} SET staged = staged + ?, updated_at = UTC_TIMESTAMP(3) WHERE run_id = ?`;

/** Thrown to roll back the rows of a batch while an earlier one is repeated. */
const GIVES_WAY = new Error('An earlier batch is repeated.');

/** An encoded batch. */
interface ReadyBatch {
  firstOrdinal: number;
  records: number;
  load: Load;
  /** The same rows for another method, in case the server refuses the first. */
  spare?: Load;
}

export class MysqlStaging implements Staging {
  #last = Turn.done();

  /** `width` is the number of the dataset's own columns; `loaders` are in order of preference. */
  constructor(
    private readonly sequelize: Sequelize,
    private readonly guard: Guard,
    private readonly place: { runId: string; shard: number; committed: number; isAlone: boolean },
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
   * so that there are no gaps. Of shards, one may drop the table and must then wait for open transactions, so each has only one.
   */
  #queue(batch: ReadyBatch): Promise<void> {
    const before = this.#last;
    const own = new Turn();
    before.next = own;
    this.#last = own;
    own.committed = this.guard(() => this.#commit(batch, before, own));
    return own.committed;
  }

  async #commit(batch: ReadyBatch, before: Turn, own: Turn): Promise<void> {
    for (;;) {
      try {
        const isCommitted = this.place.isAlone ? await before.mayLoad() : await before.committed.then(() => true);
        own.sending = this.#tryToCommit(batch, isCommitted ? undefined : before, own);
        await own.sending;
        batch.load.release();
        return;
      } catch (error) {
        await own.fail();
        if (error !== GIVES_WAY) throw error;
      }
    }
  }

  /** `before` is the batch before this one, unless it is committed. */
  async #tryToCommit(
    { firstOrdinal, records, load, spare }: ReadyBatch,
    before: Turn | undefined,
    own: Turn,
  ): Promise<void> {
    const { runId, shard } = this.place;
    await inTransaction(this.sequelize, async (connection) => {
      await this.#load(connection, load, spare);
      own.loaded();
      if (before && !(await before.mayCommit())) throw GIVES_WAY;
      await connection.query(ADD_BATCH, [runId, shard, firstOrdinal, records]);
      await connection.query(ADD_STAGED, [records, runId]);
    });
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
