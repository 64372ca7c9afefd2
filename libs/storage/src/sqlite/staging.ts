import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Cell, DatasetRecord } from '@tracebloc/ingestor-contract';
import { parseNumber } from '../checksums/cell-hash.js';
import { alreadyStaged, duplicateDataId, valueChanged, wrongWidth } from '../errors/rows.js';
import { rowColumns, RUN_COLUMNS } from '../tables/layout.js';
import { LEDGER_TABLES, quote } from '../tables/names.js';
import type { BatchOrigin } from '../errors/rows.js';
import type { OpenBatch, Staging, TableSpec } from '../database/types.js';
import type { RunRow } from '../ledger/types.js';
import { isDuplicateDataId, isDuplicateId, sqliteError } from './errors.js';
import { inTransaction } from './transaction.js';

/**
 * Pages (of 4 KiB) in the write-ahead log from which on it is moved into the database's file, while rows are staged and by default.
 * Each move waits for the disk twice.
 */
const CHECKPOINT = { staging: 8000, usual: 1000 };
/** Parameters of a statement. More are not faster; SQLite's limit is 32,766. */
const PARAMETERS = 1000;
const LARGEST_INTEGER = 2n ** 63n - 1n;

/** Sends prepared INSERT statements of many rows, one transaction per batch. */
export class SqliteStaging implements Staging {
  readonly method = 'SQLite';
  readonly #width: number;
  readonly #rows: number;
  readonly #full: StatementSync;
  readonly #addBatch: StatementSync;
  readonly #addStaged: StatementSync;
  /** The indexes of columns whose largest values exceed SQLite's integers. */
  readonly #unsigned: number[];
  #last: Promise<void> = Promise.resolve();
  readonly #isFloat: readonly boolean[];

  constructor(
    private readonly database: DatabaseSync,
    private readonly file: string,
    private readonly run: RunRow,
    private readonly spec: TableSpec,
    readonly committed: number,
    /** Throws if the run may no longer write. */
    private readonly confirm: () => void,
    private readonly signal?: AbortSignal,
  ) {
    this.#width = rowColumns(spec.columns).length;
    this.#rows = Math.max(1, Math.floor(PARAMETERS / this.#width));
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT.staging}`);
    this.#full = database.prepare(this.#insert(this.#rows));
    this.#addBatch = database.prepare(
      `INSERT INTO ${LEDGER_TABLES.batches} (run_id, shard, first_ordinal, records) VALUES (?, 0, ?, ?)`,
    );
    this.#addStaged = database.prepare(
      `UPDATE ${LEDGER_TABLES.runs} SET staged = staged + ?, ` +
        `updated_at = strftime('%Y-%m-%d %H:%M:%f +00:00', 'now') WHERE run_id = ?`,
    );
    this.#isFloat = spec.columns.map(({ type }) => type.kind === 'float');
    this.#unsigned = spec.columns.flatMap(({ type }, c) => (type.name === 'BIGINT' && type.unsigned ? [c] : []));
  }

  begin(firstOrdinal: number): OpenBatch {
    const origin: BatchOrigin = { firstOrdinal, rows: [] };
    const parameters: SQLInputValue[] = [];
    return {
      add: (record, dataId) => {
        const { row, label, filename, extension, annotation, values } = record;
        const expected = this.spec.columns.length;
        if (values.length !== expected) throw wrongWidth(row, values.length, expected);
        this.#checkUnsigned(record, origin);
        parameters.push(firstOrdinal + origin.rows.length + 1, label, dataId, filename, extension, annotation);
        for (let c = 0; c < expected; c++) parameters.push(this.#isFloat[c] ? toDouble(values[c]!) : values[c]!);
        origin.rows.push(row);
      },
      commit: () => (this.#last = this.#last.then(() => this.#commit(parameters, origin))),
    };
  }

  async close(): Promise<void> {
    // The statements end with the database.
    this.database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT.usual}`);
  }

  async #commit(parameters: readonly SQLInputValue[], origin: BatchOrigin): Promise<void> {
    const { runId } = this.run;
    const { firstOrdinal, rows } = origin;
    try {
      await inTransaction(
        this.database,
        () => {
          this.confirm();
          this.#load(parameters);
          this.#addBatch.run(runId, firstOrdinal, rows.length);
          this.#addStaged.run(rows.length, runId);
        },
        this.signal,
      );
    } catch (error) {
      if (isDuplicateId(error)) throw alreadyStaged(origin);
      throw isDuplicateDataId(error) ? duplicateDataId(origin) : sqliteError(error, this.file);
    }
  }

  #load(parameters: readonly SQLInputValue[]): void {
    const full = this.#rows * this.#width;
    for (let start = 0; start < parameters.length; start += full) {
      const some = parameters.slice(start, start + full);
      const statement =
        some.length === full ? this.#full : this.database.prepare(this.#insert(some.length / this.#width));
      statement.run(...some);
    }
  }

  #insert(rows: number): string {
    const { runId, intent } = this.run;
    const names = [...rowColumns(this.spec.columns), ...RUN_COLUMNS];
    const row = `(${'?, '.repeat(this.#width)}${literal(intent)}, ${literal(runId)})`;
    return (
      `INSERT INTO ${quote(this.spec.table)} (${names.map(quote).join(', ')}) ` +
      `VALUES ${new Array<string>(rows).fill(row).join(', ')}`
    );
  }

  #checkUnsigned({ row, values }: DatasetRecord, { firstOrdinal }: BatchOrigin): void {
    for (const c of this.#unsigned) {
      const cell = values[c];
      if (typeof cell !== 'string' || cell.length < 19 || !/^\d+$/.test(cell) || BigInt(cell) <= LARGEST_INTEGER)
        continue;
      throw valueChanged({ firstOrdinal, rows: [row] }, this.spec.columns[c]!.name, 0);
    }
  }
}

/** SQLite's own conversion of many digits may miss the nearest double. */
function toDouble(cell: Cell): SQLInputValue {
  if (cell === null) return null;
  const value = parseNumber(cell);
  return Number.isFinite(value) ? value : cell;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
