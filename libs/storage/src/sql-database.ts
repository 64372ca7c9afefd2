import { hostname } from 'node:os';
import { QueryTypes, type Sequelize } from 'sequelize';
import type { Column } from '@tracebloc/ingestor-contract';
import { SqlCatalog } from './catalog.js';
import { ColumnChecksums, type Checksums, type StoredRow } from './checksums/column-checksums.js';
import { shardLocked, tableLocked, type Guard } from './errors.js';
import { SqlLedger } from './ledger.js';
import { WHOLE_TABLE, type LockAttributes, type Models } from './models.js';
import { LEDGER_TABLES, quote, refuseTable, replacedTable, runOfTable, stagingTable } from './names.js';
import type {
  Database,
  LabelCount,
  RecordFileName,
  RecordMeta,
  RunRow,
  RunTraces,
  Staging,
  ShardLock,
  TableLock,
  TableSpec,
} from './types.js';

/** Distinct labels that are counted; a label column with more is a column of text. */
const MOST_LABELS = 1000;

/** Rows that are read at once to be compared: more are no faster, and take memory. */
const CHECKSUM_PAGE = 1000;

/** Reads a table's cells, page by page. */
export interface CellReader {
  /** The next rows, in the order of their ids. */
  read(afterId: number, limit: number): Promise<StoredRow[]>;
  close(): Promise<void>;
}

/** What is the same on every database. */
export abstract class SqlDatabase implements Database {
  abstract readonly kind: Database['kind'];
  abstract readonly description: string;
  readonly ledger: SqlLedger;
  readonly catalog: SqlCatalog;

  protected constructor(
    protected readonly sequelize: Sequelize,
    private readonly models: Models,
    protected readonly guard: Guard,
  ) {
    this.ledger = new SqlLedger(models, guard);
    this.catalog = new SqlCatalog(models, guard);
  }

  abstract columnsOf(table: string): Promise<{ name: string; sql: string }[] | undefined>;
  abstract stage(run: RunRow, spec: TableSpec, shard?: number): Promise<Staging>;
  abstract dropShard(runId: string, shard: number): Promise<void>;
  abstract publish(run: RunRow): Promise<void>;

  /** Takes the lock that the parts name, or returns nothing when somebody has it. */
  protected abstract acquire(...parts: string[]): Promise<TableLock | undefined>;
  protected abstract openCells(table: string, columns: readonly Column[]): Promise<CellReader>;
  /** Every table of the database. */
  protected abstract tables(): Promise<string[]>;

  /** Throws for a name that a dataset's table cannot have here. */
  protected async checkName(table: string): Promise<void> {
    refuseTable(table);
  }

  async lock(table: string, runId: string): Promise<TableLock> {
    const lock = await this.lockBesideShards(table, runId);
    try {
      await this.refuseLiveShards(table);
    } catch (error) {
      await lock.release();
      throw error;
    }
    return lock;
  }

  async lockBesideShards(table: string, runId: string): Promise<TableLock> {
    await this.checkName(table);
    const lock = await this.#take(table, WHOLE_TABLE, runId);
    if (!lock) throw tableLocked(table, await this.#holder(table, WHOLE_TABLE));
    return lock;
  }

  async lockShard(table: string, runId: string, shard: number): Promise<ShardLock> {
    await this.checkName(table);
    const lock = await this.#take(table, shard, runId);
    if (!lock) throw shardLocked(table, shard, await this.#holder(table, shard));
    return lock;
  }

  async refuseLiveShards(table: string, runId?: string): Promise<void> {
    const rows = await this.guard(() => this.models.locks.findAll({ where: { table } }));
    for (const row of rows) {
      const holder = row.get({ plain: true });
      if (holder.shard === WHOLE_TABLE || (runId !== undefined && holder.runId !== runId)) continue;
      // A process that was killed leaves its row behind, but not its lock.
      const lock = await this.acquire(...lockName(table, holder.shard));
      if (!lock) throw tableLocked(table, holder);
      await lock.release();
    }
  }

  async #take(table: string, shard: number, runId: string): Promise<ShardLock | undefined> {
    const { locks } = this.models;
    const lock = await this.acquire(...lockName(table, shard));
    if (!lock) return undefined;
    const row = { table, shard, runId, host: hostname(), pid: process.pid, since: new Date() };
    try {
      await this.guard(() => locks.upsert(row));
    } catch (error) {
      await lock.release();
      throw error;
    }
    return {
      lost: lock.lost,
      join: async (joined) => {
        await this.guard(() => locks.upsert({ ...row, runId: joined }));
        row.runId = joined;
      },
      release: async () => {
        // A row that stays behind is no reason to fail: the lock itself decides. Where it was lost, so may the server be.
        const where = { table, shard, runId: row.runId };
        if (!lock.lost.aborted) await locks.destroy({ where }).catch(() => undefined);
        await lock.release();
      },
    };
  }

  async #holder(table: string, shard: number): Promise<LockAttributes | null> {
    const row = await this.guard(() => this.models.locks.findOne({ where: { table, shard } }));
    return row?.get({ plain: true }) ?? null;
  }

  async dropStaging(runId: string): Promise<void> {
    await this.execute(`DROP TABLE IF EXISTS ${quote(stagingTable(runId))}`);
    await this.#forget(LEDGER_TABLES.batches, runId);
    await this.ledger.setStaged(runId, 0);
  }

  async runTraces(): Promise<RunTraces[]> {
    const found = new Map<string, RunTraces>();
    const of = (runId: string) => {
      const traces = found.get(runId) ?? { runId, tables: [], ledgerRows: 0 };
      found.set(runId, traces);
      return traces;
    };
    for (const table of await this.tables()) {
      const runId = runOfTable(table);
      if (runId !== undefined) of(runId).tables.push(table);
    }
    for (const table of [LEDGER_TABLES.batches, LEDGER_TABLES.calls]) {
      const counted = await this.select<{ runId: string; n: number }>(
        `SELECT run_id AS runId, COUNT(*) AS n FROM ${quote(table)} GROUP BY run_id`,
      );
      for (const { runId, n } of counted) of(runId).ledgerRows += n;
    }
    return [...found.values()];
  }

  async dropTraces(runId: string): Promise<void> {
    for (const table of [stagingTable(runId), replacedTable(runId)]) {
      await this.execute(`DROP TABLE IF EXISTS ${quote(table)}`);
    }
    for (const table of [LEDGER_TABLES.batches, LEDGER_TABLES.calls]) await this.#forget(table, runId);
  }

  async #forget(ledgerTable: string, runId: string): Promise<void> {
    await this.execute(`DELETE FROM ${quote(ledgerTable)} WHERE run_id = $1`, [runId]);
  }

  async drop(table: string): Promise<void> {
    await this.checkName(table);
    const runs = await this.ledger.visible(table);
    await this.execute(`DROP TABLE IF EXISTS ${quote(table)}`);
    // A run that was cut off while publishing may have left a table of its own.
    for (const { runId } of runs) await this.dropTraces(runId);
    await this.catalog.remove(table);
    // Last, so that a deletion that was cut off finds the runs again.
    for (const { runId } of runs) await this.ledger.setState(runId, 'superseded');
  }

  async count(table: string): Promise<number> {
    const [row] = await this.select<{ records: number }>(`SELECT COUNT(*) AS records FROM ${quote(table)}`);
    return row!.records;
  }

  async labelCounts(table: string): Promise<LabelCount[]> {
    return this.select<LabelCount>(
      `SELECT label, COUNT(*) AS records FROM ${quote(table)} GROUP BY label ` +
        `ORDER BY records DESC, label LIMIT ${MOST_LABELS}`,
    );
  }

  async readMeta(table: string, fromOrdinal: number, limit: number): Promise<RecordMeta[]> {
    type Row = { id: number; data_id: string; label: string | null };
    const rows = await this.#page<Row>(['data_id', 'label'], table, fromOrdinal, limit);
    return rows.map((row) => ({ ordinal: row.id - 1, dataId: row.data_id, label: row.label }));
  }

  async readFileNames(table: string, fromOrdinal: number, limit: number): Promise<RecordFileName[]> {
    type Row = Omit<RecordFileName, 'ordinal'> & { id: number };
    const rows = await this.#page<Row>(['filename', 'extension'], table, fromOrdinal, limit);
    return rows.map(({ id, filename, extension }) => ({ ordinal: id - 1, filename, extension }));
  }

  async countForeign(table: string, runId: string): Promise<number> {
    // Not bound: Sequelize would look for parameters in the table's name too.
    const [row] = await this.select<{ records: number }>(
      `SELECT COUNT(*) AS records FROM ${quote(table)} ` +
        `WHERE ingestor_id IS NULL OR ingestor_id <> ${this.sequelize.escape(runId)}`,
    );
    return row!.records;
  }

  async readChecksums(table: string, columns: readonly Column[], told?: (records: number) => void): Promise<Checksums> {
    const checksums = new ColumnChecksums(columns);
    const cells = await this.guard(() => this.openCells(table, columns));
    const read = (afterId: number) => {
      const rows = this.guard(() => cells.read(afterId, CHECKSUM_PAGE));
      rows.catch(() => undefined);
      return rows;
    };
    try {
      let next = read(-1);
      for (let records = 0; ;) {
        const rows = await next;
        if (rows.length === 0) return checksums.result;
        // The server reads on while these are hashed.
        next = read(rows.at(-1)![0]);
        for (const row of rows) checksums.addRow(row);
        records += rows.length;
        told?.(records);
      }
    } finally {
      await cells.close();
    }
  }

  #page<Row extends object>(columns: string[], table: string, fromOrdinal: number, limit: number): Promise<Row[]> {
    return this.select<Row>(
      `SELECT id, ${columns.join(', ')} FROM ${quote(table)} WHERE id > ${Math.trunc(fromOrdinal)} ` +
        `ORDER BY id LIMIT ${Math.trunc(limit)}`,
    );
  }

  async close(): Promise<void> {
    await this.sequelize.close();
  }

  /** Whether the table holds the run's rows. */
  protected async holds(table: string, runId: string): Promise<boolean> {
    const sql = `SELECT ingestor_id FROM ${quote(table)} ORDER BY id LIMIT 1`;
    const [row] = await this.select<{ ingestor_id: string }>(sql);
    return row?.ingestor_id === runId;
  }

  protected async select<Row extends object>(sql: string, bind?: unknown[]): Promise<Row[]> {
    return this.guard(() => this.sequelize.query<Row>(sql, { type: QueryTypes.SELECT, bind }));
  }

  protected async execute(sql: string, bind?: unknown[]): Promise<void> {
    await this.guard(() => this.sequelize.query(sql, { type: QueryTypes.RAW, bind }));
  }
}

function lockName(table: string, shard: number): string[] {
  return shard === WHOLE_TABLE ? [table] : [table, 'shard', String(shard)];
}
