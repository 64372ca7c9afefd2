import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { assertWidth, placesOf } from '../batch.js';
import { duplicateDataId, valueChanged } from '../errors.js';
import { LEDGER_TABLES, quote } from '../names.js';
import type { RunRow, StagedBatch, Staging, TableSpec } from '../types.js';
import { isDuplicateDataId, sqliteError } from './errors.js';
import { inTransaction } from './transaction.js';

/** Parameters of a statement beyond which it is no faster; SQLite takes 32,766. */
const PARAMETERS = 1000;
const LARGEST_INTEGER = 2n ** 63n - 1n;

const OWN = ['id', 'label', 'data_id', 'filename', 'extension', 'annotation'];

/** Prepared INSERT statements of many rows, one transaction a batch. */
export class SqliteStaging implements Staging {
  readonly method = 'SQLite';
  readonly #width: number;
  readonly #rows: number;
  readonly #full: StatementSync;
  readonly #addBatch: StatementSync;
  readonly #addStaged: StatementSync;
  /** Columns whose largest values are beyond SQLite's integers. */
  readonly #unsigned: number[];

  constructor(
    private readonly database: DatabaseSync,
    private readonly file: string,
    private readonly run: RunRow,
    private readonly spec: TableSpec,
    readonly committed: number,
  ) {
    this.#width = OWN.length + spec.columns.length;
    this.#rows = Math.max(1, Math.floor(PARAMETERS / this.#width));
    this.#full = database.prepare(this.#insert(this.#rows));
    this.#addBatch = database.prepare(
      `INSERT INTO ${LEDGER_TABLES.batches} (run_id, number, first_ordinal, records) VALUES (?, ?, ?, ?)`,
    );
    this.#addStaged = database.prepare(
      `UPDATE ${LEDGER_TABLES.runs} SET staged = staged + ?, ` +
        `updated_at = strftime('%Y-%m-%d %H:%M:%f +00:00', 'now') WHERE run_id = ?`,
    );
    this.#unsigned = spec.columns.flatMap(({ type }, c) => (type.name === 'BIGINT' && type.unsigned ? [c] : []));
  }

  async write(batch: StagedBatch): Promise<void> {
    const { runId } = this.run;
    assertWidth(batch, this.spec.columns.length);
    this.#checkUnsigned(batch);
    try {
      inTransaction(this.database, () => {
        this.#load(batch);
        this.#addBatch.run(runId, batch.number, batch.firstOrdinal, batch.records.length);
        this.#addStaged.run(batch.records.length, runId);
      });
    } catch (error) {
      throw isDuplicateDataId(error) ? duplicateDataId(placesOf(batch)) : sqliteError(error, this.file);
    }
  }

  async close(): Promise<void> {
    // The statements end with the database.
  }

  #load({ records, dataIds, firstOrdinal }: StagedBatch): void {
    const { length } = records;
    const width = this.#width;
    for (let first = 0; first < length; first += this.#rows) {
      const count = Math.min(this.#rows, length - first);
      const parameters = new Array<SQLInputValue>(count * width);
      let p = 0;
      for (let i = first; i < first + count; i++) {
        const record = records[i]!;
        parameters[p++] = firstOrdinal + i + 1;
        parameters[p++] = record.label;
        parameters[p++] = dataIds[i]!;
        parameters[p++] = record.filename;
        parameters[p++] = record.extension;
        parameters[p++] = record.annotation;
        for (const cell of record.values) parameters[p++] = cell;
      }
      const statement = count === this.#rows ? this.#full : this.database.prepare(this.#insert(count));
      statement.run(...parameters);
    }
  }

  #insert(rows: number): string {
    const { runId, intent } = this.run;
    const names = [...OWN, ...this.spec.columns.map(({ name }) => name), 'data_intent', 'ingestor_id'];
    const row = `(${'?, '.repeat(this.#width)}${literal(intent)}, ${literal(runId)})`;
    return (
      `INSERT INTO ${quote(this.spec.table)} (${names.map(quote).join(', ')}) ` +
      `VALUES ${new Array<string>(rows).fill(row).join(', ')}`
    );
  }

  #checkUnsigned(batch: StagedBatch): void {
    for (const c of this.#unsigned) {
      const index = batch.records.findIndex(({ values }) => {
        const cell = values[c];
        return typeof cell === 'string' && cell.length >= 19 && /^\d+$/.test(cell) && BigInt(cell) > LARGEST_INTEGER;
      });
      if (index >= 0) throw valueChanged(placesOf(batch), this.spec.columns[c]!.name, index);
    }
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
