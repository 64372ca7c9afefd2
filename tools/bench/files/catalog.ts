import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import mysql from 'mysql2/promise';
import type { Target } from '../support.ts';

type Value = string | number | bigint | null;
type Row = Record<string, Value>;

/** A database that commands of the benchmark have used before. */
export interface Database {
  /** Returns the rows of the result, with dates as texts. */
  query(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openDatabase({ storage, server }: Target): Promise<Database> {
  if (!server) {
    const database = new DatabaseSync(`${storage}/training_test_datasets.sqlite`);
    return {
      query: (sql) => Promise.resolve(database.prepare(sql).all() as Row[]),
      close: () => {
        database.close();
        return Promise.resolve();
      },
    };
  }
  const { host, port, user, password } = server;
  const login = { host, port, user, password, database: 'training_test_datasets', dateStrings: true };
  const connection = await mysql.createConnection(login);
  return {
    query: async (sql) => (await connection.query(sql))[0] as Row[],
    close: () => connection.end(),
  };
}

/**
 * Copies the only dataset of the catalog until there are as many datasets, each with its table, and as many runs: one for each
 * dataset, and older ones, which were replaced or dropped.
 */
export async function fillCatalog(target: Target, datasets: number, runs: number): Promise<void> {
  const database = await openDatabase(target);
  const [dataset] = await database.query('SELECT * FROM _ingestor_datasets');
  const [{ seq: _, ...run } = {} as Row] = await database.query('SELECT * FROM _ingestor_runs');
  const batches = await database.query('SELECT * FROM _ingestor_batches');
  const calls = await database.query('SELECT * FROM _ingestor_calls');
  const copies = Array.from({ length: datasets }, (_each, index) => ({
    run_id: randomUUID(),
    table_name: `dataset_${String(index).padStart(5, '0')}`,
  }));
  const older = Array.from({ length: runs - datasets }, (_each, index) => ({
    run_id: randomUUID(),
    table_name: copies[index % datasets]!.table_name,
    state: index % 3 === 0 ? 'dropped' : 'superseded',
  }));
  await database.query('BEGIN');
  await insert(
    database,
    '_ingestor_runs',
    [...older, ...copies].map((copy) => ({ ...run, ...copy })),
  );
  await insert(
    database,
    '_ingestor_datasets',
    copies.map((copy) => ({ ...dataset, ...copy })),
  );
  for (const { run_id } of copies) {
    await insert(
      database,
      '_ingestor_batches',
      batches.map((batch) => ({ ...batch, run_id })),
    );
    await insert(
      database,
      '_ingestor_calls',
      calls.map((call) => ({ ...call, run_id })),
    );
  }
  await database.query('COMMIT');
  // The rows of a table do not matter to the commands.
  for (const { table_name } of copies)
    await database.query(`CREATE TABLE ${table_name} AS SELECT * FROM ${String(dataset!.table_name)}`);
  await database.close();
}

async function insert(database: Database, table: string, rows: readonly Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 500) {
    const part = rows.slice(start, start + 500);
    const tuples = part.map((row) => `(${Object.values(row).map(literal).join(', ')})`);
    const columns = Object.keys(part[0]!).map((column) => `\`${column}\``);
    await database.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples.join(', ')}`);
  }
}

function literal(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
