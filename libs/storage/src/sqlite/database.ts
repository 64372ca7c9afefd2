import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isFixedColumn, type SqliteConfig } from '@tracebloc/ingestor-core';
import { Sequelize } from 'sequelize';
import type { Column } from '@tracebloc/ingestor-contract';
import { guardWith } from '../errors/guard.js';
import { nameTaken, stagingMissing, tableRefused } from '../errors/tables.js';
import { identityOf } from '../ledger/identity.js';
import { canonicalType, createSqliteTable } from '../tables/layout.js';
import { createModels, findModels, SEQUELIZE_OPTIONS, type Models } from '../ledger/models.js';
import { digest, LEDGER_TABLES, stagingTable } from '../tables/names.js';
import { ReadBackThread } from '../read-back/thread.js';
import type { CellReader, ReadBack, ReadBackOptions } from '../read-back/types.js';
import { SqlDatabase } from '../database/sql-database.js';
import type { Staging, TableLock, TableSpec } from '../database/types.js';
import type { LabelCounts, RunRow } from '../ledger/types.js';
import { fileVersion, readCellsOf } from './cell-reader.js';
import { retryWhileLocked } from './busy.js';
import { sqliteDialect } from './dialect.js';
import { databaseLost, sqliteError } from './errors.js';
import { freeBytes, returnPages } from './free-pages.js';
import { isThere, openFile, openToRead } from './open.js';
import { replaceTable } from './replace.js';
import { SqliteStaging } from './staging.js';
import { takeLock, type FileLock } from './table-lock.js';
import { inTransaction } from './transaction.js';

function describe(file: string): string {
  return `SQLite file ${file}`;
}

/** The embedded database: one file, which Node itself reads and writes. */
export class SqliteDatabase extends SqlDatabase {
  readonly kind = 'sqlite';
  readonly description: string;
  readonly #locks = new Set<FileLock>();
  /** The identities of the database's files by path. The files beside the database exist as long as it is open. */
  readonly #identities: ReadonlyMap<string, string | undefined>;

  private constructor(
    private readonly database: DatabaseSync,
    private readonly file: string,
    sequelize: Sequelize,
    models: Models,
    private readonly use: { signal?: AbortSignal; isReadOnly?: boolean; description?: string } = {},
  ) {
    super(
      sequelize,
      models,
      guardWith((error) => sqliteError(error, file)),
      randomUUID(),
    );
    this.description = use.description ?? describe(file);
    const paths = use.isReadOnly ? [] : [file, `${file}-wal`, `${file}-shm`];
    this.#identities = new Map(paths.map((path) => [path, identityOf(path)]));
  }

  /** `signal` ends the wait for another process that has locked the file. */
  static async open({ file }: SqliteConfig, signal?: AbortSignal): Promise<SqliteDatabase> {
    const database = await openFile(file, signal);
    return SqliteDatabase.#with(
      database,
      file,
      async (sequelize) => {
        return new SqliteDatabase(database, file, sequelize, await createModels(sequelize), { signal });
      },
      signal,
    );
  }

  /** Opens the file for reading. Returns `missing`, with a description, if there is no ledger. */
  static async find({ file }: SqliteConfig): Promise<SqliteDatabase | 'outdated' | { missing: string }> {
    const missing = { missing: describe(file) };
    if (!isThere(file)) return missing;
    const database = await openToRead(file);
    return SqliteDatabase.#with(database, file, async (sequelize) => {
      const models = await findModels(sequelize);
      if (typeof models !== 'string') {
        return new SqliteDatabase(database, file, sequelize, models, { isReadOnly: true });
      }
      database.close();
      return models === 'missing' ? missing : 'outdated';
    });
  }

  /** Opens an empty database in memory, in place of a missing one that `description` names. */
  static async empty(description: string): Promise<SqliteDatabase> {
    const file = ':memory:';
    const database = new DatabaseSync(file);
    return SqliteDatabase.#with(database, file, async (sequelize) => {
      const use = { isReadOnly: true, description };
      return new SqliteDatabase(database, file, sequelize, await createModels(sequelize), use);
    });
  }

  /** Runs the work and closes the database if the work fails. */
  static async #with<T>(
    database: DatabaseSync,
    file: string,
    work: (sequelize: Sequelize) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const dialectModule = sqliteDialect(database, signal);
    try {
      return await work(new Sequelize({ ...SEQUELIZE_OPTIONS, dialect: 'sqlite', dialectModule, storage: file }));
    } catch (error) {
      database.close();
      throw sqliteError(error, file);
    }
  }

  async columnsOf(table: string): Promise<{ name: string; sql: string }[] | undefined> {
    const rows = await this.#all<{ name: string; type: string }>('SELECT name, type FROM pragma_table_info(?)', table);
    if (rows.length === 0) return undefined;
    return rows
      .filter(({ name }) => !isFixedColumn(name))
      .map(({ name, type }) => ({ name, sql: canonicalType(type) }));
  }

  async stage(run: RunRow, spec: TableSpec): Promise<Staging> {
    const { runId } = run;
    const table = stagingTable(runId);
    if (!(await this.#exists(table))) {
      // If there was a table, the rows that the ledger counted are gone.
      await this.dropStaging(runId);
      await this.#transact(() => {
        for (const statement of createSqliteTable({ ...spec, table })) this.database.exec(statement);
      });
    }
    const sql = `SELECT COALESCE(SUM(records), 0) AS staged FROM ${LEDGER_TABLES.batches} WHERE run_id = ?`;
    const [row] = await this.#all<{ staged: number }>(sql, runId);
    const open = () =>
      new SqliteStaging(
        this.database,
        this.file,
        run,
        { ...spec, table },
        row!.staged,
        () => this.#confirmLocks(),
        this.use.signal,
      );
    return this.#attempt(open);
  }

  async dropShard(): Promise<never> {
    return this.#refuseShards();
  }

  async keepReadBack(): Promise<never> {
    return this.#refuseShards();
  }

  async shardLocks(): Promise<never> {
    return this.#refuseShards();
  }

  async releaseShards(): Promise<never> {
    return this.#refuseShards();
  }

  async publish({ runId, table }: RunRow): Promise<void> {
    const staging = stagingTable(runId);
    await this.ledger.setState(runId, 'publishing');
    const staged = await this.#exists(staging);
    if (!staged && !((await this.#exists(table)) && (await this.holds(table, runId)))) throw stagingMissing(runId);
    const replaced = await this.ledger.visible(table, runId);
    await this.#transact(() => {
      const runs = LEDGER_TABLES.runs;
      const supersede = this.database.prepare(
        `UPDATE ${runs} SET state = 'superseded', labels = NULL WHERE run_id = ?`,
      );
      const setPublished = this.database.prepare(`UPDATE ${runs} SET state = 'published' WHERE run_id = ?`);
      if (staged) replaceTable(this.database, staging, table);
      for (const other of replaced) supersede.run(other.runId);
      setPublished.run(runId);
    });
  }

  override async freeBytes(): Promise<number> {
    return this.#attempt(() => freeBytes(this.database));
  }

  async keepLabels(runId: string, labels: LabelCounts): Promise<void> {
    await this.#attempt(() => {
      const statement = this.database.prepare(`UPDATE ${LEDGER_TABLES.runs} SET labels = ? WHERE run_id = ?`);
      statement.run(JSON.stringify(labels), runId);
    });
  }

  override async close(): Promise<void> {
    if (!this.use.isReadOnly) await returnPages(this.database, this.use.signal);
    await super.close();
    this.database.close();
  }

  async acquire(...parts: string[]): Promise<TableLock | undefined> {
    const lock = await this.guard(async () => takeLock(`${this.file}.${digest(...parts)}.lock`));
    if (!lock) return undefined;
    this.#locks.add(lock);
    const release = () => {
      this.#locks.delete(lock);
      return lock.release();
    };
    return { lost: lock.lost, release };
  }

  override async confirmPresent(): Promise<void> {
    this.#confirmLocks();
    for (const [path, identity] of this.#identities) {
      if (identity !== undefined && identityOf(path) !== identity) throw databaseLost(this.file);
    }
  }

  #confirmLocks(): void {
    for (const lock of this.#locks) lock.confirm();
  }

  override async removeStaleLocks(): Promise<void> {
    const folder = dirname(this.file);
    const own = `${basename(this.file)}.`;
    for (const name of await readdir(folder)) {
      if (!name.startsWith(own) || !/^[0-9a-f]{32}\.lock$/.test(name.slice(own.length))) continue;
      await takeLock(join(folder, name))?.release();
    }
  }

  /** SQLite runs in the process, so no session outlives it. */
  async killSessions(): Promise<boolean> {
    return true;
  }

  mayLinger(): boolean {
    return false;
  }

  /** SQLite ignores case in names, and reserves some. */
  protected override async checkName(table: string): Promise<void> {
    await super.checkName(table);
    if (/^sqlite_/i.test(table))
      throw tableRefused(table, 'reserves names of this kind and cannot have', 'Choose another TABLE_NAME.');
    const same = `SELECT name FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND name <> ?`;
    const [other] = await this.#all<{ name: string }>(same, table, table);
    if (!other) return;
    throw tableRefused(
      table,
      `has "${other.name}" and cannot also have`,
      'Choose a TABLE_NAME that differs in more than case.',
    );
  }

  /** Foreign keys do not matter here: they refer to the table's name; see `openFile`. */
  async confirmReplaceable(table: string): Promise<void> {
    const sql = `SELECT type FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type <> 'table'`;
    const [other] = await this.#all<{ type: string }>(sql, table);
    if (other) throw nameTaken(table, other.type);
  }

  protected async openCells(table: string, columns: readonly Column[]): Promise<CellReader> {
    return this.#attempt(() => readCellsOf(this.database, table, columns, this.use.signal));
  }

  readBack(table: string, columns: readonly Column[], options: ReadBackOptions): ReadBack {
    const before = fileVersion(this.database);
    const isUnchanged = async () => fileVersion(this.database) === before;
    return new ReadBackThread({ file: this.file, table, columns }, { ...options, isUnchanged });
  }

  protected async tables(): Promise<string[]> {
    const rows = await this.select<{ name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
    );
    return rows.map(({ name }) => name);
  }

  #refuseShards(): never {
    throw new TypeError('The embedded database has no shards.');
  }

  async #exists(table: string): Promise<boolean> {
    const sql = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`;
    return (await this.#all(sql, table)).length > 0;
  }

  #all<Row extends object>(sql: string, ...parameters: string[]): Promise<Row[]> {
    return this.#attempt(() => this.database.prepare(sql).all(...parameters) as Row[]);
  }

  #transact(work: () => void): Promise<void> {
    return this.guard(() => inTransaction(this.database, work, this.use.signal));
  }

  #attempt<T>(statement: () => T): Promise<T> {
    return this.guard(() => retryWhileLocked(statement, this.use.signal));
  }
}
