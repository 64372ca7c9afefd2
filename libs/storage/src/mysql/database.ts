import { isFixedColumn, type MysqlConfig } from '@tracebloc/ingestor-core';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { QueryTypes } from 'sequelize';
import type { Column } from '@tracebloc/ingestor-contract';
import { nameTaken, stagingMissing, tableReferenced } from '../errors/tables.js';
import { canonicalType, createMysqlTable, RUN_COLUMNS } from '../tables/layout.js';
import { createModels, findModels, type Models } from '../ledger/models.js';
import { digest, LEDGER_TABLES, quote, replacedTable, stagingTable, tableKey } from '../tables/names.js';
import { RowReadBack } from '../read-back/read-back.js';
import type { CellReader, ReadBack, ReadBackOptions, ShardOfRun, ShardReadBack } from '../read-back/types.js';
import { SqlDatabase } from '../database/sql-database.js';
import type { ShardLocks, Staging, TableLock, TableSpec } from '../database/types.js';
import type { LabelCounts, RunRow } from '../ledger/types.js';
import { CONSTANT_COLUMNS, addConstants, mayLackConstants } from './constant-columns.js';
import { MysqlCellReader, MysqlGuardedCells, ROWS_PER_POOL } from './cell-reader.js';
import { guardMysql } from './errors/conflicts.js';
import { connect, findServer, prepareServer, waitsOf, type ServerFacts } from './connection/connect.js';
import { createPool, type Pool } from './connection/pool.js';
import { serverError } from './errors/statement-error.js';
import { InsertLoader } from './load/insert.js';
import { LoadDataLoader } from './load/load-data.js';
import { holdLock, markSession } from './connection/sessions.js';
import { killSessions } from './connection/kill-sessions.js';
import { coreOf, socketOf } from './connection/socket.js';
import { ServerShards } from './shards.js';
import { MysqlStaging } from './load/staging.js';
import { takeLock } from './table-lock.js';
import { tooWideOf } from './errors/too-wide.js';
import { inTransaction } from './connection/transaction.js';
import { reportWait } from './waiting.js';

/** MySQL or MariaDB. */
export class MysqlDatabase extends SqlDatabase {
  readonly kind: 'mysql' | 'mariadb';
  readonly description: string;
  #mayLinger = false;
  readonly #shards: ServerShards;

  private constructor(
    private readonly options: MysqlConfig,
    private readonly facts: ServerFacts,
    private readonly pool: Pool,
    models: Models,
  ) {
    const guard = guardMysql(options, () => (this.#mayLinger = true));
    super(pool.sequelize, models, guard, pool.instance, facts.foldsCase);
    this.kind = facts.kind;
    this.#shards = new ServerShards(pool.sequelize, (...parts) => this.#lockName(...parts));
    const product = facts.kind === 'mariadb' ? 'MariaDB' : 'MySQL';
    this.description = `${product} ${facts.version} at ${options.host}:${options.port}, database ${options.name}`;
  }

  static async open(options: MysqlConfig): Promise<MysqlDatabase> {
    const facts = await prepareServer(options);
    const pool = createPool(options, facts);
    try {
      // MySQL reports a conflict if others create the tables at the same time; each step may be repeated.
      const models = await guardMysql(options)(() => createModels(pool.sequelize));
      return new MysqlDatabase(options, facts, pool, models);
    } catch (error) {
      await pool.sequelize.close();
      throw error;
    }
  }

  /** Connects for reading. Returns `missing`, with a description, if there is no database or no ledger in it. */
  static async find(options: MysqlConfig): Promise<MysqlDatabase | 'outdated' | { missing: string }> {
    const facts = await findServer(options);
    const where = `${options.host}:${options.port}, database ${options.name}`;
    if (!facts) return { missing: `the server at ${where}` };
    const pool = createPool(options, facts);
    try {
      const models = await guardMysql(options)(() => findModels(pool.sequelize));
      if (typeof models !== 'string') return new MysqlDatabase(options, facts, pool, models);
      await pool.sequelize.close();
      return models === 'missing' ? { missing: `the server at ${where}` } : 'outdated';
    } catch (error) {
      await pool.sequelize.close();
      throw error;
    }
  }

  async columnsOf(table: string): Promise<{ name: string; sql: string }[] | undefined> {
    const rows = await this.select<{ name: string; type: string }>(
      'SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type FROM INFORMATION_SCHEMA.COLUMNS ' +
        'WHERE TABLE_SCHEMA = $1 AND TABLE_NAME = $2 ORDER BY ORDINAL_POSITION',
      [this.options.name, table],
    );
    if (rows.length === 0) return undefined;
    return rows
      .filter(({ name }) => !isFixedColumn(name))
      .map(({ name, type }) => ({ name, sql: canonicalType(type) }));
  }

  async stage(run: RunRow, spec: TableSpec, shard = 0): Promise<Staging> {
    const table = stagingTable(run.runId);
    let names = await this.#columnsOf(table);
    if (names.length === 0) {
      // If there was a table, the rows that the ledger counted are gone.
      await this.dropStaging(run.runId);
      await this.ledger.forgetShards(run.runId);
      await this.#create({ ...spec, table });
      names = await this.#columnsOf(table);
    }
    const [row] = await this.select<{ staged: string | number }>(
      `SELECT COALESCE(MAX(first_ordinal + records), 0) AS staged FROM ${quote(LEDGER_TABLES.batches)} ` +
        'WHERE run_id = $1 AND shard = $2',
      [run.runId, shard],
    );
    const target = {
      table,
      columns: spec.columns,
      run: RUN_COLUMNS.every((name) => names.includes(name)) ? run : undefined,
    };
    const insert = new InsertLoader(target, this.facts.maxAllowedPacket);
    const { bulk = 'auto' } = this.options;
    const loadData = bulk === 'load-data' || (bulk === 'auto' && this.facts.localInfile);
    const loaders = loadData ? [new LoadDataLoader(target), ...(bulk === 'auto' ? [insert] : [])] : [insert];
    const place = { runId: run.runId, shard, committed: Number(row!.staged), isAlone: run.shards === 1 };
    return new MysqlStaging(this.sequelize, this.guard, place, spec.columns.length, loaders);
  }

  async dropShard(runId: string, shard: number): Promise<void> {
    const [batches, runs, shards] = [LEDGER_TABLES.batches, LEDGER_TABLES.runs, LEDGER_TABLES.shards].map(quote);
    await this.guard(() =>
      inTransaction(this.sequelize, async (connection) => {
        const [found] = await connection.query<RowDataPacket[]>(
          `SELECT MIN(first_ordinal) AS first, MAX(first_ordinal + records) AS end, SUM(records) AS records ` +
            `FROM ${batches} WHERE run_id = ? AND shard = ?`,
          [runId, shard],
        );
        const { first, end, records } = found[0]!;
        await connection.query(`DELETE FROM ${shards} WHERE run_id = ? AND shard = ?`, [runId, shard]);
        if (records === null) return;
        await connection.query(`DELETE FROM ${quote(stagingTable(runId))} WHERE id > ? AND id <= ?`, [first, end]);
        await connection.query(`DELETE FROM ${batches} WHERE run_id = ? AND shard = ?`, [runId, shard]);
        const update = `UPDATE ${runs} SET staged = staged - ?, state = 'staging', verified = FALSE WHERE run_id = ?`;
        await connection.query(update, [records, runId]);
      }),
    );
  }

  async publish(run: RunRow, report?: (waiting: string) => void): Promise<void> {
    const { runId, table } = run;
    const [staging, old] = [stagingTable(runId), replacedTable(runId)];
    await this.ledger.setState(runId, 'publishing');
    // The existing tables show how far an earlier attempt came.
    const published = await this.#exists(table);
    const staged = await this.#columnsOf(staging);
    if (staged.length > 0) {
      for (const statement of addConstants(staging, staged, run)) await this.execute(statement);
      const aside = published ? `${quote(table)} TO ${quote(old)}, ` : '';
      const rename = this.execute(`RENAME TABLE ${aside}${quote(staging)} TO ${quote(table)}`);
      const { reportMs } = waitsOf(this.options);
      await (report ? reportWait(this.sequelize, this.options.name, table, reportMs, rename, report) : rename);
    } else if (!published || !(await this.holds(table, runId))) {
      throw stagingMissing(runId);
    }
    await this.execute(`DROP TABLE IF EXISTS ${quote(old)}`);
    for (const other of await this.ledger.visible(table, runId)) {
      await this.ledger.setState(other.runId, 'superseded');
    }
    await this.ledger.setState(runId, 'published');
  }

  async confirmReplaceable(table: string): Promise<void> {
    const { name } = this.options;
    const isThis = (other: string) => tableKey(other, this.facts.foldsCase) === tableKey(table, this.facts.foldsCase);
    // The server ignores case in this comparison, even if it does not ignore it in names of tables.
    const same = await this.select<{ other: string; type: string }>(
      'SELECT TABLE_NAME AS other, TABLE_TYPE AS type FROM INFORMATION_SCHEMA.TABLES ' +
        'WHERE TABLE_SCHEMA = $1 AND TABLE_NAME = $2',
      [name, table],
    );
    const found = same.filter(({ other }) => isThis(other));
    if (found.some(({ type }) => type === 'VIEW')) throw nameTaken(table, 'view');
    // MariaDB opens every table to find the keys that refer to this one, which takes long if there are thousands.
    if (found.length === 0) return;
    const keys = await this.select<{ of: string; to: string; schema: string; constraint: string }>(
      'SELECT TABLE_NAME AS `of`, CONSTRAINT_SCHEMA AS `schema`, CONSTRAINT_NAME AS `constraint`, ' +
        'REFERENCED_TABLE_NAME AS `to` FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS ' +
        'WHERE UNIQUE_CONSTRAINT_SCHEMA = $1 AND REFERENCED_TABLE_NAME = $2',
      [name, table],
    );
    const key = keys.find(({ of, to, schema }) => isThis(to) && !(schema === name && isThis(of)));
    if (key) throw tableReferenced(table, `${key.schema}.${key.of}`, key.constraint);
  }

  async keepLabels(runId: string, labels: LabelCounts): Promise<void> {
    const sql = `UPDATE ${quote(LEDGER_TABLES.runs)} SET labels = ? WHERE run_id = ?`;
    await this.#executeBound(sql, [JSON.stringify(labels), runId]);
  }

  async keepReadBack({ runId, index }: ShardOfRun, readBack: ShardReadBack): Promise<void> {
    const sql = `UPDATE ${quote(LEDGER_TABLES.shards)} SET read_back = ? WHERE run_id = ? AND shard = ?`;
    await this.#executeBound(sql, [JSON.stringify(readBack), runId, index]);
  }

  async shardLocks({ table, runId, shards }: RunRow): Promise<ShardLocks> {
    const key = tableKey(table, this.facts.foldsCase);
    return this.guard(() => this.#shards.locks(key, runId, shards));
  }

  async releaseShards({ runId, shards }: Pick<RunRow, 'runId' | 'shards'>): Promise<ReadonlySet<number>> {
    const released = await this.guard(() => this.#shards.release(runId, shards));
    await this.execute(`UPDATE ${quote(LEDGER_TABLES.shards)} SET read_back = NULL WHERE run_id = $1`, [runId]);
    return released;
  }

  /** The server binds the values, whatever its rules of quoting are. */
  async #executeBound(sql: string, values: (string | number)[]): Promise<void> {
    await this.guard(() =>
      inTransaction(this.sequelize, async (connection) => {
        await connection.execute(sql, values);
      }),
    );
  }

  async acquire(...parts: string[]): Promise<TableLock | undefined> {
    const name = this.#lockName(...parts);
    const lock = await this.guard(async () =>
      takeLock(await connect(this.options, this.facts), name, waitsOf(this.options).closeMs),
    );
    // Without the lock no statement may go on, and a silent server would let it go on forever.
    lock?.lost.addEventListener('abort', () => this.pool.breakOff());
    return lock;
  }

  /** Names of locks are global on the server and have at most 64 characters. */
  #lockName(...parts: string[]): string {
    return `ingestor:${digest(tableKey(this.options.name, this.facts.foldsCase), ...parts)}`;
  }

  async killSessions(instance: string): Promise<boolean> {
    return this.guard(() => killSessions(this.sequelize, instance));
  }

  mayLinger(): boolean {
    return this.#mayLinger;
  }

  protected async openCells(table: string, columns: readonly Column[]): Promise<CellReader> {
    return new MysqlCellReader(coreOf(await this.#openCells()), table, columns);
  }

  /** Opens a connection for a `MysqlCellReader`. */
  async #openCells(): Promise<Connection> {
    const connection = await connect(this.options, this.facts);
    this.pool.include(connection);
    // The time for a page depends on the rows, so there is no limit.
    socketOf(connection).setTimeout(0);
    return connection;
  }

  /** Reads in this thread, which waits for the server most of the time. */
  readBack(table: string, columns: readonly Column[], options: ReadBackOptions): ReadBack {
    const { shard } = options;
    const open = async () => {
      const connection = await this.#openCells();
      try {
        // A successor must be able to end the transaction that locks the rows.
        await markSession(connection, this.instance, this.pool.nextMark());
        if (shard) await holdLock(connection, this.#shards.guardName(shard.runId, shard.index));
      } catch (error) {
        connection.destroy();
        throw error;
      }
      return new MysqlGuardedCells(connection, table, columns, ROWS_PER_POOL / (shard?.count ?? 1));
    };
    return new RowReadBack(open, columns, options);
  }

  override async close(): Promise<void> {
    const timer = setTimeout(() => this.pool.breakOff(), waitsOf(this.options).closeMs);
    try {
      await super.close();
    } finally {
      clearTimeout(timer);
    }
  }

  protected async tables(): Promise<string[]> {
    const rows = await this.select<{ name: string }>(
      'SELECT TABLE_NAME AS name FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = $1 ORDER BY TABLE_NAME',
      [this.options.name],
    );
    return rows.map(({ name }) => name);
  }

  async #create(spec: TableSpec): Promise<void> {
    const without = mayLackConstants(this.facts, spec.columns) ? CONSTANT_COLUMNS : [];
    const sql = createMysqlTable(spec, without);
    await this.guard(() =>
      this.sequelize.query(sql, { type: QueryTypes.RAW }).catch((error: unknown) => {
        const server = serverError(error);
        throw (server && tooWideOf(server, spec.columns)) ?? error;
      }),
    );
  }

  async #exists(table: string): Promise<boolean> {
    return (await this.#columnsOf(table)).length > 0;
  }

  /** Returns the names of all columns; none if there is no such table. */
  async #columnsOf(table: string): Promise<string[]> {
    const rows = await this.select<{ name: string }>(
      'SELECT COLUMN_NAME AS name FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = $1 AND TABLE_NAME = $2',
      [this.options.name, table],
    );
    return rows.map(({ name }) => name);
  }
}
