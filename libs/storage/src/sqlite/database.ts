import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { Sequelize } from 'sequelize';
import { isFixedColumn, type Column } from '@tracebloc/ingestor-contract';
import { guardWith, stagingMissing } from '../errors.js';
import { canonicalType, createSqliteTable } from '../layout.js';
import { createModels, SEQUELIZE_OPTIONS, type Models } from '../models.js';
import { digest, LEDGER_TABLES, quote, stagingTable, tableRefused } from '../names.js';
import { SqlDatabase, type CellReader } from '../sql-database.js';
import type { DatabaseOptions, LabelCounts, RunRow, Staging, TableLock, TableSpec } from '../types.js';
import { checksumColumns, type StoredRow } from '../checksums/column-checksums.js';
import { sqliteDialect } from './dialect.js';
import { sqliteError } from './errors.js';
import { openFile } from './open.js';
import { SqliteStaging } from './staging.js';
import { takeLock } from './table-lock.js';
import { inTransaction } from './transaction.js';

type SqliteOptions = Extract<DatabaseOptions, { kind: 'sqlite' }>;

/** Integers as text: Node refuses those that a double does not hold. */
function asRead({ name, type: { kind } }: Column): string {
  return kind === 'integer' ? `CAST(${quote(name)} AS TEXT)` : quote(name);
}

/** The embedded database: one file, which Node itself reads and writes. */
export class SqliteDatabase extends SqlDatabase {
  readonly kind = 'sqlite';
  readonly description: string;

  private constructor(
    private readonly database: DatabaseSync,
    private readonly file: string,
    sequelize: Sequelize,
    models: Models,
  ) {
    super(
      sequelize,
      models,
      guardWith((error) => sqliteError(error, file)),
      randomUUID(),
    );
    this.description = `SQLite file ${file}`;
  }

  static async open({ file }: SqliteOptions): Promise<SqliteDatabase> {
    const database = await openFile(file);
    const sequelize = new Sequelize({
      ...SEQUELIZE_OPTIONS,
      dialect: 'sqlite',
      dialectModule: sqliteDialect(database),
      storage: file,
    });
    try {
      return new SqliteDatabase(database, file, sequelize, await createModels(sequelize));
    } catch (error) {
      database.close();
      throw sqliteError(error, file);
    }
  }

  async columnsOf(table: string): Promise<{ name: string; sql: string }[] | undefined> {
    return this.guard(async () => {
      const rows = this.database.prepare('SELECT name, type FROM pragma_table_info(?)').all(table);
      if (rows.length === 0) return undefined;
      return (rows as { name: string; type: string }[])
        .filter(({ name }) => !isFixedColumn(name))
        .map(({ name, type }) => ({ name, sql: canonicalType(type) }));
    });
  }

  async stage(run: RunRow, spec: TableSpec): Promise<Staging> {
    const { runId } = run;
    const table = stagingTable(runId);
    if (!this.#exists(table)) {
      // What the ledger counted went with the table, if there was one.
      await this.dropStaging(runId);
      await this.#transact(() => {
        for (const statement of createSqliteTable({ ...spec, table })) this.database.exec(statement);
      });
    }
    const sql = `SELECT COALESCE(SUM(records), 0) AS staged FROM ${LEDGER_TABLES.batches} WHERE run_id = ?`;
    return this.guard(async () => {
      const { staged } = this.database.prepare(sql).get(runId) as { staged: number };
      return new SqliteStaging(this.database, this.file, run, { ...spec, table }, staged);
    });
  }

  async dropShard(): Promise<void> {
    throw new TypeError('The embedded database has no shards.');
  }

  async publish({ runId, table }: RunRow): Promise<void> {
    const staging = stagingTable(runId);
    await this.ledger.setState(runId, 'publishing');
    const staged = this.#exists(staging);
    if (!staged && !(this.#exists(table) && (await this.holds(table, runId)))) throw stagingMissing(runId);
    const replaced = await this.ledger.visible(table, runId);
    const supersede = this.database.prepare(
      `UPDATE ${LEDGER_TABLES.runs} SET state = 'superseded', labels = NULL WHERE run_id = ?`,
    );
    const setPublished = this.database.prepare(`UPDATE ${LEDGER_TABLES.runs} SET state = 'published' WHERE run_id = ?`);
    await this.#transact(() => {
      if (staged) {
        this.database.exec(`DROP TABLE IF EXISTS ${quote(table)}`);
        this.database.exec(`ALTER TABLE ${quote(staging)} RENAME TO ${quote(table)}`);
      }
      for (const other of replaced) supersede.run(other.runId);
      setPublished.run(runId);
    });
  }

  async keepLabels(runId: string, labels: LabelCounts): Promise<void> {
    await this.guard(async () => {
      const statement = this.database.prepare(`UPDATE ${LEDGER_TABLES.runs} SET labels = ? WHERE run_id = ?`);
      statement.run(JSON.stringify(labels), runId);
    });
  }

  override async close(): Promise<void> {
    await super.close();
    this.database.close();
  }

  async acquire(...parts: string[]): Promise<TableLock | undefined> {
    return this.guard(async () => takeLock(`${this.file}.${digest(...parts)}.lock`));
  }

  /** Nothing of a process outlives it. */
  async expel(): Promise<boolean> {
    return true;
  }

  mayLinger(): boolean {
    return false;
  }

  /** SQLite takes names that differ in case for one, and keeps some for itself. */
  protected override async checkName(table: string): Promise<void> {
    await super.checkName(table);
    if (/^sqlite_/i.test(table)) throw tableRefused(table, 'keeps for itself', 'Choose another TABLE_NAME.');
    const same = `SELECT name FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND name <> ?`;
    const other = this.database.prepare(same).get(table, table) as { name: string } | undefined;
    if (!other) return;
    throw tableRefused(
      table,
      `has "${other.name}", and beside it cannot have`,
      'Choose a TABLE_NAME that differs in more than case.',
    );
  }

  protected async openCells(table: string, columns: readonly Column[]): Promise<CellReader> {
    const cells = checksumColumns(columns).map(asRead).join(', ');
    const statement = this.database.prepare(
      `SELECT id, ${cells} FROM ${quote(table)} WHERE id > ? ORDER BY id LIMIT ?`,
    );
    statement.setReturnArrays(true);
    return {
      async read(afterId, limit) {
        // Whoever waits for this process to end has a turn between two pages.
        await setImmediate();
        return statement.all(afterId, limit) as unknown as StoredRow[];
      },
      close: async () => undefined,
    };
  }

  protected async tables(): Promise<string[]> {
    const rows = await this.select<{ name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
    );
    return rows.map(({ name }) => name);
  }

  #exists(table: string): boolean {
    return (
      this.database.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table) !== undefined
    );
  }

  async #transact(work: () => void): Promise<void> {
    await this.guard(async () => inTransaction(this.database, work));
  }
}
