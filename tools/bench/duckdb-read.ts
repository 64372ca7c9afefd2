/**
 * The baseline of `validate.ts`: DuckDB reads a CSV with declared types on one thread, and adds up every column, so that every
 * cell is parsed.
 *
 * Usage: node tools/bench/duckdb-read.ts <file>
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { FEATURES } from './files/tables.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Usage: duckdb-read.ts <file>');
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const types = ["'id': 'BIGINT'", ...FEATURES.map((name) => `'${name}': 'DOUBLE'`), "'label': 'VARCHAR'"];
const sums = ['sum(id)', ...FEATURES.map((name) => `sum(${name})`), 'sum(length(label))'];
const options = `header = true, delim = ',', quote = '"', auto_detect = false, columns = {${types.join(', ')}}`;
const result = await connection.runAndReadAll(`SELECT ${sums.join(', ')} FROM read_csv('${file}', ${options})`);
process.stdout.write(`${result.getRows()[0]!.join(' ')}\n`);
