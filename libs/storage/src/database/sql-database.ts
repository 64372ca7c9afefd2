import { randomUUID } from 'node:crypto';
import { QueryTypes, type Sequelize } from 'sequelize';
import type { Column } from '@tracebloc/ingestor-contract';
import { SqlCatalog } from '../ledger/catalog.js';
import { ColumnChecksums, type Checksums } from '../checksums/column-checksums.js';
import {
  CHECKSUM_PAGE,
  type CellReader,
  type ReadBack,
  type ReadBackOptions,
  type ShardOfRun,
  type ShardReadBack,
} from '../read-back/types.js';
import type { Guard } from '../errors/guard.js';
import { MOST_REPORTED, type LabelTally } from '../ledger/label-tally.js';
import { SqlLedger } from '../ledger/ledger.js';
import { Locks, type LockMeans } from '../locks/locks.js';
import type { Models } from '../ledger/models.js';
import {
  LEDGER_TABLES,
  quote,
  refuseTable,
  replacedTable,
  runOfTable,
  stagingTable,
  tableKey,
} from '../tables/names.js';
import type {
  Database,
  IdRange,
  RecordFileName,
  RecordMeta,
  RunLeftovers,
  Staging,
  ShardLock,
  ShardLocks,
  TableLock,
  TableSpec,
} from './types.js';
import type { LabelCount, LabelCounts, RunRow } from '../ledger/types.js';

/** The common part of every kind of database. */
export abstract class SqlDatabase implements Database, LockMeans {
  abstract readonly kind: Database['kind'];
  abstract readonly description: string;
  readonly ledger: SqlLedger;
  readonly catalog: SqlCatalog;
  readonly #locks: Locks;

  protected constructor(
    protected readonly sequelize: Sequelize,
    private readonly models: Models,
    protected readonly guard: Guard,
    readonly instance: string,
    private readonly foldsCase = false,
  ) {
    this.ledger = new SqlLedger(models, guard, foldsCase);
    this.catalog = new SqlCatalog(models, guard, foldsCase);
    this.#locks = new Locks(models.locks, guard, this);
  }

  abstract columnsOf(table: string): Promise<{ name: string; sql: string }[] | undefined>;
  abstract readBack(table: string, columns: readonly Column[], options: ReadBackOptions): ReadBack;
  abstract stage(run: RunRow, spec: TableSpec, shard?: number): Promise<Staging>;
  abstract dropShard(runId: string, shard: number): Promise<void>;
  abstract publish(run: RunRow, report?: (waiting: string) => void): Promise<void>;
  /** Does not use Sequelize, which writes values to its log. */
  abstract keepLabels(runId: string, labels: LabelCounts): Promise<void>;
  abstract keepReadBack(shard: ShardOfRun, readBack: ShardReadBack): Promise<void>;
  abstract shardLocks(run: RunRow): Promise<ShardLocks>;
  abstract releaseShards(run: Pick<RunRow, 'runId' | 'shards'>): Promise<ReadonlySet<number>>;
  abstract confirmReplaceable(table: string): Promise<void>;
  abstract acquire(...parts: string[]): Promise<TableLock | undefined>;
  abstract killSessions(instance: string): Promise<boolean>;
  abstract mayLinger(): boolean;

  protected abstract openCells(table: string, columns: readonly Column[]): Promise<CellReader>;
  /** Returns the names of all tables of the database. */
  protected abstract tables(): Promise<string[]>;

  /** Throws if a dataset's table cannot have this name. */
  protected async checkName(table: string): Promise<void> {
    refuseTable(table);
  }

  async identity(): Promise<string> {
    const { identity } = this.models;
    const find = async () => (await identity.findByPk(1))?.get({ plain: true }).identity;
    return this.guard(async () => {
      const known = await find();
      if (known !== undefined) return known;
      const created = await identity.create({ id: 1, identity: randomUUID() }).catch((error: unknown) => error);
      // If another process was faster, its row is valid.
      const found = await find();
      if (found === undefined) throw created;
      return found;
    });
  }

  async tableName(written: string): Promise<string> {
    if (!this.foldsCase) return written;
    // The files and the ledger of an existing dataset keep the name that an earlier version gave it.
    return (await this.ledger.latest(written))?.table ?? tableKey(written, true);
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
    return this.#locks.lockTable(tableKey(table, this.foldsCase), runId);
  }

  async lockShard(table: string, runId: string, shard: number): Promise<ShardLock> {
    await this.checkName(table);
    return this.#locks.lockShard(tableKey(table, this.foldsCase), runId, shard);
  }

  async refuseLiveShards(table: string, runId?: string): Promise<void> {
    await this.#locks.refuseLiveShards(tableKey(table, this.foldsCase), runId);
  }

  async dropStaging(runId: string): Promise<void> {
    const run = await this.ledger.get(runId);
    if (run && run.shards > 1) await this.releaseShards(run);
    await this.execute(`DROP TABLE IF EXISTS ${quote(stagingTable(runId))}`);
    await this.#forget(LEDGER_TABLES.batches, runId);
    await this.ledger.setStaged(runId, 0);
  }

  async runLeftovers(): Promise<RunLeftovers[]> {
    const found = new Map<string, RunLeftovers>();
    const of = (runId: string) => {
      const leftovers = found.get(runId) ?? { runId, tables: [], ledgerRows: 0 };
      found.set(runId, leftovers);
      return leftovers;
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

  async dropLeftovers(runId: string): Promise<void> {
    for (const table of [stagingTable(runId), replacedTable(runId)]) {
      await this.execute(`DROP TABLE IF EXISTS ${quote(table)}`);
    }
    for (const table of [LEDGER_TABLES.batches, LEDGER_TABLES.calls]) await this.#forget(table, runId);
  }

  async #forget(ledgerTable: string, runId: string): Promise<void> {
    await this.execute(`DELETE FROM ${quote(ledgerTable)} WHERE run_id = $1`, [runId]);
  }

  async drop(table: string, dropped?: () => Promise<void>): Promise<void> {
    await this.checkName(table);
    const runs = await this.ledger.visible(table);
    await this.execute(`DROP TABLE IF EXISTS ${quote(table)}`);
    // A run that was interrupted while publishing may have left its own tables.
    for (const { runId } of runs) await this.dropLeftovers(runId);
    await dropped?.();
    await this.catalog.remove(table);
    // Last, so that a repeated deletion finds the runs again.
    for (const { runId } of runs) await this.ledger.setState(runId, 'superseded');
  }

  async count(table: string): Promise<number> {
    const [row] = await this.select<{ records: number }>(`SELECT COUNT(*) AS records FROM ${quote(table)}`);
    return row!.records;
  }

  async countDistinct(table: string, column: string): Promise<number> {
    const [row] = await this.select<{ n: number | string }>(
      `SELECT COUNT(DISTINCT ${quote(column)}) AS n FROM ${quote(table)}`,
    );
    return Number(row!.n);
  }

  async labelCounts(table: string): Promise<LabelCounts> {
    const labels = await this.select<LabelCount>(
      `SELECT label, COUNT(*) AS records FROM ${quote(table)} GROUP BY label ` +
        `ORDER BY records DESC, label LIMIT ${MOST_REPORTED}`,
    );
    if (labels.length < MOST_REPORTED) return { labels, distinct: labels.length };
    const [row] = await this.select<{ n: number | string }>(
      `SELECT COUNT(DISTINCT label) + COALESCE(MAX(label IS NULL), 0) AS n FROM ${quote(table)}`,
    );
    return { labels, distinct: Number(row!.n) };
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
    // The id is not bound: Sequelize would look for parameters in the table's name too.
    const [row] = await this.select<{ records: number }>(
      `SELECT COUNT(*) AS records FROM ${quote(table)} ` +
        `WHERE ingestor_id IS NULL OR ingestor_id <> ${this.sequelize.escape(runId)}`,
    );
    return row!.records;
  }

  async readChecksums(
    table: string,
    columns: readonly Column[],
    progress?: (records: number) => void,
    labels?: LabelTally,
    { after, to }: IdRange = { after: -1, to: Infinity },
  ): Promise<Checksums> {
    const checksums = new ColumnChecksums(columns);
    const cells = await this.guard(() => this.openCells(table, columns));
    const read = (afterId: number) => {
      const rows = this.guard(() => cells.read(afterId, CHECKSUM_PAGE));
      rows.catch(() => undefined);
      return rows;
    };
    try {
      let next = read(after);
      for (let records = 0; ;) {
        const page = await next;
        const rows = page.length > 0 && page.at(-1)![0] > to ? page.filter(([id]) => id <= to) : page;
        if (rows.length === 0) return checksums.result;
        // The database reads the next page while this one is hashed.
        next = rows.length < page.length ? Promise.resolve([]) : read(rows.at(-1)![0]);
        for (const row of rows) checksums.addRow(row);
        // The label is the first of `checksumColumns`.
        if (labels) for (const row of rows) labels.add(row[1] as string | null);
        records += rows.length;
        progress?.(records);
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

  async freeBytes(): Promise<number> {
    return 0;
  }

  async confirmPresent(): Promise<void> {
    // A server has no files to look at.
  }

  async removeStaleLocks(): Promise<void> {
    // On a server, locks end with their connections.
  }

  async close(): Promise<void> {
    await this.sequelize.close();
  }

  /** Whether the table's first row was written by the run. */
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
